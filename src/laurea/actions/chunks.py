"""Working on chunks: from rows to signed credentials with certificates and badges, each exactly once.

1. Everything is made in memory: documents, proofs, certificates, badges. A row that cannot be made fails here, before
   anything of it exists; the others go on.
2. One transaction stores people, credentials, held messages and what became of each row, if the claim still holds.
3. The files are put into the storage, drawn from the very text that is on record; then one transaction releases the
   messages and calls the chunk done.

Whoever dies before 2 has done nothing. Whoever dies before 3 is followed by somebody who reads the texts from the
records and draws what is missing. The machine's trouble is no row's fault: the chunk goes back and the batch waits.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, transaction
from django.utils import timezone

from laurea.actions import auditing, enrolling, freezing, ledger, ordering, storing, superseding, workshop
from laurea.actions.auditing import Act
from laurea.actions.enrolling import Applicant
from laurea.actions.issuing import LAST_SECOND, Order, credential
from laurea.actions.ledger import Claim, FencedError
from laurea.actions.numbering import Numbers, numbers
from laurea.actions.status_lists import Entry
from laurea.actions.storing import StoringError
from laurea.actions.superseding import Succession, Superseded
from laurea.actions.workshop import Press, Tools
from laurea.credentials.document import JSON, parse
from laurea.credentials.errors import IssuingError, LaureaError
from laurea.records.models import Artifact, Batch, Chunk, Credential, Delivery, Email, Key, Person, Row

_HEARTBEAT = 0.5
"""Seconds between signs of life, which also move the progress that people see."""

_HANDS = 4
"""Files that one worker puts into the storage at the same time."""

_TRIES = 3
_OF_THE_MACHINE = (StoringError, OperationalError, InterfaceError, InternalError, OSError)
_LOG = logging.getLogger(__name__)

_HINT = "Issue this line again in another batch; if it fails again, tell whoever runs this installation"
_KILLS = IssuingError("row.ends-workers", "Each attempt to make this credential ended the process that made it", _HINT)
_NOT_STORED = IssuingError("row.not-stored", "The database does not take what stands in this line", _HINT)
_CANNOT_BE_MADE = IssuingError("row.cannot-be-made", "No credential can be made from this line", _HINT)


class _PanicError(Exception):
    """The compiler of certificates has panicked: nothing that it left behind is to be trusted."""


def work_on_next(*, worker: str, now: datetime) -> bool:
    """Take a chunk and do what is left to do of it; False when there is none.

    A `MemoryError` is let through: the worker is to end, as one that the system kills for its memory does.
    """
    held = ledger.claim(worker, now)
    if held is None:
        return False
    try:
        _work_on(held)
    except FencedError:
        _LOG.warning("Batch %s: chunk %s was taken over by another worker", held.batch, held.chunk)
    except MemoryError:
        raise
    except Exception as error:
        if not isinstance(error, LaureaError):
            log(error)
        with suppress(FencedError):
            ledger.release(held, ledger.explained(error), timezone.now())
    return True


def log(error: BaseException) -> None:
    """Where it happened and what kind it is; not its words, in which there may be names."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    _LOG.error("%s at %s", type(error).__name__, " > ".join(ours))


@dataclass(frozen=True, slots=True)
class _Made:
    """A credential in memory, with its files."""

    row: Row
    applicant: Applicant
    order: Order
    text: bytes
    pdf: bytes = field(repr=False)
    png: bytes = field(repr=False)
    entry: Entry | None
    replaces: Succession | None


class _Pulse:
    """Signs of life every half second, with the number of rows drawn so far."""

    def __init__(self, held: Claim) -> None:
        self._held = held
        self._last = monotonic()

    def due(self) -> bool:
        return monotonic() - self._last >= _HEARTBEAT

    def beat(self, drawn: int) -> None:
        """Raises `FencedError`."""
        ledger.renew(self._held, timezone.now(), rendered=drawn)
        self._last = monotonic()


def _work_on(held: Claim) -> None:
    if held.attempts >= ledger.MOST_ATTEMPTS:
        _isolate(held, _KILLS)
        return
    batch = Batch.objects.select_related("design_version", "confirmed_by").get(pk=held.batch)
    batch.achievement = freezing.as_confirmed(batch)
    batch.issuer = batch.achievement.issuer
    if held.state == Chunk.State.SIGNED:
        _store(held, _missing(held, batch))
    else:
        _issue(held, batch)


