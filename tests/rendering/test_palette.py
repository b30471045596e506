"""Text is readable on and in any brand colour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials.errors import RenderingError
from laurea.rendering.palette import ENOUGH, Colours, contrast, shades

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_of_the_extremes():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@given(COLOURS, COLOURS | st.none())
def test_every_text_colour_is_readable(primary, secondary):
    known = shades(Colours(primary, secondary))
    for name in ("primary", "secondary"):
        assert contrast(known[f"{name}-text"], known["paper"]) >= ENOUGH
        assert contrast(known[f"on-{name}"], known[name]) >= ENOUGH
    assert contrast(known["quiet"], known["paper"]) >= ENOUGH


@pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "1f5c46", "#1f5c46 ", ""])
def test_what_is_no_colour(colour):
    with pytest.raises(RenderingError) as raised:
        Colours(colour)
    assert raised.value.code == "rendering.colour-invalid"
