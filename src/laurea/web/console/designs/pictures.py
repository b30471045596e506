"""Pictures in forms: a file is taken in as soon as it comes, and the form goes on with its number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laurea.actions import picturing
from laurea.actions.permissions import Verb
from laurea.actions.picturing import PictureError
from laurea.credentials.errors import LaureaError
from laurea.records.models import Issuer, Picture
from laurea.web.console.access import StaffRequest, staff
from laurea.web.wording import worded

FILE = "-file"
"""A field `logo` that holds the number of a picture has a field `logo-file` beside it, for a new one."""


@staff(Verb.ISSUE)
@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    """Take in the one file that is sent, so that it can be seen at once: its number, and an address that shows it."""
    file = next(iter(request.FILES.values()), None)
    if not isinstance(file, UploadedFile):
        return JsonResponse({"error": _("No file came with the request")}, status=422)
    try:
        picture = kept(file, request.member.issuer, timezone.now())
    except LaureaError as error:
        return JsonResponse({"error": sentence(error)}, status=422)
    return JsonResponse({"picture": picture.pk, "url": picturing.link(picture)})


def taken_in(request: StaffRequest, fields: Collection[str], now: datetime) -> tuple[QueryDict, dict[str, str]]:
    """What was posted, with files of `fields` replaced by the numbers of their pictures; and what is wrong, by field.

    The box “remove” beside a picture empties its field.
    """
    data, wrong = request.POST.copy(), {}
    for field in fields:
        file = request.FILES.get(field + FILE)
        if isinstance(file, UploadedFile):
            try:
                data[field] = str(kept(file, request.member.issuer, now).pk)
            except LaureaError as error:
                wrong[field + FILE] = sentence(error)
        elif data.get(f"{field}-remove"):
            data[field] = ""
    return data, wrong


def kept(file: UploadedFile[Any], issuer: Issuer, now: datetime) -> Picture:
    """The file as a picture of `issuer`. One that is too large is not read at all. Raises `LaureaError`."""
    if (file.size or 0) > picturing.MAX_BYTES:
        raise PictureError(
            "picture.size",
            _("The file has %(size).1f MB; a picture may have %(most)d")
            % {"size": (file.size or 0) / 1024**2, "most": picturing.MAX_BYTES // 1024**2},
            _("Save it smaller: 1600 pixels are plenty"),
        )
    return picturing.take_in(issuer, file.read(), now=now)


def sentence(error: LaureaError) -> str:
    """What is wrong and what to do, to stand beside a field."""
    message, hint = worded(error)
    return f"{message}. {hint}." if hint else f"{message}."
