"""The page of a credential: a stage for the verdict, the person, the achievement.

It is the same for everybody but for language and light or dark, so a drawn page is kept in this process, under a key of
all that it shows. Whoever adds something to the page adds it to `_shown` as well.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections import OrderedDict
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language

from laurea import __version__
from laurea.actions import addresses, handing_out, judging, linkedin, showing
from laurea.credentials.verification import Report, Verdict
from laurea.records.models import Credential
from laurea.rendering import social
from laurea.web.context import look
from laurea.web.public import answers, past, telling
from laurea.web.public.answers import public
from laurea.web.public.finding import of_credential

_REMEMBERED = 1_024
_drawn: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


@public
@of_credential
def page(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """What a stranger sees after scanning a code; the signed text itself for a program that asks for JSON."""
    wanted = answers.wants_json(request)
    if wanted is not None:
        return answers.varied(answers.shared(signed_text(request, credential, wanted)), "Accept")
    report = report_of(credential)
    scheme = str(look(request)["scheme"])
    key = _shown(credential, report, scheme)
    response = HttpResponse(_kept(key) or _draw(key, credential, report, scheme))
    response["Cache-Control"] = answers.ASK_AGAIN
    if not credential.published:
        response["X-Robots-Tag"] = "noindex"
    return answers.varied(answers.conditional(request, response, key, weak=True), "Accept", "Cookie")


def signed_text(request: HttpRequest, credential: Credential, media_type: str, name: str = "") -> HttpResponseBase:
    """The document, byte for byte as it was signed."""
    response = answers.content(request, credential.text.encode(), media_type, keep=answers.SHORT, name=name)
    if not credential.published:
        response["X-Robots-Tag"] = "noindex"
    return response


def report_of(credential: Credential) -> Report:
    """The report about the credential at this moment."""
    return judging.judge(credential, now=timezone.now())


def _draw(key: str, credential: Credential, report: Report, scheme: str) -> bytes:
    """The page. Drawn without the request: nothing of whoever asks gets into what others are shown."""
    issuer, genuine = credential.issuer, report.verdict is Verdict.GENUINE
    told = telling.told(report.stated) if report.stated is not None and telling.can_be_shown(report) else None
    revoked = credential.revoked.date() if credential.revoked else None
    address = addresses.credential(credential.code)
    context = {
        "credential": credential,
        "issuer": issuer,
        "scheme": scheme,
        "band": telling.band(report, told, revoked=revoked),
        "told": told,
        "days": telling.days(told, revoked=revoked) if told else {},
        "lines": telling.lines(report),
        "past": past.of(credential),
        "celebrated": genuine,
        "with_files": handing_out.is_fit(report),
        "address": address,
        "brand": showing.brand_version(issuer),
        "badge_version": showing.badge_version(credential.achievement),
        "add_to_profile": linkedin.add_to_profile(credential) if genuine else "",
        "share": linkedin.share(address) if genuine else "",
        "social": f"{address}/social.png" if genuine else "",
        "social_size": social.SIZE,
        "picture_size": showing.certificate_size(credential),
        "did_web": addresses.lasting(),
        "path": f"/c/{credential.code}",
    }
    drawn = render_to_string("public/credential.html", context).encode()
    packed = zlib.compress(drawn, 1)
    with _lock:
        _drawn[key] = packed
        while len(_drawn) > _REMEMBERED:
            _drawn.popitem(last=False)
    return drawn


@cache
def _dress() -> tuple[str, ...]:
    """The style sheets and programs that the page names; in a process they stay the same."""
    return tuple(static(f"laurea/{name}") for name in ("theme.css", "parts.css", "page.js", "public.css", "public.js"))


def _kept(key: str) -> bytes | None:
    with _lock:
        packed = _drawn.get(key)
        if packed is not None:
            _drawn.move_to_end(key)
    return zlib.decompress(packed) if packed is not None else None


def _shown(credential: Credential, report: Report, scheme: str) -> str:
    """A key of everything that the page shows."""
    issuer, achievement = credential.issuer, credential.achievement
    parts = (
        __version__,
        _dress(),
        addresses.base(),
        get_language(),
        scheme,
        credential.pk,
        hashlib.sha256(credential.text.encode()).digest(),
        (credential.code, credential.revoked, credential.published, credential.awarded, credential.valid_until),
        (credential.revocation_reason, credential.supersedes_id),  # what came before it changes no more
        (issuer.slug, issuer.name, issuer.description, issuer.linkedin_organization),
        (issuer.primary_colour, issuer.secondary_colour, credential.design_version_id),
        (issuer.logo.sha256, issuer.logo.alt) if issuer.logo else None,
        (achievement.uid, achievement.name, achievement.changed, achievement.archived),
        [(check.message, tuple(sorted(check.parameters.items())), check.detail) for check in report.checks],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()