def _issue(held: Claim, batch: Batch, tries: int = _TRIES) -> None:
    tools = workshop.tools(batch)
    try:
        made, failed = _make(held, batch, tools)
        credentials = _record(held, batch, tools, made, failed)
    except (FencedError, LaureaError, MemoryError, *_OF_THE_MACHINE):
        raise
    except _PanicError:
        workshop.forget()
        _isolate(held, _CANNOT_BE_MADE)
    except Exception as error:
        if isinstance(error, IntegrityError) and tries > 1:
            # Somebody has just enrolled one of the people, or renewed one of the credentials: look again.
            _issue(held, batch, tries - 1)
        else:  # the database does not take a value
            log(error)
            _isolate(held, _NOT_STORED)
    else:
        files = [(each, {"pdf": one.pdf, "png": one.png}) for each, one in zip(credentials, made, strict=True)]
        _store(held, files, drawn=len(files))


def _isolate(held: Claim, error: LaureaError) -> None:
    """Come nearer to the row that cannot be worked on; alone in its chunk, it is given up."""
    if held.rows > 1:
        ledger.split(held)
        return
    now = timezone.now()
    with transaction.atomic():
        row = Row.objects.get(chunk=held.chunk)
        if held.state == Chunk.State.SIGNED:
            _note(row, error)  # the credential is there and stays good; only its files cannot be drawn
        else:
            fail(row, error)
            ledger.write(held, failed=1)
        _finish(held, [], now)
    _LOG.error("Batch %s: line %s is given up: %s", held.batch, row.line, error.code)


# --- Making -----------------------------------------------------------------------------------------------------------


def _make(held: Claim, batch: Batch, tools: Tools) -> tuple[list[_Made], list[tuple[Row, LaureaError]]]:
    """The credentials and files of all rows, in memory; and why some cannot be made. Only signs of life are written."""
    made: list[_Made] = []
    failed: list[tuple[Row, LaureaError]] = []
    pulse = _Pulse(held)
    rows = list(Row.objects.filter(chunk=held.chunk).select_related("person").order_by("order"))
    applicants, replaced = _who(batch, rows, failed)
    for row in rows:
        if row.pk not in applicants:
            continue
        try:
            made.append(_make_one(batch, tools, row, applicants[row.pk], replaced.get(row.pk)))
        except (MemoryError, *_OF_THE_MACHINE):
            raise
        except BaseException as error:
            failed.append((row, _reason(error)))
        if pulse.due():
            pulse.beat(len(made))
    return made, failed


def _who(
    batch: Batch, rows: Sequence[Row], failed: list[tuple[Row, LaureaError]]
) -> tuple[dict[int, Applicant], dict[int, Succession]]:
    """Who gets a credential, and whose place it takes, by row."""
    applicants: dict[int, Applicant] = {}
    for row in rows:
        try:
            read = ordering.read(row)
            enrolling.require_fitting(read)
            applicants[row.pk] = Applicant(read, row.person)
        except Exception as error:
            failed.append((row, _reason(error)))
    people = dict(zip(applicants, enrolling.match(batch.issuer, list(applicants.values())), strict=True))
    found, too_late = superseding.successions(batch, [row for row in rows if row.pk in applicants], people)
    for row, _why in too_late:
        del applicants[row.pk]
    failed += too_late
    return applicants, found


def _make_one(batch: Batch, tools: Tools, row: Row, applicant: Applicant, replaces: Succession | None) -> _Made:
    fixed = numbers(bytes(batch.seed or b""), row.line)
    if replaces is not None:  # a new document under the code that people know
        fixed = Numbers(replaces.old.code, fixed.identifier, fixed.salt)
    entry = tools.entries.of(row.order or 0)
    order = ordering.order(applicant.row, batch.achievement, tools.rules, fixed, index=entry.index if entry else None)
    document = credential(tools.terms_with(entry), order).to_document()
    text = tools.signer.sign(document)
    pdf, png = tools.press.draw(document, text, order.code, tools.rules.moment)
    return _Made(row, applicant, order, text, pdf, png, entry, replaces)


