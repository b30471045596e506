"""The tags of pictures that issuers handed over, and of the icons of badges."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from laurea.actions import picturing
from laurea.records.models import Picture
from laurea.rendering.badge.icons import icon_paths

register = template.Library()


@register.simple_tag
def picture_link(picture: Picture) -> str:
    """``{% picture_link issuer.logo %}``: an address that shows the picture for a while. Only for who may see it."""
    return picturing.link(picture)


@register.simple_tag
def badge_icon(name: str) -> SafeString:
    """``{% badge_icon "lock" %}``: a symbol of badges, for the eye only."""
    return format_html(
        '<svg viewBox="0 0 24 24" width="28" height="28" fill="none" stroke="currentColor" stroke-width="1.8" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        SafeString(icon_paths(name)),
    )
