"""Credentials: the list, one of them, and its files."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from laurea.actions import (
    addresses,
    delivering,
    editions,
    file_names,
    handing_out,
    judging,
    paging,
    releasing,
    searching,
    showing,
    standing,
)
from laurea.actions.permissions import Verb, may
from laurea.actions.storing import Handout
from laurea.credentials.errors import LaureaError
from laurea.credentials.verification import Verdict
from laurea.records.models import Artifact, Credential, Delivery
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.credentials import filters
from laurea.web.console.downloads import CSV, ZIP, streamed
from laurea.web.wording import told

_MOST_CHOSEN = 1_000
_INTACT = (Verdict.GENUINE, Verdict.EXPIRED, Verdict.REVOKED, Verdict.NOT_YET_VALID)


@staff(Verb.LOOK)
@require_GET
def credentials(request: StaffRequest) -> HttpResponse:
    """All credentials of the issuer, in pages."""
    issuer, now = request.member.issuer, timezone.now()
    asked = filters.read(issuer, request.GET)
    found = searching.credentials(issuer, asked.wanted, now=now)
    shown = paging.slice_of(
        _with_what_is_shown(found), asked.wanted.order, after=_key(request, "after"), before=_key(request, "before")
    )
    context = {
        "credentials": [{"credential": each, "standing": standing.of(each, now)} for each in shown.records],
        "previous": asked.link(before=shown.before) if shown.before else "",
        "next": asked.link(after=shown.after) if shown.after else "",
        "asked": asked,
        # Nothing is counted at a keystroke, nor where the page says it all.
        "chips": asked.chips({} if asked.more or asked.wanted.text else filters.counts(issuer, now)),
        "found": _found(found, shown) if asked.chosen else None,
        "more_than": searching.COUNTED,
        "achievements": searching.achievements(issuer),
        "sorts": filters.sorts(),
        "may_issue": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/credentials/list.html", context)


@staff(Verb.LOOK)
@require_POST
def download(request: StaffRequest) -> HttpResponseBase:
    """The credentials that were ticked, or all that the list shows, as a ZIP of files or as a table."""
    issuer, now = request.member.issuer, timezone.now()
    if request.POST.get("all"):
        asked = filters.read(issuer, request.POST)
        chosen, said = searching.credentials(issuer, asked.wanted, now=now), asked.told
    else:
        keys = [int(key) for key in request.POST.getlist("pk") if key.isdecimal() and len(key) < 19]
        chosen, said = Credential.objects.filter(issuer=issuer, pk__in=keys[:_MOST_CHOSEN]), {"chosen": True}
        if not keys:
            messages.info(request, _("Nothing was chosen. Tick the credentials that you want."))
            return redirect("console:credentials", issuer.slug)
    if request.POST.get("as") == "csv":
        content = releasing.table(issuer, chosen, said, now=now, actor=request.user)
        return streamed(content, "credentials", issuer, CSV, now)
    content = releasing.files(issuer, chosen, said, now=now, actor=request.user)
    return streamed(content, "certificates", issuer, ZIP, now)


@staff(Verb.LOOK)
@require_GET
def credential(request: StaffRequest, pk: int) -> HttpResponse:
    """One credential: how it looks, how it stands, its files, its mail, where it comes from."""
    issuer, now = request.member.issuer, timezone.now()
    shown = _credential(request, pk)
    shown.issuer = issuer
    width, height = showing.certificate_size(shown)
    context = {
        "credential": shown,
        "standing": standing.of(shown, now),
        "intact": judging.judge(shown, now=now).verdict in _INTACT,
        "address": addresses.credential(shown.code),
        "lasting": addresses.lasting(),
        "width": width,
        "height": height,
        "mails": shown.deliveries.order_by("-pk"),
        "history": editions.history(shown),
        "revoke_on": shown.revoke_at.astimezone(ZoneInfo(issuer.time_zone)).date() if shown.revoke_at else None,
        "later": Credential.objects.filter(supersedes=shown).defer("text").first(),
        "may_issue": may(request.member, Verb.ISSUE),
        "person": shown.person,
    }
    return render(request, "console/credentials/credential.html", context)


@staff(Verb.LOOK)
@require_GET
def picture(request: StaffRequest, pk: int) -> HttpResponse:
    """The certificate as a picture."""
    shown = _credential(request, pk)
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(showing.certificate(shown), content_type="image/png", headers=headers)


@staff(Verb.LOOK)
@require_GET
def file(request: StaffRequest, pk: int, kind: str) -> HttpResponseBase:
    """A file of the credential: by a link that expires, or, where it is made anew each time, at once."""
    shown = _credential(request, pk)
    if kind in Artifact.Kind.values:
        return HttpResponseRedirect(handing_out.link(shown, Artifact.Kind(kind), now=timezone.now()))
    if kind not in _MADE:
        raise Http404
    media_type, make = _MADE[kind]
    handout = Handout("", file_names.of_credential(shown, kind), media_type)
    headers = {
        "Content-Disposition": handout.disposition,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(make(shown), content_type=media_type, headers=headers)


@staff(Verb.ISSUE)
@require_POST
def mail(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the certificate to a holder who got no message yet."""
    shown = _credential(request, pk)
    if not shown.deliveries.exists():
        try:
            delivering.to_holder(shown, now=timezone.now(), actor=request.user)
        except LaureaError as error:
            messages.error(request, told(error) + ".")
        else:
            messages.success(request, _("The message is on its way."))
    return redirect("console:credential", request.member.issuer.slug, pk)


_MADE: dict[str, tuple[str, Callable[[Credential], bytes]]] = {
    "json": ("application/vc+ld+json", lambda credential: credential.text.encode()),
    "svg": ("image/svg+xml", handing_out.badge_svg),
}


def _credential(request: StaffRequest, pk: int) -> Credential:
    everything = Credential.objects.select_related(
        "issuer",
        "achievement__issuer",
        "person",
        "batch",
        "row",
        "key",
        "design_version__design",
        "status_list__issuer",
    )
    return get_object_or_404(everything, issuer=request.member.issuer, pk=pk)


def _with_what_is_shown(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    mails = Prefetch("deliveries", Delivery.objects.order_by("pk"), to_attr="mails")
    return credentials.select_related("achievement").defer("text").prefetch_related(mails)


def _found(found: QuerySet[Credential], shown: paging.Slice[Credential]) -> int:
    """How many were found; a first page that is not full says it itself."""
    if shown.before is None and shown.after is None:
        return len(shown.records)
    return searching.counted(found)


def _key(request: StaffRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 19 else None
