"""Judging what this installation issued, and whatever strangers hand over, by its own records first.

The verdict always comes from the signed text, by `laurea.credentials.verification.verify`; records only bring what must
be known for it: the issuer's keys, its status list, what was revoked and what was replaced. Other issuers' keys and
lists are fetched by `resolving`, one upload at a time in each process.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from laurea.actions import addresses, own_records, resolving, stolen_keys, verifying
from laurea.actions.own_records import NOT_HERE, About, OwnRecords
from laurea.actions.resolving import Ways
from laurea.actions.verifying import Question, Source, Verified
from laurea.credentials.code import parse_code
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import CodeError, LaureaError, ResolvingError
from laurea.credentials.trust import TrustedIssuer
from laurea.credentials.verification import Check, Materials, Outcome, Report, Verdict, verify
from laurea.credentials.verification.materials import issuer_of
from laurea.credentials.verification.presented import LARGEST_LIST
from laurea.credentials.verification.spans import Span, span
from laurea.records.models import Credential, Issuer

WAYS = Ways(seconds=4.0)
"""A page is being waited for: less patience than a command has."""

BUSY = "several people are asking at this moment; try again in a few seconds"
TOO_MANY = "too many other issuers were named at once; hand over fewer files at a time"

MOST_ASKED = 24
"""Identifiers and addresses that are asked for, for whatever is handed over at once."""

_LINKED_TYPES = f"{resolving.JSON_TYPES}, application/vc+jwt;q=0.7, application/pdf;q=0.6, image/*;q=0.5, */*;q=0.1"
_REMEMBERED = 1_024
_TOGETHER = 25
_NOT_TO_BE_TRUSTED = (Verdict.MALFORMED, Verdict.ALTERED)
_NOTHING = Materials()
_fetching = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a file: the answer about the file itself, and the record here that it is, or claims to be, one of.

    `record` is found by the identifier inside the document, so it says nothing about the file: an altered copy has the
    genuine record. `in_force` is the record that replaced it, or the record itself. `issuer` is the one of this
    installation that the document names; `namesake` is one that is trusted, or issues here, and whose name somebody
    else goes by.
    """

    verified: Verified
    record: Credential | None = None
    in_force: Credential | None = None
    issuer: Issuer | None = None
    namesake: TrustedIssuer | None = None

    @property
    def replaced(self) -> bool:
        """Whether a newer edition took the place of a credential that is what it claims to be."""
        return (
            self.record is not None
            and self.record.superseded is not None
            and self.verified.verdict not in _NOT_TO_BE_TRUSTED
        )


def judge(credential: Credential, *, now: datetime) -> Report:
    """The report about a record, from its text. Its `issuer` and `status_list` are loaded; the keys are one query.

    The part that costs, canonical forms and signatures, is remembered in this process by the bytes that decide: text,
    status list and keys. So is the span of time in which no date in them changes an answer.
    """
    text = credential.text.encode()
    listed = credential.status_list
    keys = stolen_keys.for_judging(stolen_keys.keys_of(credential.issuer), text)
    lists = (listed,) if listed is not None else ()
    report = _remembering(
        (text, listed.text.encode() if listed is not None else b"", *(key.state for key in keys)),
        lambda: verify(text, own_records.materials(credential.issuer, keys, lists), now=now),
        now,
    )
    return stolen_keys.told(_with_record(report, credential, {key.did for key in keys}), keys)


def judge_file(data: bytes, *, now: datetime, name: str = "-", online: bool = True, ways: Ways = WAYS) -> Judged:
    """Judge what somebody handed over, of whatever issuer; nothing of it is kept. Never raises.

    Without `online`, and while somebody else's upload is being looked into, nothing is fetched.
    """
    return next(judge_all([Source(name, lambda: data)], now=now, online=online, ways=ways))


def judge_link(address: str, *, now: datetime, ways: Ways = WAYS) -> Judged:
    """Judge what lies at an https address, as `judge_file` does; one of this installation's own is not asked."""
    if address.startswith(f"{addresses.base()}/"):
        problem = ResolvingError("link.here", "This address is on this very site", "Type the code of the credential")
        return Judged(Verified(address, None, problem=problem))
    if not _fetching.acquire(blocking=False):
        said = ResolvingError("link.busy", f"Nothing was fetched: {BUSY}")
        return Judged(Verified(address, None, problem=said))
    try:
        body = resolving.fetch(address, accept=_LINKED_TYPES, ways=ways).body
    except LaureaError as error:
        return Judged(Verified(address, None, problem=error))
    finally:
        _fetching.release()
    if body.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        problem = ResolvingError(
            "link.page",
            "There is a web page at this address, not a credential",
            "Download the credential there, and hand over the file",
        )
        return Judged(Verified(address, None, problem=problem))
    return judge_file(body, now=now, name=address, ways=ways)


def judge_all(
    sources: Iterable[Source],
    *,
    now: datetime,
    recipient: str | None = None,
    online: bool = True,
    most_asked: int = MOST_ASKED,
    ways: Ways = WAYS,
) -> Iterator[Judged]:
    """Judge many as `judge_file` does, in their order; what several need is fetched once.

    At most `most_asked` identifiers and addresses are asked for. `recipient` is whom they should belong to.
    """
    alone = online and _fetching.acquire(blocking=False)
    because = verifying.OFFLINE if not online else BUSY
    question = Question(
        now=now, recipient=recipient, online=alone, because=because, folder=None, at_hand=at_hand, ways=ways
    )
    try:
        fetched, allowance, records = Materials(), _Allowance(most_asked), OwnRecords()
        waiting = iter(sources)
        while found := [verifying.find(source, question) for source in islice(waiting, _TOGETHER)]:
            together = records.about(found)
            fetched = _fetched(together, fetched, question, allowance)
            for about in together:
                yield _judge(about, fetched, question)
    finally:
        if alone:
            _fetching.release()


