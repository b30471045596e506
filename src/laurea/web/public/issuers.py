"""What an issuer shows to everybody: its page, its keys, its status lists, its colours; and its achievements."""

from __future__ import annotations

import uuid

from django.core.cache import caches
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from laurea.actions import addresses, appearances, issuer_keys, showing, storing
from laurea.credentials.document import Document, serialise
from laurea.credentials.vocabulary import CONTEXTS
from laurea.records.models import Achievement, Issuer, StatusList
from laurea.rendering import badge
from laurea.rendering.badge import BadgeArt
from laurea.web.public import answers, telling
from laurea.web.public.answers import open_to_all, public

_COUNTED_SECONDS = 60
_SHOWN = 200


@public
def issuer_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Who the issuer is, what it issues, and how genuine credentials of it are told."""
    issuer = get_object_or_404(Issuer.objects.select_related("logo"), slug=slug)
    context = {
        "issuer": issuer,
        "achievements": _achievements(issuer),
        "did": issuer_keys.did(issuer),
        "did_web": addresses.lasting(),
        "address": addresses.issuer(issuer),
        "host": addresses.base().partition("://")[2],
        "brand": showing.brand_version(issuer),
    }
    return _page(request, "public/issuer.html", context)


@open_to_all
def did_document(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The keys with which the issuer signs."""
    document = issuer_keys.did_document(get_object_or_404(Issuer, slug=slug))
    return _document(request, document, "application/did+json")


@open_to_all
def status_list(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """The newest edition of a status list, as it was signed."""
    text = StatusList.objects.filter(issuer__slug=slug, name=name).values_list("text", flat=True).first()
    if text is None:
        raise Http404
    return answers.content(request, text.encode(), "application/vc+ld+json", keep=answers.SHORT)


@public
def brand(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The issuer's colours, as a style sheet."""
    issuer = get_object_or_404(Issuer, slug=slug)
    keep = answers.FOR_EVER if request.GET.get("v") == showing.brand_version(issuer) else answers.SHORT
    style = showing.brand_css(issuer.primary_colour).encode()
    return answers.content(request, style, "text/css; charset=utf-8", keep=keep)


@public
def logo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The issuer's logo."""
    issuer = get_object_or_404(Issuer.objects.select_related("logo"), slug=slug)
    if issuer.logo is None:
        raise Http404
    keep = answers.FOR_EVER if request.GET.get("v") == issuer.logo.sha256[:12] else answers.SHORT
    return answers.content(request, storing.get(issuer.logo.name), issuer.logo.media_type, keep=keep)


@public
def achievement_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """What can be earned, as a page; as the Open Badges document for a program that asks for JSON."""
    achievement = _achievement(uid)
    wanted = answers.wants_json(request)
    if wanted is not None:
        response = answers.shared(_document(request, _definition(achievement), wanted))
        return answers.varied(response, "Accept")
    definition = appearances.definition(achievement).to_document()
    context = {
        "achievement": achievement,
        "issuer": achievement.issuer,
        "told": telling.told({"credentialSubject": {"achievement": definition}}),
        "alt": _badge_in_words(achievement),
        "brand": showing.brand_version(achievement.issuer),
        "badge_version": showing.badge_version(achievement),
    }
    response = _page(request, "public/achievement.html", context)
    return answers.varied(response, "Accept")


@open_to_all
def achievement_json(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The Open Badges document of an achievement."""
    return _document(request, _definition(_achievement(uid)), "application/ld+json")


@public
def achievement_badge(request: HttpRequest, uid: uuid.UUID, ending: str) -> HttpResponseBase:
    """The badge of an achievement, without a credential in it."""
    achievement = _achievement(uid)
    keep = answers.FOR_EVER if request.GET.get("v") == showing.badge_version(achievement) else answers.SHORT
    if ending == "svg":
        return answers.content(request, showing.badge_svg(achievement), "image/svg+xml", keep=keep)
    return answers.content(request, showing.badge_png(achievement), "image/png", keep=keep)


def _achievement(uid: uuid.UUID) -> Achievement:
    return get_object_or_404(Achievement.objects.select_related("issuer__logo", "badge_picture"), uid=uid)


def _achievements(issuer: Issuer) -> list[Achievement]:
    """What the issuer issues now, with how many are in force; counted once a minute."""
    achievements = list(
        issuer.achievements.filter(archived__isnull=True)
        .select_related("badge_picture")
        .order_by("name", "id")[:_SHOWN]
    )
    key = f"issued:{issuer.pk}"
    counts = caches["process"].get(key)
    if counts is None:
        in_force = Q(credentials__superseded__isnull=True, credentials__revoked__isnull=True)
        counted = issuer.achievements.annotate(number=Count("credentials", filter=in_force))
        counts = dict(counted.values_list("pk", "number"))
        caches["process"].set(key, counts, _COUNTED_SECONDS)
    for achievement in achievements:
        achievement.issuer = issuer
        achievement.issued = counts.get(achievement.pk, 0)  # type: ignore[attr-defined]  # for the page alone
        achievement.badge_version = showing.badge_version(achievement)  # type: ignore[attr-defined]
    return achievements


def _definition(achievement: Achievement) -> Document:
    return {"@context": list(CONTEXTS), **appearances.definition(achievement).to_document()}


def _badge_in_words(achievement: Achievement) -> str:
    art = appearances.badge_art(achievement)
    return badge.alternative_text(art, telling.language()) if isinstance(art, BadgeArt) else art.alt


def _document(request: HttpRequest, document: Document, media_type: str) -> HttpResponseBase:
    preferred = request.get_preferred_type([media_type, *answers.JSON_TYPES]) if "did" in media_type else media_type
    chosen = "application/json" if preferred == "application/json" else media_type
    response = answers.content(request, serialise(document).encode(), chosen, keep=answers.SHORT)
    return answers.varied(response, "Accept")


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context)
    response["Cache-Control"] = answers.ASK_AGAIN
    patch_vary_headers(response, ["Cookie"])
    return response
