"""The editor of achievements and their badges."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from laurea.actions import appearances, defining, picturing
from laurea.actions.defining import DefinitionError
from laurea.actions.permissions import Verb
from laurea.credentials.errors import LaureaError
from laurea.records.models import Achievement
from laurea.rendering import badge
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.achievements.forms import AchievementForm, SkillForms, initial, skills_of
from laurea.web.console.designs.pictures import sentence, taken_in
from laurea.web.console.designs.previews import answer, errors_of, inline

_PICTURES = ("badge_picture",)
_SKILL = "skill"


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Describe what can be earned."""
    return _editor(request, None)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Describe it anew, for credentials issued from now on."""
    found = get_object_or_404(
        Achievement.objects.select_related("issuer", "design", "badge_picture"), issuer=request.member.issuer, pk=pk
    )
    return _editor(request, found)


@staff(Verb.ISSUE)
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """The badge as the form describes it, as SVG, or what is wrong. Nothing is stored."""
    form, skills = _forms(request, None)
    errors = errors_of(form, *skills.forms)
    try:
        return answer(request, _drawn(form), errors)
    except LaureaError:
        return answer(request, None, errors)


def _editor(request: StaffRequest, achievement: Achievement | None) -> HttpResponse:
    issuer = request.member.issuer
    if request.method == "POST":
        form, skills = _forms(request, achievement)
        right = form.is_valid() and skills.is_valid()
        if right and "show-preview" not in request.POST:
            try:
                return _saved(request, achievement, form, skills)
            except DefinitionError as error:
                form.add_error(error.field if error.field in form.fields else None, sentence(error))
    else:
        form, skills = _fresh(request, achievement)
    context = {
        "form": form,
        "skills": skills,
        "achievement": achievement,
        "picture": _picture(form, achievement),
        "issued": achievement.credentials.exists() if achievement else False,
        "designs": issuer.designs.filter(archived=None).exists(),
        "further": _further(form),
    }
    wrong = form.is_bound and (form.errors or any(skills.errors))
    return render(request, "console/achievements/edit.html", context, status=422 if wrong else 200)


def _forms(request: StaffRequest, achievement: Achievement | None) -> tuple[AchievementForm, BaseFormSet[Any]]:
    """The forms as they were posted, looked through."""
    data, wrong = taken_in(request, _PICTURES, timezone.now())
    stored = initial(achievement) if achievement else {}
    form = AchievementForm(data, issuer=request.member.issuer, wrong=wrong, initial=stored)
    skills = SkillForms(data, prefix=_SKILL, initial=achievement.skills if achievement else [])
    form.is_valid()
    skills.is_valid()
    return form, skills


def _fresh(request: StaffRequest, achievement: Achievement | None) -> tuple[AchievementForm, BaseFormSet[Any]]:
    issuer = request.member.issuer
    if achievement:
        stored, skills = initial(achievement), achievement.skills
    else:
        first = issuer.designs.filter(archived=None).order_by("name", "pk").first()
        stored, skills = {"language": issuer.language or (get_language() or "en")[:2], "design": first and first.pk}, []
    return AchievementForm(issuer=issuer, initial=stored), SkillForms(prefix=_SKILL, initial=skills)


def _saved(
    request: StaffRequest, achievement: Achievement | None, form: AchievementForm, skills: BaseFormSet[Any]
) -> HttpResponse:
    now, issuer = timezone.now(), request.member.issuer
    said = form.said() | {"skills": skills_of(skills)}
    if said["badge_picture"]:
        said["badge_picture"] = picturing.described(said["badge_picture"], form.cleaned_data["badge_alt"], now=now)
    if achievement is None:
        achievement = defining.define(issuer, said, now=now, actor=request.user)
        messages.success(request, _("“%(name)s” is ready to be issued") % {"name": achievement.name})
    else:
        defining.change(achievement, said, now=now, actor=request.user)
        messages.success(request, _("Saved, for credentials issued from now on"))
    return redirect("console:achievement", issuer.slug, achievement.pk)


def _picture(form: AchievementForm, achievement: Achievement | None) -> str:
    """The badge to begin with."""
    try:
        if form.is_bound:
            return inline(_drawn(form))
        if achievement:
            return inline(badge.svg(appearances.badge_art(achievement)))
        language = str(form.initial["language"])
        return inline(badge.svg(appearances.art({"icon": "star"}, form.issuer, level=1, language=language)))
    except LaureaError:
        return ""


def _drawn(form: AchievementForm) -> bytes:
    return badge.svg(appearances.badge_art(form.described()))


def _further(form: AchievementForm) -> bool:
    """Whether something beyond the first questions is answered, or wrong: then all of them are open."""
    asked = ("tags", "validity", "credits", "version", "field_of_study", "include", "criteria_url")
    return any(form[field].value() for field in asked) or any(
        field in form.errors for field in (*asked, "kind", "design")
    )