def _reason(error: BaseException) -> LaureaError:
    """Why a row failed, in plain words. Raises what is no row's fault."""
    if type(error).__module__ == "pyo3_runtime":
        log(error)
        raise _PanicError from None
    if not isinstance(error, Exception):
        raise error
    if isinstance(error, LaureaError):
        return error
    log(error)
    return _CANNOT_BE_MADE


# --- Recording --------------------------------------------------------------------------------------------------------


def _record(
    held: Claim, batch: Batch, tools: Tools, made: Sequence[_Made], failed: Sequence[tuple[Row, LaureaError]]
) -> list[Credential]:
    """Store it all in one transaction, guarded by the claim. Raises `FencedError`, `DatabaseError`."""
    now = timezone.now()
    with transaction.atomic():
        ledger.signed(held, now, issued=len(made), failed=len(failed))
        _require_good(tools.key)
        people = enrolling.enrol(batch.issuer, [each.applicant for each in made], now=now, actor=batch.confirmed_by)
        done = superseding.supersede([each.replaces for each in made if each.replaces], now)
        credentials = Credential.objects.bulk_create(
            _credential(batch, tools, each, person, done, now) for each, person in zip(made, people, strict=True)
        )
        acts = [*done.acts, *(_act(batch, issued) for issued in credentials)]
        auditing.note_all(acts, issuer=batch.issuer, now=now, actor=batch.confirmed_by)
        if batch.send_mail:
            Delivery.objects.bulk_create(_deliveries(batch, made, credentials, people, now))
        Row.objects.filter(pk__in=[each.row.pk for each in made]).update(outcome=Row.Outcome.ISSUED)
        for row, error in failed:
            fail(row, error)
    return credentials


def _require_good(key: Key) -> None:
    """A key that was declared stolen while we signed with it signs nothing more.

    No lock: what slips through in the same instant is entered into the log after the theft, and is listed with what is
    to be issued anew (`stolen_keys`).
    """
    if Key.objects.filter(pk=key.pk, state=Key.State.COMPROMISED).exists():
        raise IssuingError("issuing.key-changed", "The signing key has just changed", "It is tried again")


def fail(row: Row, error: LaureaError) -> None:
    """Say at the row why nothing became of it."""
    row.outcome = Row.Outcome.FAILED
    _note(row, error)


def _note(row: Row, error: LaureaError) -> None:
    problem = {"column": "", "position": 0, "value": "", "reason": error.message, "hint": error.hint}
    row.problems = [*row.problems, {**problem, "code": error.code, "fatal": True}]
    row.save(update_fields=["outcome", "problems"])


def _act(batch: Batch, issued: Credential) -> Act:
    facts: dict[str, JSON] = {"batch": batch.pk}
    if issued.supersedes is not None:
        facts |= {"supersedes": issued.supersedes.identifier, "because": str(issued.because)}
    return auditing.of_credential("credential.issued", issued, facts)


def _credential(batch: Batch, tools: Tools, made: _Made, person: Person, done: Superseded, now: datetime) -> Credential:
    order, old = made.order, made.replaces.old if made.replaces else None
    return Credential(
        issuer=batch.issuer,
        code=order.code,
        identifier=order.identifier,
        text=made.text.decode("utf-8"),
        sha256=hashlib.sha256(made.text).hexdigest(),
        achievement=batch.achievement,
        person=person,
        design_version=batch.design_version,
        key=tools.key,
        batch=batch,
        row=made.row,
        name=order.name,
        email=order.email or "",
        awarded=order.awarded,
        valid_from=tools.rules.moment,
        valid_until=datetime.combine(order.expires, LAST_SECOND, UTC) if order.expires else None,
        status_list=made.entry.status_list if made.entry else None,
        status_index=made.entry.index if made.entry else None,
        supersedes=old,
        because=made.replaces.because if made.replaces else "",
        published=old.published if old else False,
        created=now,
        **(done.plans.get(old.pk, {}) if old else {}),
    )


def _deliveries(
    batch: Batch, made: Sequence[_Made], credentials: Sequence[Credential], people: Sequence[Person], now: datetime
) -> Iterable[Delivery]:
    """A message to each holder who has an address, held until the certificate is there."""
    silent = [person for person, issued in zip(people, credentials, strict=True) if not issued.email]
    primary = dict(Email.objects.filter(person__in=silent, primary=True).values_list("person_id", "address"))
    for one, issued, person in zip(made, credentials, people, strict=True):
        address = issued.email or primary.get(person.pk)
        if address:
            yield Delivery(
                issuer=batch.issuer,
                credential=issued,
                address=address,
                language=one.applicant.row.language or person.language or batch.issuer.language,
                created=now,
            )


