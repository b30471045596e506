"""Taking in pictures: logos, signatures, badges. What is kept is drawn anew: no scripts, no metadata, no surprises.

Pictures are private files, named by their content; whoever may see one gets a link that expires.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from laurea.actions import storing
from laurea.actions.storing import Handout
from laurea.credentials.errors import LaureaError
from laurea.records.models import Issuer, Picture
from laurea.rendering.picture import Redrawn, redrawn

MAX_BYTES = 4 * 1024 * 1024
_ENDINGS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}


class PictureError(LaureaError):
    """A file cannot be taken in as a picture."""


def take_in(issuer: Issuer, data: bytes, alt: str = "", *, now: datetime) -> Picture:
    """Keep an SVG, PNG or JPEG file for `issuer`; `alt` says in words what it shows. The same file is kept once.

    Raises `PictureError` for what is no picture, too large, or an SVG that does more than draw; `StoringError`.
    """
    drawn = _redrawn(data)
    digest = hashlib.sha256(drawn.content).hexdigest()
    known = issuer.pictures.filter(sha256=digest, alt=alt).first()
    if known:
        return known
    name = f"pictures/{issuer.pk}/{digest}.{_ENDINGS[drawn.media_type]}"
    storing.put(name, drawn.content)
    picture, _ = Picture.objects.get_or_create(
        issuer=issuer,
        sha256=digest,
        alt=alt,
        defaults={
            "name": name,
            "media_type": drawn.media_type,
            "size": len(drawn.content),
            "width": drawn.width,
            "height": drawn.height,
            "created": now,
        },
    )
    return picture


def described(picture: Picture, alt: str, *, now: datetime) -> Picture:
    """The same picture, with other words for those who cannot see it."""
    if picture.alt == alt:
        return picture
    told, _ = Picture.objects.get_or_create(
        issuer_id=picture.issuer_id,
        sha256=picture.sha256,
        alt=alt,
        defaults={
            "name": picture.name,
            "media_type": picture.media_type,
            "size": picture.size,
            "width": picture.width,
            "height": picture.height,
            "created": now,
        },
    )
    return told


def link(picture: Picture) -> str:
    """An address that shows the picture for a while, for somebody who may see it."""
    return storing.link(
        Handout(picture.name, f"picture.{_ENDINGS[picture.media_type]}", picture.media_type, inline=True)
    )


def _redrawn(data: bytes) -> Redrawn:
    if not data:
        raise PictureError("picture.empty", "The file is empty", "Choose another file")
    if len(data) > MAX_BYTES:
        raise PictureError(
            "picture.size",
            f"The file has {len(data) / 1024**2:.1f} MB; a picture may have {MAX_BYTES // 1024**2}",
            "Save it smaller: 1600 pixels are plenty",
        )
    try:
        return redrawn(data)
    except LaureaError as error:
        raise PictureError("picture.invalid", error.message, error.hint) from None
