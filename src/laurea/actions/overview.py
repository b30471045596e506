"""Overview: what an issuer's staff should look at now, and how much was issued; a few queries that indexes answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from laurea.actions import addresses, searching
from laurea.actions.searching import Wanted
from laurea.actions.standing import Standing
from laurea.records.models import Batch, Credential, Delivery, DesignVersion, Issuer

_WAITING = (Batch.State.MAPPING, Batch.State.REVIEW, Batch.State.STOPPED, Batch.State.FAILED)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Steps:
    """What a new issuer has done of what comes first."""

    organisation: bool
    design: bool
    achievement: bool
    issued: bool

    @property
    def done(self) -> bool:
        """Whether somebody has found their way: something was issued."""
        return self.issued


@dataclass(frozen=True, slots=True)
class Overview:
    """`waiting` are batches that wait for somebody, `stuck` ones that wait for the machine and say why.

    `lasting` is whether the installation has an address that signed documents can name.
    """

    waiting: list[Batch]
    stuck: list[Batch]
    mails_failed: int
    expiring: int
    lasting: bool
    steps: Steps
    this_month: int
    this_year: int
    batches: list[Batch]
    credentials: list[Credential]

    @property
    def calm(self) -> bool:
        """Whether nothing needs anybody."""
        return not (self.waiting or self.stuck or self.mails_failed or self.expiring)


def of(issuer: Issuer, now: datetime) -> Overview:
    """The overview of `issuer` at `now`; months and years begin where the issuer is."""
    local = now.astimezone(ZoneInfo(issuer.time_zone))
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year = month.replace(month=1)
    issued = Credential.objects.filter(issuer=issuer, valid_from__gte=year).aggregate(
        year=Count("pk"), month=Count("pk", filter=Q(valid_from__gte=month))
    )
    batches = issuer.batches.filter(by_hand=False).select_related("achievement").defer("reading", "options")
    credentials = Credential.objects.filter(issuer=issuer, superseded__isnull=True).select_related("achievement")
    recent = list(credentials.defer("text").order_by("-valid_from", "-pk")[:_SHOWN])
    return Overview(
        waiting=list(batches.filter(state__in=_WAITING).order_by("-created")[:_SHOWN]),
        stuck=list(batches.filter(state=Batch.State.ISSUING).exclude(problem="").order_by("-created")[:_SHOWN]),
        mails_failed=Delivery.objects.filter(issuer=issuer, state=Delivery.State.FAILED).count(),
        expiring=searching.counted(searching.credentials(issuer, Wanted(standing=Standing.EXPIRING), now=now)),
        lasting=addresses.lasting(),
        steps=_steps(issuer, bool(recent)),
        this_month=issued["month"],
        this_year=issued["year"],
        batches=list(batches.order_by("-created")[:_SHOWN]),
        credentials=recent,
    )


def _steps(issuer: Issuer, issued: bool) -> Steps:
    if issued:
        return Steps(True, True, True, True)
    chosen = DesignVersion.objects.filter(design__issuer=issuer, number__gt=1).exists()
    return Steps(
        organisation=bool(issuer.logo_id or issuer.url or issuer.description),
        design=chosen or issuer.achievements.exists(),
        achievement=issuer.achievements.exists(),
        issued=False,
    )
