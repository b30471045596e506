"""Fulfilling a plan: every credential with its files, in a folder, by several processes, and continued when stopped.

Nothing is written before the plan is sound and a first certificate was drawn in memory. Then comes `batch.json`, then
the credentials, last the manifest: where there is a manifest, the batch is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from laurea.actions import artifacts, batch_folder, issuing, keyring, spreadsheets, whole_files, workers
from laurea.actions.artifacts import Outcome, Setup, Studio, issue, try_out
from laurea.actions.badges import badge_of
from laurea.actions.batches import RowError
from laurea.actions.issuing import Order
from laurea.actions.numbering import list_entries
from laurea.actions.planning import Plan, cells
from laurea.actions.workers import Crew
from laurea.credentials import keys
from laurea.credentials.errors import IssuingError, LaureaError
from laurea.credentials.status_list import StatusList

MANIFEST_COLUMNS = (
    "line",
    "code",
    "name",
    "email",
    "employee_number",
    "credential",
    "awarded",
    "expires",
    "files",
    "sha256",
    "address",
)
ERROR_COLUMNS = ("error_line", "error_column", "error_value", "error_reason")

SMALL = 40
"""Up to so many credentials, starting further processes takes longer than the work."""

_LONG_LIST = 2 * 1024
"""Bytes of a people file with some more rows than that."""

_CHUNK = 8


@dataclass(frozen=True, slots=True)
class Summary:
    """What a batch came to. `kept` credentials were there before, `issued` ones were made now."""

    issued: int
    kept: int
    errors: tuple[RowError, ...]
    folder: Path
    publish: tuple[tuple[Path, str], ...] = ()


@contextmanager
def crew_for(people: Path, jobs: int) -> Iterator[Crew | None]:
    """Start `jobs` processes for a long list, before it is even read; None for a short one, or one job."""
    try:
        size = people.stat().st_size
    except OSError:
        size = 0  # reading it will say what is wrong
    if jobs == 1 or size < _LONG_LIST:
        yield None
        return
    with workers.crew(jobs, module=artifacts.__name__) as crew:
        yield crew


def fulfil(
    plan: Plan,
    *,
    crew: Crew | None = None,
    strict: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Summary:
    """Issue what is planned into the plan's folder, or what is still missing there; tell `progress` as rows are done.

    Raises `LaureaError` before anything is written for what a rehearsal shows, and later when the disk or a worker
    fails: the batch can then be continued. With `strict`, an error in a row leaves nothing behind.
    """
    if not plan.rows:
        return _nothing_to_issue(plan)
    hands = _hands(plan, crew)
    _rehearse(plan, hands, crew.size if crew else 1)
    publish = _prepare(plan)
    try:
        counts, errors = _make_all(plan, hands, strict, progress)
    except _RowFailedError as failed:
        _undo(plan)
        raise failed.explained() from None
    except OSError as error:
        raise IssuingError(
            "issuing.disk",
            f"Writing stopped: {error.strerror or error}" + (f": {error.filename}" if error.filename else ""),
            "Put that right, then continue with the same command and --resume",
        ) from None
    return Summary(counts[False], counts[True], errors, plan.request.out, publish)


def rehearse(plan: Plan) -> None:
    """Draw the first certificate and badge in memory: what is wrong with the design shows, and nothing is written."""
    if plan.rows:
        _rehearse(plan, _hands(plan, None), 1)


class _RowFailedError(Exception):
    """An order could not be fulfilled although every check was passed, and the batch is to be whole or not at all."""

    def __init__(self, order: Order, reason: LaureaError) -> None:
        super().__init__(order, reason)
        self.order = order
        self.reason = reason

    def explained(self) -> IssuingError:
        return IssuingError(
            "issuing.strict",
            f"Line {self.order.line} failed, so nothing was issued: {self.reason.message}",
            self.reason.hint,
        )


Do = Callable[[Callable[[Studio, Sequence[Order]], list[Outcome]], Iterable[Sequence[Order]]], Iterator[list[Outcome]]]


def _hands(plan: Plan, crew: Crew | None) -> Do:
    """Whoever does the work: the crew, else, or for few credentials, this process."""
    setup = _setup(plan)
    if crew is None or len(plan.rows) <= SMALL:
        studio = Studio(setup)
        return lambda work, pieces: (work(studio, piece) for piece in pieces)
    return lambda work, pieces: crew.do(work, pieces, make_tool=Studio, setup=setup)


def _setup(plan: Plan) -> Setup:
    badge = badge_of(plan.achievement)
    return Setup(
        terms=plan.terms,
        key_pem=plan.key.to_pem(),
        appearance=replace(plan.achievement.appearance, badge=badge.picture()),
        badge=badge,
        design=plan.design,
        folder=plan.request.out,
        svg=plan.request.svg,
    )


def _rehearse(plan: Plan, hands: Do, jobs: int) -> None:
    first = next(plan.orders())
    for _outcomes in hands(try_out, [[first]] * jobs):  # once for each worker, so that all of them start now
        pass


def _prepare(plan: Plan) -> tuple[tuple[Path, str], ...]:
    """The key if it is new, `batch.json`, and what is to be published, before the first credential.

    The DID document is there for a did:key too, as what the issuer can hand to verifiers: “this key is ours”.
    """
    request, batch = plan.request, plan.batch
    if plan.new_key:
        keyring.store(plan.key, request.key, passphrase=request.passphrase)
    if not plan.begun:
        batch_folder.begin(request.out, batch)
    whole_files.remove_parts(request.out)
    did_document = request.out / batch_folder.DID_DOCUMENT
    if not did_document.exists():
        whole_files.write(did_document, keyring.did_document(batch.issuer, plan.key), durable=True)
    if batch.status_list is None:
        return ()
    status_list = batch_folder.status_list_file(request.out, batch.status_list)
    if not status_list.exists():  # else it may say already that something was revoked
        nothing_revoked = StatusList.empty(list_entries(len(plan.rows)))
        signed = issuing.status_list(nothing_revoked, batch.issuer, plan.key, batch.status_list, batch.moment)
        whole_files.write(status_list, signed, durable=True)
    return (did_document, keys.did_web_url(batch.issuer)), (status_list, batch.status_list)


def _make_all(
    plan: Plan, hands: Do, strict: bool, progress: Callable[[int], None]
) -> tuple[Counter[bool], tuple[RowError, ...]]:
    """Make every credential and list it in the manifest; give how many were made (False) and kept (True)."""
    counts: Counter[bool] = Counter()
    errors = list(plan.errors)
    out = plan.request.out
    with spreadsheets.writing(out / batch_folder.MANIFEST, MANIFEST_COLUMNS) as manifest_line:
        orders = plan.orders()
        for outcomes in hands(issue, _chunks(plan.orders())):
            for outcome, order in zip(outcomes, orders, strict=False):
                if outcome.error is None:
                    counts[outcome.kept] += 1
                    manifest_line(_manifest_cells(plan, order, outcome.sha256))
                elif strict:
                    raise _RowFailedError(order, outcome.error)
                else:
                    errors.append(_failed(order, outcome.error))
            progress(len(outcomes))
    _list_errors(plan, errors)
    whole_files.remove_parts(out)
    return counts, tuple(errors)


def _chunks(orders: Iterator[Order]) -> Iterator[list[Order]]:
    while chunk := list(islice(orders, _CHUNK)):
        yield chunk


def _manifest_cells(plan: Plan, order: Order, sha256: str) -> list[str]:
    endings = ("json", "pdf", "png", "svg") if plan.request.svg else ("json", "pdf", "png")
    return [
        str(order.line),
        order.code,
        order.name,
        order.email or "",
        order.employee_number or "",
        order.identifier,
        order.awarded.isoformat(),
        order.expires.isoformat() if order.expires else "",
        " ".join(f"{order.code}.{ending}" for ending in endings),
        sha256,
        plan.terms.address(order.code) or "",
    ]


def _failed(order: Order, error: LaureaError) -> RowError:
    return RowError(
        line=order.line, column="", value=order.name, reason=error.message, hint=error.hint, code=error.code
    )


def _list_errors(plan: Plan, errors: Iterable[RowError]) -> None:
    """`errors.csv`: the original cells of every line in error, and why; corrected, it can be issued as it is."""
    path = plan.request.out / batch_folder.ERRORS
    lines: dict[int, list[RowError]] = {}
    for error in errors:
        lines.setdefault(error.line, []).append(error)
    if not lines:
        path.unlink(missing_ok=True)
        return
    header = [column.label for column in plan.reading.columns]
    rejected = dict(plan.rejected)
    rejected |= {row.line: cells(row, plan.reading.columns) for row in plan.rows if row.line in lines}
    with spreadsheets.writing(path, [*header, *ERROR_COLUMNS]) as write_line:
        for line, found in sorted(lines.items()):
            original = list(rejected.get(line, ()))[: len(header)]
            original += [""] * (len(header) - len(original))
            columns, values, reasons = ([*dict.fromkeys(part)] for part in zip(*map(_parts, found), strict=True))
            write_line([*original, str(line), "; ".join(columns), "; ".join(values), "; ".join(reasons)])


def _parts(error: RowError) -> tuple[str, str, str]:
    return error.column, error.value, f"{error.reason}. {error.hint}" if error.hint else error.reason


def _nothing_to_issue(plan: Plan) -> Summary:
    """Only errors: they are listed, and the folder stays free for the corrected list."""
    if plan.errors:
        plan.request.out.mkdir(parents=True, exist_ok=True)
        _list_errors(plan, plan.errors)
    return Summary(0, 0, plan.errors, plan.request.out)


def _undo(plan: Plan) -> None:
    """Take back every file of the batch."""
    out = plan.request.out
    for order in plan.orders():
        for ending in ("json", "pdf", "png", "svg"):
            (out / f"{order.code}.{ending}").unlink(missing_ok=True)
    (out / batch_folder.DID_DOCUMENT).unlink(missing_ok=True)
    if plan.batch.status_list:
        batch_folder.status_list_file(out, plan.batch.status_list).unlink(missing_ok=True)
    (out / batch_folder.STATE).unlink(missing_ok=True)
