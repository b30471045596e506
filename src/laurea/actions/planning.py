"""Before anything is written: read the people, the achievement, the design and the key, and check all of it.

A plan holds everything a batch is made of. Whatever could stop the batch, stops it here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from laurea.actions import achievements, batch_folder, batches, issuing, keyring, vetting
from laurea.actions.achievements import AchievementFile
from laurea.actions.batch_folder import Batch
from laurea.actions.batches import Column, DateOrder, PersonRow, Question, Reading, RowError
from laurea.actions.batches.tables import MAX_BYTES
from laurea.actions.issuing import Order, Terms
from laurea.actions.numbering import SEED_BYTES, list_name, numbers, status_indexes
from laurea.actions.vetting import Rules
from laurea.credentials import keys
from laurea.credentials.errors import IssuingError, LaureaError
from laurea.credentials.keys import SigningKey
from laurea.credentials.vocabulary import terms as vocabulary
from laurea.rendering import fonts
from laurea.rendering.design import Design, load_design


class UndecidedError(LaureaError):
    """The people file can mean two things, and only a person knows which: ask `question`, then plan again."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.code, question.message, "")
        self.question = question


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for. `design`, `language`, `issuer_did` and `base_url` go before the achievement's own."""

    people: Path
    achievement: Path
    out: Path
    key: Path = keyring.DEFAULT_PATH
    passphrase: bytes | None = field(default=None, repr=False)
    design: str | None = None
    language: str | None = None
    issuer_did: str | None = None
    base_url: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    where: tuple[tuple[str, str], ...] = ()
    date_order: DateOrder | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    svg: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a batch, checked.

    `begun` says that the folder holds the batch already, `new_key` that no key file exists yet. `rows` are those that
    become credentials; `errors` say why others cannot, and `rejected` holds the cells of their lines.
    """

    request: Request
    reading: Reading
    achievement: AchievementFile
    design: Design
    key: SigningKey
    new_key: bool
    batch: Batch
    begun: bool
    terms: Terms
    rows: tuple[PersonRow, ...]
    errors: tuple[RowError, ...]
    rejected: Mapping[int, tuple[str, ...]]
    warnings: tuple[str, ...]

    def orders(self) -> Iterator[Order]:
        """The credentials to be made, in the order of the people file; the same ones whenever this is asked."""
        indexes = status_indexes(self.batch.seed, len(self.rows)) if self.batch.status_list else None
        include = self.achievement.include
        rules = _rules(self.achievement, self.batch)
        for position, row in enumerate(self.rows):
            fixed = numbers(self.batch.seed, row.line)
            yield Order(
                line=row.line,
                code=fixed.code,
                identifier=fixed.identifier,
                salt=fixed.salt,
                name=row.name,
                email=row.email,
                employee_number=row.employee_number,
                awarded=row.awarded or self.batch.awarded,
                expires=rules.expires(row),
                status_index=indexes[position] if indexes else None,
                credits=row.hours if "hours" in include and row.hours else self.achievement.credits,
                result=row.result if "result" in include else None,
                evidence=row.evidence if "evidence" in include else None,
            )


def plan(request: Request, now: datetime) -> Plan:
    """Read and check everything; write nothing.

    `now` has a time zone, whose calendar names the day for rows without one. Raises `LaureaError` for whatever must be
    put right before anything can be issued, and `UndecidedError` while only a person can say what the file means.
    """
    begun = _begun(request)
    achievement = _achievement(request)
    design = load_design(design_of(achievement, request.achievement, request.design))
    key, new_key, warnings = _key(request, begun=begun is not None)
    did = _did(request, achievement, key)
    base_url = _base_url(request, achievement, did)
    people = _people(request.people)
    reading = _reading(request, people, now.date())
    inputs = _inputs(request, people, achievement, design, key, (did, base_url))
    if begun is not None:
        batch_folder.require_same(begun, inputs)
    batch = begun or _new_batch(did, base_url, inputs, now)
    rows, errors, rejected = _sound(reading, achievement, batch)
    return Plan(
        request=request,
        reading=reading,
        achievement=achievement,
        design=design,
        key=key,
        new_key=new_key,
        batch=batch,
        begun=begun is not None,
        terms=Terms(
            issuer=issuing.profile(achievement.issuer, did),
            achievement=issuing.achievement(achievement, achievement.identifier(did, base_url)),
            valid_from=batch.moment,
            status_list=batch.status_list,
            base_url=base_url,
        ),
        rows=rows,
        errors=errors,
        rejected=rejected,
        warnings=warnings,
    )


def _begun(request: Request) -> Batch | None:
    begun = batch_folder.find(request.out)
    if begun is not None and not request.resume:
        raise IssuingError(
            "folder.begun",
            f"{request.out} holds a batch already",
            "Continue it with the same command and --resume, or name another folder with --out",
        )
    return begun


def _new_batch(did: str, base_url: str | None, inputs: Mapping[str, str], now: datetime) -> Batch:
    seed = secrets.token_bytes(SEED_BYTES)
    return Batch(
        seed=seed,
        moment=now.astimezone(UTC).replace(microsecond=0),
        awarded=now.date(),
        issuer=did,
        status_list=f"{base_url}/status/{list_name(seed)}" if did.startswith("did:web:") else None,
        inputs=inputs,
    )


def _achievement(request: Request) -> AchievementFile:
    read = achievements.read(request.achievement)
    if request.language and not vocabulary.LANGUAGE.fullmatch(request.language):
        raise IssuingError("issuing.language", f"{request.language!r} is no language tag", "Such as en, de or pt-BR")
    read = achievements.with_language(read, request.language) if request.language else read
    _require_printable(read)
    return read


def _require_printable(achievement: AchievementFile) -> None:
    """Every text of the certificate that does not come from a row."""
    texts = {
        "achievement name": achievement.name,
        "description": achievement.description,
        "issuer name": achievement.issuer.name,
        "skills": " ".join(skill.name for skill in achievement.skills),
        "tags": " ".join(achievement.tags),
        "signatories": " ".join(f"{who.name} {who.role}" for who in achievement.appearance.signatories),
        "design texts": " ".join(achievement.appearance.messages.values()),
        "design options": " ".join(achievement.appearance.options.values()),
    }
    for where, text in texts.items():
        fonts.require_characters(" ".join(text.split()), where)


def design_of(achievement: AchievementFile, file: Path | None, asked: str | None) -> str | Path:
    """The design that is `asked` for, else the achievement's: a name, or a folder beside the achievement's `file`."""
    if asked:
        return asked
    beside = file.parent / achievement.design if file else Path(achievement.design)
    return beside if (beside / "design.toml").is_file() else achievement.design


def _key(request: Request, *, begun: bool) -> tuple[SigningKey, bool, tuple[str, ...]]:
    if request.key.exists() or request.key != keyring.DEFAULT_PATH or begun:
        stored = keyring.load(request.key, passphrase=request.passphrase)
        return stored.key, False, stored.warnings
    return keyring.new_key(), True, ()


def _did(request: Request, achievement: AchievementFile, key: SigningKey) -> str:
    asked = request.issuer_did or achievement.issuer.did
    own = keys.did_key(key.verification_key)
    if asked is None or asked == own:
        return own
    if asked.startswith("did:key:"):
        raise IssuingError("issuing.did", f"{asked} is another key's identifier", f"This key's own is {own}")
    return keyring.did_web(asked)


def _base_url(request: Request, achievement: AchievementFile, did: str) -> str | None:
    asked = request.base_url or achievement.issuer.base_url
    if asked:
        if not vocabulary.HTTP_URL.fullmatch(asked) or not asked.startswith("https://") or {"?", "#"} & set(asked):
            raise IssuingError(
                "issuing.base-url", f"{asked!r} is no https address", "Such as https://badges.example.com"
            )
        return asked.rstrip("/")
    if not did.startswith("did:web:"):
        return None
    return keys.did_web_url(did).removesuffix("/did.json").removesuffix("/.well-known")


def _inputs(
    request: Request,
    people: bytes,
    achievement: AchievementFile,
    design: Design,
    key: SigningKey,
    issuer: tuple[str, str | None],
) -> dict[str, str]:
    options = [
        *issuer,
        request.language,
        sorted(request.mapping.items()),
        sorted(request.where),
        request.date_order,
        request.sheet,
        request.encoding,
        request.delimiter,
        request.header_line,
        request.svg,
    ]
    return {
        "people file": hashlib.sha256(people).hexdigest(),
        "achievement": achievement.digest,
        "design": _digest_of_folder(design.folder),
        "key": key.verification_key.multikey,
        "set of options": hashlib.sha256(json.dumps(options).encode()).hexdigest(),
    }


def _people(path: Path) -> bytes:
    """The file's bytes, and one more than a people file may have, which `batches.read` then refuses."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise IssuingError(
            "issuing.people", f"{path} cannot be read: {error.strerror}", "Check the path of the people file"
        ) from None


