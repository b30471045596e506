"""The designs of an issuer: the gallery, one design with its versions, and their pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from laurea.actions import appearances, designing, sampling
from laurea.actions.permissions import Verb, may
from laurea.credentials.errors import LaureaError
from laurea.records.models import Design, DesignVersion
from laurea.rendering.design import design_names
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.designs.forms import SampleForm
from laurea.web.console.designs.pictures import sentence
from laurea.web.console.designs.previews import kept, vector


@staff(Verb.LOOK)
@require_GET
def designs(request: StaffRequest) -> HttpResponse:
    """The issuer's designs, and the packaged ones to start from."""
    archived = request.GET.get("show") == "archived"
    own = _designs(request)
    counts = {"active": own.filter(archived=None).count(), "archived": own.exclude(archived=None).count()}
    shown = own.exclude(archived=None) if archived else own.filter(archived=None)
    versions = DesignVersion.objects.in_bulk([design.newest for design in shown])
    context = {
        "designs": [{"design": design, "version": versions[design.newest]} for design in shown],
        "packaged": [_packaged(request, name) for name in design_names()],
        "archived": archived,
        "counts": counts,
        "chips": _chips(archived, counts),
        "may_change": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/designs/list.html", context)


@staff(Verb.LOOK)
@require_GET
def design(request: StaffRequest, pk: int) -> HttpResponse:
    """One design: how it looks now, what is issued in it, and its versions."""
    found = get_object_or_404(_designs(request), pk=pk)
    versions = found.versions.select_related("created_by").annotate(issued=Count("credentials")).order_by("-number")
    return render(request, "console/designs/design.html", _shown(request, found, versions[0]) | {"versions": versions})


@staff(Verb.LOOK)
@require_GET
def version(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """One version of a design: how certificates look that were issued in it."""
    found = _version(request, pk, number)
    newest = designing.latest(found.design)
    issued = found.credentials.count()
    context = _shown(request, found.design, found) | {"newest": newest, "issued": issued}
    return render(request, "console/designs/version.html", context)


@staff(Verb.ISSUE)
@require_POST
def go_back(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Make an older version the newest one."""
    found = _version(request, pk, number)
    try:
        made = designing.go_back(found, now=timezone.now(), actor=request.user)
    except LaureaError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(
            request,
            _("Version %(new)d looks like version %(old)d again") % {"new": made.number, "old": number},
        )
    return redirect("console:design", request.member.issuer.slug, pk)


@staff(Verb.ISSUE)
@require_POST
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a design away."""
    found = get_object_or_404(_designs(request), pk=pk)
    try:
        designing.archive(found, now=timezone.now(), actor=request.user)
    except LaureaError as error:
        messages.error(request, sentence(error))
        return redirect("console:design", request.member.issuer.slug, pk)
    messages.success(request, _("“%(name)s” is archived") % {"name": found.name})
    return redirect("console:designs", request.member.issuer.slug)


@staff(Verb.ISSUE)
@require_POST
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer a design again."""
    found = get_object_or_404(_designs(request), pk=pk)
    designing.restore(found, now=timezone.now(), actor=request.user)
    messages.success(request, _("“%(name)s” can be used again") % {"name": found.name})
    return redirect("console:design", request.member.issuer.slug, pk)


@staff(Verb.LOOK)
@require_GET
def packaged(request: StaffRequest, base: str) -> HttpResponse:
    """A packaged design in the issuer's colours, as PNG."""
    if base not in design_names():
        raise Http404
    drawn = sampling.thumbnail(request.member.issuer, base, {}, language=_language(), now=timezone.now())
    return kept(HttpResponse(drawn, content_type="image/png"))


@staff(Verb.LOOK)
@require_GET
def thumbnail(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A version in small, as PNG."""
    found = _version(request, pk, number)
    drawn = sampling.thumbnail(
        request.member.issuer, found.base, found.adjustments, language=_language(), now=timezone.now()
    )
    return kept(HttpResponse(drawn, content_type="image/png"))


@staff(Verb.LOOK)
@require_GET
def drawing(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A version as SVG, for the sample that the address names."""
    return kept(vector(request, _sample(request, pk, number).drawing()))


@staff(Verb.LOOK)
@require_GET
def pdf(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A sample certificate of a version, to print and to hand around."""
    return as_download(_sample(request, pk, number).pdf(timezone.now()))


def as_download(content: bytes) -> HttpResponse:
    """A sample as a file."""
    headers = {"Content-Disposition": 'attachment; filename="sample.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _sample(request: StaffRequest, pk: int, number: int) -> sampling.Sample:
    found = _version(request, pk, number)
    wanted = {"holder": request.GET.get("holder", ""), "language": request.GET.get("language", _language())}
    chosen = SampleForm(wanted).chosen()
    return sampling.of_design(request.member.issuer, found.base, found.adjustments, now=timezone.now(), **chosen)


def _shown(request: StaffRequest, design: Design, version: DesignVersion) -> dict[str, Any]:
    """What the pages of a design and of one version have in common."""
    return {
        "design": design,
        "version": version,
        "base": appearances.packaged(version.base),
        "achievements": design.achievements.filter(archived=None).order_by("name"),
        "may_change": may(request.member, Verb.ISSUE),
    }


def _designs(request: StaffRequest) -> QuerySet[Design, Any]:
    newest = DesignVersion.objects.filter(design=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return (
        Design.objects.filter(issuer=request.member.issuer)
        .annotate(
            newest=Subquery(newest),
            used=Count("achievements", filter=Q(achievements__archived=None)),
        )
        .order_by("name", "pk")
    )


def _version(request: StaffRequest, pk: int, number: int) -> DesignVersion:
    return get_object_or_404(
        DesignVersion.objects.select_related("design__issuer", "created_by"),
        design__issuer=request.member.issuer,
        design=pk,
        number=number,
    )


def _packaged(request: StaffRequest, name: str) -> dict[str, Any]:
    key = sampling.thumbnail_key(request.member.issuer, name, {}, _language())
    return {"name": name, "design": appearances.packaged(name), "key": key[-12:]}


def _chips(archived: bool, counts: dict[str, int]) -> list[dict[str, Any]]:
    if not counts["archived"]:
        return []
    return [
        {"label": _("In use"), "url": "?", "count": counts["active"], "active": not archived},
        {"label": _("Archived"), "url": "?show=archived", "count": counts["archived"], "active": archived},
    ]


def _language() -> str:
    """The language of samples: the reader's, as far as certificates are packaged in it."""
    language = (get_language() or "en").partition("-")[0]
    return language if language in designing.LANGUAGES else "en"
