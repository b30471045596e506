"""A web process has threads: what draws is shared by them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from laurea.rendering import badge, social
from laurea.rendering.badge import BadgeArt


def test_threads_share_what_draws(document, renderer):
    made_with = renderer()

    def draw(number: int) -> tuple[bytes, ...]:
        art = BadgeArt(title=f"Thread {number}")
        return (
            badge.svg(art),
            badge.png(art, 64),
            social.picture(art, achievement=art.title, issuer="Acme"),
            made_with.drawing(document(f"Ada {number}"), code="0" * 16, address=None),
        )

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(draw, range(8))) == [draw(number) for number in range(8)]
