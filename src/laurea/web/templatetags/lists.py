"""The tags of the lists of people and credentials."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from laurea.actions.exporting import STANDINGS
from laurea.actions.standing import Standing
from laurea.web.templatetags.look import state

register = template.Library()


@register.simple_tag
def standing(value: Standing) -> SafeString:
    """``{% standing each.standing %}``: how a credential stands, in colour, symbol and word."""
    return state(value.value, str(STANDINGS[value]))


@register.filter
def at(words: Mapping[str, object], key: str) -> object:
    """``{{ words|at:key }}``: what a mapping holds for a key."""
    return words.get(key, key)


@register.filter
def language_words(code: str) -> str:
    """``{{ person.language|language_words }}``: the name of a language, its code for one that Laurea does not speak."""
    return gettext(str(dict(settings.LANGUAGES).get(code, code)))


@register.simple_tag
def rest(total: int, shown: int) -> SafeString:
    """``{% rest plan.errors|length 50 %}``: how many more there are than are shown; nothing where all are."""
    more = total - shown
    if more <= 0:
        return SafeString("")
    said = ngettext("and %(count)s more", "and %(count)s more", more) % {"count": intcomma(more)}
    return format_html('<p class="quiet">{}</p>', said)