def at_hand(address_or_code: str) -> bytes | None:
    """The text of the credential in force with a code, or at the address of a page of this installation."""
    own = f"{addresses.base()}/c/"
    if "://" in address_or_code and not address_or_code.startswith(own):
        return None
    try:
        code = parse_code(address_or_code.removeprefix(own))
    except CodeError:
        return None
    found = Credential.objects.filter(code=code, superseded__isnull=True).values_list("text", flat=True).first()
    return found.encode() if found is not None else None


class _Allowance:
    """Says of identifiers and addresses whether they may be asked for: none of our own, and not too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: set[str] = set()

    def refusal(self, name: str) -> str | None:
        """Why `name` is not asked for, if it is not."""
        if name.startswith(f"{addresses.base()}/") or own_records.is_own(name):
            return NOT_HERE  # whoever asks this installation about itself would wait for himself
        if name not in self._asked and len(self._asked) >= self._most:
            return TOO_MANY
        self._asked.add(name)
        return None


def _fetched(together: Sequence[About], before: Materials, question: Question, allowance: _Allowance) -> Materials:
    """`before`, and what records lack for all of them. What they have is not in it: each has his own."""
    texts = [about.found.text for about in together if not _has_all(about)]
    if not texts:
        return before
    if question.online:
        return resolving.gather_for(texts, before, ways=question.ways, never=allowance.refusal)
    return resolving.decline([about.wanted for about in together], before, question.because)


def _has_all(about: About) -> bool:
    wanted = about.wanted
    return not wanted.grows and all(map(about.known.has, (*wanted.dids, *wanted.status_lists, *wanted.documents)))


def _judge(about: About, fetched: Materials, question: Question) -> Judged:
    found, record = about.found, about.record
    if found.problem is not None:
        return Judged(Verified(found.name, found.kind, problem=found.problem))
    materials = _joined(about.known, fetched)
    report = verify(found.text, materials, now=question.now, recipient=question.recipient)
    if about.issuer is not None:
        report = stolen_keys.told(_with_record(report, record, {key.did for key in about.keys}), about.keys)
    digest = hashlib.sha256(found.text.strip()).hexdigest()
    in_force = record
    if record is not None and record.superseded is not None:
        in_force = Credential.objects.filter(code=record.code, superseded__isnull=True).first()
    namesake = None
    if report.verdict is Verdict.ISSUER_UNKNOWN:
        who = report.issuer
        namesake = materials.trust_list.namesake(who.get("claimedName", ""), who.get("id", ""))
    return Judged(Verified(found.name, found.kind, digest, report), record, in_force, about.issuer, namesake)


def _joined(known: Materials, fetched: Materials) -> Materials:
    """What records know, and for the rest what was fetched."""
    if fetched == _NOTHING:
        return known
    return replace(
        known,
        did_documents={**fetched.did_documents, **known.did_documents},
        status_lists={**fetched.status_lists, **known.status_lists},
        documents={**fetched.documents, **known.documents},
        failures={**fetched.failures, **known.failures},
    )


def _with_record(report: Report, record: Credential | None, own_keys: set[str]) -> Report:
    """What records say beyond the document: who a bare key is, and whether the issuer revoked the credential here."""
    issuer = issuer_of(report.document) if report.document is not None else None
    by_own_key = issuer in own_keys
    checks = []
    for check in report.checks:
        if check.message == "issuer.vouched" and by_own_key:
            checks.append(replace(check, message="issuer.here"))
        elif check.id == "status" and record is not None and record.revoked is not None:
            detail = check.detail or "revoked in the records of this installation"
            checks.append(Check("status", Outcome.FAILED, "status.revoked", {}, detail, Verdict.REVOKED))
        elif check.message == "status.revoked" and record is not None and record.superseded is not None:
            checks.append(replace(check, message="status.superseded"))  # see `superseding`
        elif check.message == "status.none" and by_own_key and record is not None:
            checks.append(replace(check, outcome=Outcome.PASSED, message="status.here"))
        else:
            checks.append(check)
    return replace(report, checks=tuple(checks))


# --- What was found out before ----------------------------------------------------------------------------------------


_known_reports: OrderedDict[bytes, tuple[Report, Span]] = OrderedDict()
_lock = threading.Lock()


def _remembering(parts: Sequence[bytes], judge_anew: Callable[[], Report], now: datetime) -> Report:
    digest = hashlib.sha256()
    for part in (addresses.base().encode(), *parts):
        digest.update(len(part).to_bytes(8, "big") + part)
    key = digest.digest()
    with _lock:
        known = _known_reports.get(key)
        if known is not None:
            _known_reports.move_to_end(key)
    if known is None or not known[1].holds(now):
        known = (judge_anew(), _span(parts[:2], now))
        with _lock:
            _known_reports[key] = known
            while len(_known_reports) > _REMEMBERED:
                _known_reports.popitem(last=False)
    return replace(known[0], now=now)


def _span(texts: Iterable[bytes], now: datetime) -> Span:
    """The time around `now` in which no date in `texts` changes an answer."""
    documents: list[Document] = []
    for text in texts:
        try:
            documents += [parse(text, max_bytes=LARGEST_LIST)] if text else ()
        except LaureaError:
            continue  # unreadable today, unreadable tomorrow
    return span(documents, now)
