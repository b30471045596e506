"""Sentences that actions wrote down, in the reader's language."""

from __future__ import annotations

from django import template

from laurea.web.wording import in_words
from laurea.web.wording import span as span_in_words

register = template.Library()


@register.filter
def worded(text: str) -> str:
    """``{{ row.problem|worded }}``: a message or hint of an action."""
    return in_words(text)


@register.filter
def span(text: str) -> str:
    """``{{ achievement.validity|span }}``: how long something is valid."""
    return span_in_words(text)
