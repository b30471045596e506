"""Sentences that actions wrote down, in the reader's language."""

from __future__ import annotations

from django import template

from laurea.web.wording import in_words

register = template.Library()


@register.filter
def worded(text: str) -> str:
    """``{{ row.problem|worded }}``: a message or hint of an action."""
    return in_words(text)