# --- Files ------------------------------------------------------------------------------------------------------------


def place(issued: Credential, kind: str) -> str:
    """Where the artifact of a credential lies in the storage."""
    digits = issued.identifier.rpartition(":")[2]
    return f"artifacts/{issued.issuer_id}/{digits[:2]}/{digits}.{kind}"


def _store(held: Claim, files: Iterable[tuple[Credential, Mapping[str, bytes]]], *, drawn: int = 0) -> None:
    """Put files into the storage and note them; then release the messages and finish the chunk.

    `drawn` rows were drawn before. Raises `StoringError`, `FencedError`.
    """
    pulse = _Pulse(held)
    noted: list[Artifact] = []
    # A storage elsewhere answers slowly, but many at once.
    with ThreadPoolExecutor(_HANDS) as hands, closing(_put_each(files, hands)) as all_puttings:
        for number, putting in enumerate(all_puttings, 1):
            noted += [each.result() for each in putting]
            if pulse.due():
                with transaction.atomic():
                    pulse.beat(max(drawn, number))
                    _keep(noted)
                noted = []
    with transaction.atomic():
        _finish(held, noted, timezone.now())


def _put_each(
    files: Iterable[tuple[Credential, Mapping[str, bytes]]], hands: ThreadPoolExecutor
) -> Generator[list[Future[Artifact]]]:
    """Begin to put the files of each credential, a few credentials ahead of what the caller waits for."""
    ahead: deque[list[Future[Artifact]]] = deque()
    try:
        for issued, contents in files:
            ahead.append([hands.submit(put, issued, kind, content) for kind, content in contents.items()])
            if len(ahead) > _HANDS:
                yield ahead.popleft()
        while ahead:
            yield ahead.popleft()
    finally:
        for putting in ahead:
            for each in putting:
                each.cancel()


def _finish(held: Claim, noted: Sequence[Artifact], now: datetime) -> None:
    ledger.done(held, now)
    _keep(noted)
    # A list of numbers, so that no planner comes to read all messages that are held.
    issued = list(Credential.objects.filter(row__chunk=held.chunk).values_list("pk", flat=True))
    Delivery.objects.filter(credential__in=issued, state=Delivery.State.HELD).update(
        state=Delivery.State.DUE, not_before=now
    )


def put(issued: Credential, kind: str, content: bytes) -> Artifact:
    """Store one file of a credential; the note of it is not saved yet. Raises `StoringError`."""
    name = place(issued, kind)
    storing.put(name, content)
    return Artifact(
        credential=issued, kind=kind, name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
    )


def _keep(artifacts: Sequence[Artifact]) -> None:
    Artifact.objects.bulk_create(
        artifacts,
        update_conflicts=True,
        unique_fields=["credential", "kind"],
        update_fields=["name", "sha256", "size", "created"],
    )


def _missing(held: Claim, batch: Batch) -> Iterator[tuple[Credential, Mapping[str, bytes]]]:
    """The files of credentials on record that are not, or not whole, in the storage."""
    press: Press | None = None
    issued = Credential.objects.filter(row__chunk=held.chunk).select_related("row").prefetch_related("artifacts")
    for each in issued.order_by("row__order"):
        whole = {artifact.kind for artifact in each.artifacts.all() if storing.size(artifact.name) == artifact.size}
        if len(whole) == len(Artifact.Kind):
            yield each, {}
            continue
        if press is None:
            press = workshop.press(batch.achievement, each.design_version)
        yield each, _drawn_again(press, each, whole)


def _drawn_again(press: Press, issued: Credential, whole: Collection[str]) -> dict[str, bytes]:
    """From the text on record. What can no longer be drawn is said at the row: the credential itself stays good."""
    text = issued.text.encode("utf-8")
    try:
        pdf, png = press.draw(parse(text), text, issued.code, issued.valid_from)
    except (MemoryError, *_OF_THE_MACHINE):
        raise
    except BaseException as error:
        _note(issued.row, _reason(error))
        return {}
    return {kind: content for kind, content in (("pdf", pdf), ("png", png)) if kind not in whole}
