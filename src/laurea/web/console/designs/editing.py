"""The editor of designs: a form, and what it would look like while it is being filled in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from laurea.actions import appearances, designing, sampling
from laurea.actions.permissions import Verb
from laurea.credentials.errors import LaureaError
from laurea.records.models import Design, DesignVersion
from laurea.rendering.design import design_names
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.designs.forms import PICTURES, DesignForm, SampleForm, initial
from laurea.web.console.designs.pictures import sentence, taken_in
from laurea.web.console.designs.previews import answer, errors_of, inline
from laurea.web.console.designs.views import as_download


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A design of the issuer's own, from a packaged one."""
    return _editor(request, None, None)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a design: what is saved becomes its next version."""
    design = get_object_or_404(Design, issuer=request.member.issuer, pk=pk)
    return _editor(request, design, designing.latest(design))


@staff(Verb.ISSUE)
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """What the form would look like: an SVG, or what is wrong. Nothing is stored."""
    form = _form(request)
    errors = errors_of(form)
    try:
        drawing = _sample(request, form).drawing()
    except LaureaError as error:
        return answer(request, None, errors | {"__all__": [sentence(error)]})
    return answer(request, drawing, errors)


@staff(Verb.ISSUE)
@require_POST
def sample(request: StaffRequest) -> HttpResponse:
    """The sample certificate as the form stands, as PDF. What is wrong is left out, as in the preview."""
    return as_download(_sample(request, _form(request)).pdf(timezone.now()))


def _editor(request: StaffRequest, design: Design | None, version: DesignVersion | None) -> HttpResponse:
    issuer = request.member.issuer
    picture = ""
    if request.method == "POST":
        form = _form(request)
        if form.is_valid() and "show-preview" not in request.POST:
            try:
                return _saved(request, design, form)
            except LaureaError as error:
                form.add_error(None, sentence(error))
        picture = _drawn(request, form)
    else:
        form = DesignForm(issuer=issuer, initial=_initial(request, version))
    context = {
        "form": form,
        "sample": SampleForm(request.POST or None, initial={"language": (get_language() or "en")[:2]}),
        "design": design,
        "version": version,
        "next": version.number + 1 if version else 1,
        "bases": [{"name": name, "design": appearances.packaged(name)} for name in design_names()],
        "base": form["base"].value() or design_names()[0],
        "picture": picture,
        "placeholders": designing.PLACEHOLDERS["check"],
    }
    return render(request, "console/designs/edit.html", context, status=422 if form.errors else 200)


def _form(request: StaffRequest) -> DesignForm:
    """The form as it was posted, looked through."""
    data, wrong = taken_in(request, PICTURES, timezone.now())
    form = DesignForm(data, issuer=request.member.issuer, wrong=wrong)
    form.is_valid()
    return form


def _saved(request: StaffRequest, design: Design | None, form: DesignForm) -> HttpResponse:
    said, now = form.cleaned_data, timezone.now()
    issuer = request.member.issuer
    if design is None:
        made = designing.create(issuer, said["name"], said["base"], form.adjustments(), now=now, actor=request.user)
        messages.success(request, _("“%(name)s” is ready to be used") % {"name": made.name})
        return redirect("console:design", issuer.slug, made.pk)
    before = designing.latest(design).number
    version = designing.save(design, said["name"], said["base"], form.adjustments(), now=now, actor=request.user)
    if version.number == before:
        messages.info(
            request, _("Nothing about the look has changed: it is still version %(number)d") % {"number": before}
        )
    else:
        messages.success(
            request,
            _("Saved as version %(number)d. Certificates that were issued keep the look they have")
            % {"number": version.number},
        )
    return redirect("console:design", issuer.slug, design.pk)


def _initial(request: StaffRequest, version: DesignVersion | None) -> dict[str, Any]:
    if version:
        return initial(version.design.name, version.base, version.adjustments)
    base = request.GET.get("base", "")
    base = base if base in design_names() else "corporate"
    return initial("", base, {})


def _drawn(request: StaffRequest, form: DesignForm) -> str:
    try:
        return inline(_sample(request, form).drawing())
    except LaureaError:
        return ""


def _sample(request: StaffRequest, form: DesignForm) -> sampling.Sample:
    """A sample of what is right in the form."""
    return sampling.of_design(
        request.member.issuer,
        form.cleaned_data.get("base") or design_names()[0],
        form.adjustments(),
        now=timezone.now(),
        **SampleForm(request.POST).chosen(),
    )
