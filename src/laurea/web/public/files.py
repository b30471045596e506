"""What can be taken along: the certificate, the badge, the signed text; and the links by which private files leave."""

from __future__ import annotations

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from laurea.actions import handing_out, restating, showing, storing
from laurea.credentials.errors import LaureaError
from laurea.credentials.verification import Verdict
from laurea.records.models import Artifact, Credential
from laurea.web.public import answers, stage
from laurea.web.public.answers import open_to_all, public
from laurea.web.public.finding import of_credential
from laurea.web.wording import worded

JSON, JWT = "application/vc+ld+json", "text/plain; charset=us-ascii"
"""Open Badges 3.0, “Document Formats”."""


@open_to_all
@of_credential
def credential_json(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The signed text, also of what was withdrawn: others must be able to see that."""
    return stage.signed_text(request, credential, JSON, f"{credential.code}.json")


@open_to_all
@of_credential
def credential_jwt(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The same as a signed token."""
    try:
        token = restating.as_token(credential, stage.report_of(credential))
    except LaureaError as problem:
        return _not_handed_out(request, problem)
    return _unlisted(
        credential,
        answers.content(request, token.encode(), JWT, keep=answers.SHORT, name=f"{credential.code}.jwt"),
    )


@public
@of_credential
def certificate_pdf(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The certificate, by a link that expires."""
    return _by_link(request, credential, Artifact.Kind.PDF)


@public
@of_credential
def badge_png(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The badge with the credential in it, by a link that expires."""
    return _by_link(request, credential, Artifact.Kind.PNG)


@public
@of_credential
def badge_svg(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The badge as SVG with the credential in it."""
    if not handing_out.is_fit(stage.report_of(credential)):
        return _withdrawn(request, credential)
    try:
        baked = handing_out.badge_svg(credential)
    except LaureaError as problem:
        return _not_handed_out(request, problem)
    return _unlisted(
        credential,
        answers.content(request, baked, "image/svg+xml", keep=answers.ASK_AGAIN, name=f"{credential.code}.svg"),
    )


@public
@of_credential
def certificate_png(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The certificate as a picture, for the page."""
    if not handing_out.is_fit(stage.report_of(credential)):
        return _withdrawn(request, credential)
    return _unlisted(
        credential,
        answers.content(request, showing.certificate(credential), "image/png", keep="private, max-age=3600"),
    )


@public
@of_credential
def social_png(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """What a shared link shows. It says “verified”, so there is none unless the credential is genuine."""
    if stage.report_of(credential).verdict is not Verdict.GENUINE:
        return _withdrawn(request, credential)
    return _unlisted(
        credential,
        answers.content(request, showing.social_picture(credential.achievement), "image/png", keep=answers.SHORT),
    )


@require_safe
def private_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of the local storage, for whoever has a link to it that is still good."""
    handout = storing.opened(token)
    if handout is None:
        return _link_is_over(request)
    try:
        content = storing.stream(handout.name)
    except storing.StoringError as problem:
        if problem.code == "storing.absent":
            return _link_is_over(request)
        raise
    response = FileResponse(content, content_type=handout.media_type)
    response["Content-Disposition"] = handout.disposition
    response["Cache-Control"] = answers.NEVER
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    if handout.media_type == "image/svg+xml":
        response["Content-Security-Policy"] = answers.PICTURE_POLICY
    return response


def _by_link(request: HttpRequest, credential: Credential, kind: Artifact.Kind) -> HttpResponseBase:
    if not handing_out.is_fit(stage.report_of(credential)):
        return _withdrawn(request, credential)
    try:
        link = handing_out.link(credential, kind, now=timezone.now())
    except LaureaError as problem:
        return _not_handed_out(request, problem)
    response = HttpResponseRedirect(link)
    response["Cache-Control"] = answers.NEVER
    return _unlisted(credential, response)


def _unlisted(credential: Credential, response: HttpResponseBase) -> HttpResponseBase:
    if not credential.published:
        response["X-Robots-Tag"] = "noindex"
    return response


def _withdrawn(request: HttpRequest, credential: Credential) -> HttpResponse:
    """410: the credential is not good any more, so nothing that looks as if it were leaves this place."""
    context = {"credential": credential, "issuer": credential.issuer}
    response = render(request, "public/not_handed_out.html", context, status=410)
    response["Cache-Control"] = answers.NEVER
    response["X-Robots-Tag"] = "noindex"
    return response


def _not_handed_out(request: HttpRequest, problem: LaureaError) -> HttpResponse:
    """503 where the storage or a design is in trouble: it may be better in a while."""
    message, hint = worded(problem)
    status = 410 if problem.code.startswith("restating.") else 503
    response = render(request, "error.html", {"message": message, "hint": hint}, status=status)
    response["Cache-Control"] = answers.NEVER
    return response


def _link_is_over(request: HttpRequest) -> HttpResponse:
    response = render(request, "public/link_is_over.html", status=404)
    response["Cache-Control"] = answers.NEVER
    return response
