"""People: the list, a person, and what can be done about one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from laurea.actions import exporting, paging, releasing, searching, standing
from laurea.actions import people as verbs
from laurea.actions.people import PeopleError
from laurea.actions.permissions import Verb, may
from laurea.records.models import Credential, Delivery, Email, Issuer, Person
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.downloads import CSV, streamed
from laurea.web.console.people.forms import PersonForm
from laurea.web.wording import told

_SHOWN = 100


@staff(Verb.LOOK)
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """Everybody, by name."""
    issuer = request.member.issuer
    text, department, active = _chosen(request)
    found = searching.people(issuer, text=text, department=department, active=active)
    shown = paging.slice_of(
        _with_what_is_shown(found), searching.PEOPLE, after=_key(request, "after"), before=_key(request, "before")
    )
    context = {
        "people": _with_counts(shown.records),
        "previous": _link(request, before=shown.before),
        "next": _link(request, after=shown.after),
        "found": _found(found, shown) if text.strip() else None,
        "more_than": searching.COUNTED,
        "q": text,
        "chips": _chips(request, issuer, active, department),
        "departments": _departments(issuer),
        "department": department,
        "active": request.GET.get("active", ""),
        "keep": [(name, request.GET[name]) for name in ("department", "active") if request.GET.get(name)],
        "chosen": bool(text.strip() or department is not None or active is not None),
        "may_edit": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/people/list.html", context)


@staff(Verb.LOOK)
@require_GET
def export(request: StaffRequest) -> HttpResponseBase:
    """The people that the list shows, all its pages, as CSV."""
    issuer, now = request.member.issuer, timezone.now()
    text, department, active = _chosen(request)
    found = searching.people(issuer, text=text, department=department, active=active)
    asked = {"searched": bool(text.strip()), "active": active, "department": department}
    content = releasing.people(issuer, found, asked, now=now, actor=request.user)
    return streamed(content, "people", issuer, CSV, now)


@staff(Verb.LOOK)
@require_GET
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: what is known, what they hold, what was sent to them."""
    shown = _person(request, pk)
    now = timezone.now()
    held = list(
        shown.credentials.filter(superseded__isnull=True)
        .select_related("achievement")
        .defer("text")
        .order_by("-valid_from", "-pk")[:_SHOWN]
    )
    context = {
        "person": shown,
        "emails": shown.emails.order_by("-primary", "address"),
        "credentials": [{"credential": each, "standing": standing.of(each, now)} for each in held],
        "standings": exporting.STANDINGS,
        "mails": Delivery.objects.filter(credential__person=shown, issuer=request.member.issuer)
        .select_related("credential__achievement")
        .order_by("-pk")[:_SHOWN],
        "may_edit": may(request.member, Verb.ISSUE),
        "holds": bool(held) or shown.credentials.exists(),
    }
    return render(request, "console/people/person.html", context)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Somebody new."""
    issuer = request.member.issuer
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add(issuer, form.details(), now=timezone.now(), actor=request.user)
        except PeopleError as error:
            _say(form, error)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": made.name})
            return redirect("console:person", issuer.slug, made.pk)
    return _form(request, form, None)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct what is known about somebody."""
    shown = _person(request, pk)
    form = PersonForm(request.POST or None, person=shown)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(shown, form.details(), now=timezone.now(), actor=request.user)
        except PeopleError as error:
            _say(form, error)
            shown.refresh_from_db()
        else:
            messages.success(request, _("Saved."))
            return redirect("console:person", request.member.issuer.slug, pk)
    return _form(request, form, shown)


@staff(Verb.ISSUE)
@require_POST
def set_active(request: StaffRequest, pk: int) -> HttpResponse:
    """Let somebody go, or take them back."""
    shown = _person(request, pk)
    act = verbs.activate if request.POST.get("active") == "yes" else verbs.deactivate
    act(shown, now=timezone.now(), actor=request.user)
    said = _("%(name)s is active.") if shown.active else _("%(name)s is no longer active. Everything earned is kept.")
    messages.success(request, said % {"name": shown.name})
    return redirect("console:person", request.member.issuer.slug, pk)


@staff(Verb.ISSUE)
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete somebody who holds nothing."""
    shown = _person(request, pk)
    try:
        verbs.remove(shown, now=timezone.now(), actor=request.user)
    except PeopleError as error:
        messages.error(request, told(error) + ".")
        return redirect("console:person", request.member.issuer.slug, pk)
    messages.success(request, _("%(name)s was deleted.") % {"name": shown.name})
    return redirect("console:people", request.member.issuer.slug)


def _person(request: StaffRequest, pk: int) -> Person:
    return get_object_or_404(Person, issuer=request.member.issuer, pk=pk)


def _chosen(request: StaffRequest) -> tuple[str, str | None, bool | None]:
    active = {"yes": True, "no": False}.get(request.GET.get("active", ""))
    return request.GET.get("q", ""), request.GET.get("department") or None, active


def _with_what_is_shown(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.prefetch_related(Prefetch("emails", Email.objects.filter(primary=True), to_attr="used_for_mail"))


def _with_counts(people: list[Person]) -> list[tuple[Person, int]]:
    """Each person with the number of credentials in force; counted for this page alone."""
    held = Credential.objects.filter(person__in=people, superseded__isnull=True).values_list("person")
    counts = dict(held.annotate(Count("pk")))
    return [(person, counts.get(person.pk, 0)) for person in people]


def _found(found: QuerySet[Person], shown: paging.Slice[Person]) -> int:
    """How many were found; a first page that is not full says it itself."""
    if shown.before is None and shown.after is None:
        return len(shown.records)
    return searching.counted(found)


def _departments(issuer: Issuer) -> list[str]:
    named = issuer.people.exclude(department="").order_by("department")
    return list(named.values_list("department", flat=True).distinct())


def _chips(
    request: StaffRequest, issuer: Issuer, active: bool | None, department: str | None
) -> list[dict[str, object]]:
    """All, active, inactive; counted where nothing else is chosen, so that a keystroke counts nothing."""
    counts: dict[str, int | None] = {"": None, "yes": None, "no": None}
    if not request.GET.get("q", "").strip():
        everybody = issuer.people.filter(department=department) if department else issuer.people.all()
        total, gone = everybody.count(), everybody.filter(active=False).count()
        counts = {"": total, "yes": total - gone, "no": gone}
    said = {None: "", True: "yes", False: "no"}[active]
    words = {"": _("All"), "yes": _("Active"), "no": _("Inactive")}
    return [
        {
            "label": label,
            "url": _link(request, active=value) or "?",
            "count": counts[value],
            "active": value == said,
        }
        for value, label in words.items()
    ]


def _link(request: StaffRequest, **changes: object) -> str:
    """This list with something changed; "" where a page is asked for that does not exist."""
    if changes and all(value is None for value in changes.values()):
        return ""
    kept = {name: request.GET[name] for name in ("q", "department", "active") if request.GET.get(name)}
    kept |= {name: str(value) for name, value in changes.items()}
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def _key(request: StaffRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 19 else None


def _form(request: StaffRequest, form: PersonForm, shown: Person | None) -> HttpResponse:
    context = {"form": form, "person": shown, "departments": _departments(request.member.issuer)}
    return render(request, "console/people/edit.html", context, status=422 if form.errors else 200)


def _say(form: PersonForm, error: PeopleError) -> None:
    form.add_error(error.field or None, told(error))