def _digest_of_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()}\n{content}\n".encode())
    return digest.hexdigest()


def _reading(request: Request, people: bytes, today: date) -> Reading:
    reading = batches.read(
        people,
        request.people.name,
        today=today,
        mapping=request.mapping,
        date_order=request.date_order,
        where=request.where,
        sheet=request.sheet,
        encoding=request.encoding,
        delimiter=request.delimiter,
        header_line=request.header_line,
    )
    if reading.questions:
        raise UndecidedError(reading.questions[0])
    return reading


def _sound(
    reading: Reading, achievement: AchievementFile, batch: Batch
) -> tuple[tuple[PersonRow, ...], tuple[RowError, ...], dict[int, tuple[str, ...]]]:
    """The rows that can become credentials, all errors in the order of their lines, and the cells of these lines."""
    rules = _rules(achievement, batch)
    rows, errors, rejected = [], list(reading.errors), dict(reading.rejected)
    for row in reading.to_issue:
        problem = vetting.problem(row, reading.columns, rules)
        if problem is None:
            rows.append(row)
        else:
            errors.append(problem)
            rejected[row.line] = cells(row, reading.columns)
    return tuple(rows), tuple(sorted(errors, key=lambda error: (error.line, error.position))), rejected


def cells(row: PersonRow, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """A row under the headers of its file again. A name from several columns stands whole in the first of them."""
    written: set[str] = set()
    found = []
    for column in columns:
        meaning = "name" if column.field in ("first_name", "middle_name", "last_name") else column.field
        value = row.extra.get(column.header, "") if meaning is None else getattr(row, meaning, None)
        found.append("" if value is None or meaning in written else str(value))
        written |= {meaning} if meaning else set()
    return tuple(found)


def _rules(achievement: AchievementFile, batch: Batch) -> Rules:
    return Rules(achievement.include, achievement.validity, batch.awarded, batch.moment)
