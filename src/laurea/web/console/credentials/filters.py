"""Which credentials a list shows: read from an address, and written into others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from laurea.actions import searching, standing
from laurea.actions.exporting import STANDINGS
from laurea.actions.searching import Sort, Wanted
from laurea.actions.standing import Standing
from laurea.credentials.document import JSON
from laurea.records.models import Achievement, Batch, Credential, Issuer

NAMES = ("q", "state", "achievement", "batch", "since", "until", "sort")
CHIPS = (Standing.VALID, Standing.EXPIRING, Standing.EXPIRED, Standing.REVOKED)


@dataclass(frozen=True, slots=True)
class Filter:
    """What was asked for, as it stood in the address, and what that means. `achievement` and `batch` are the issuer's
    own, or None; what makes no sense is left out."""

    said: Mapping[str, str]
    wanted: Wanted
    achievement: Achievement | None
    batch: Batch | None

    @property
    def keep(self) -> list[tuple[str, str]]:
        """All of it but the search text, for hidden fields."""
        return [(name, value) for name, value in self.said.items() if name != "q"]

    @property
    def more(self) -> bool:
        """Whether more is chosen than a text, a state and an order."""
        return bool({"achievement", "batch", "since", "until"} & self.said.keys())

    @property
    def chosen(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.said.keys() - {"sort"})

    @property
    def told(self) -> dict[str, JSON]:
        """What narrows the list, for the log: of a search, only that there was one."""
        said: dict[str, JSON] = {name: value for name, value in self.said.items() if name not in ("q", "sort")}
        return said | {"searched": bool(self.wanted.text)}

    def link(self, **changes: object) -> str:
        """The list with something changed; None leaves it out."""
        kept = dict(self.said) | {name: "" if value is None else str(value) for name, value in changes.items()}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def chips(self, counts: Mapping[Standing | None, int]) -> list[dict[str, object]]:
        """The states, with their counts where they were counted."""
        everything: dict[str, object] = {
            "label": _("All"),
            "url": self.link(state=None),
            "count": counts.get(None),
            "active": self.wanted.standing is None,
        }
        return [everything] + [
            {
                "label": str(STANDINGS[each]),
                "url": self.link(state=each.value),
                "count": counts.get(each),
                "active": self.wanted.standing is each,
                "state": each.value,
            }
            for each in CHIPS
        ]

    def removable(self) -> list[dict[str, object]]:
        """What else narrows the list, each with the list without it."""
        found: list[tuple[str, str]] = []
        if self.achievement is not None:
            found.append((self.achievement.name, self.link(achievement=None)))
        if self.batch is not None:
            name = self.batch.file_name or _("Issued by hand")
            found.append((_("List: %(name)s") % {"name": name}, self.link(batch=None)))
        return [{"label": label, "url": url} for label, url in found]


def read(issuer: Issuer, asked: Mapping[str, str]) -> Filter:
    """The filter that an address, or a form, asks for."""
    said = {name: asked.get(name, "").strip() for name in NAMES}
    achievement = _own(issuer.achievements, said["achievement"])
    batch = _own(issuer.batches, said["batch"])
    since, until = _day(said["since"]), _day(said["until"])
    state, sort = _one_of(Standing, said["state"]), _one_of(Sort, said["sort"])
    wanted = Wanted(
        text=said["q"],
        standing=state if state in CHIPS else None,
        achievement=achievement.pk if achievement else None,
        batch=batch.pk if batch else None,
        since=since,
        until=until,
        sort=sort or Sort.NEWEST,
    )
    good: dict[str, Any] = {
        "q": said["q"],
        "state": wanted.standing and wanted.standing.value,
        "achievement": wanted.achievement,
        "batch": wanted.batch,
        "since": since,
        "until": until,
        "sort": sort and sort.value,
    }
    return Filter({name: str(value) for name, value in good.items() if value}, wanted, achievement, batch)


def counts(issuer: Issuer, now: datetime) -> dict[Standing | None, int]:
    """How many there are of each state, told from indexes alone."""
    found: dict[Standing | None, int] = {}
    for each in (Standing.EXPIRING, Standing.EXPIRED, Standing.REVOKED):
        found[each] = searching.credentials(issuer, Wanted(standing=each), now=now).count()
    found[None] = Credential.objects.filter(issuer=issuer, superseded__isnull=True).count()
    found[Standing.VALID] = found[None] - sum(found[each] for each in CHIPS if each in found)
    return found


def sorts() -> Iterable[tuple[str, str]]:
    """The orders to choose from."""
    return [
        (Sort.NEWEST.value, _("Newest first")),
        (Sort.OLDEST.value, _("Oldest first")),
        (Sort.NAME.value, _("Name")),
    ]


def soon(now: datetime) -> date:
    """Until when a credential expires soon."""
    return (now + timedelta(days=standing.SOON.days)).date()


def _own(mine: Any, key: str) -> Any:
    return mine.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _one_of(kind: Any, value: str) -> Any:
    return kind(value) if value in set(kind) else None
