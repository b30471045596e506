"""Which line is the header, and which column means what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from laurea.actions.batches import synonyms
from laurea.actions.batches.dates import is_datelike
from laurea.actions.batches.outcomes import says_outcome
from laurea.actions.batches.people import is_address, is_particle, tidy
from laurea.actions.batches.rows import Choice, Column, How, Question, shorten
from laurea.actions.batches.tables import Cell, Line, is_nothing, plain_text
from laurea.credentials.errors import TableError

FIELDS: tuple[str, ...] = tuple(synonyms.SYNONYMS)
HEADER_WITHIN = 100
CERTAIN = 9.0
_SURE_ENOUGH = 84.0
_EXAMPLES = 3
_ENOUGH_ROWS = 5
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_HOSTS = re.compile(
    r"(?:details? (?:zum?|der|des) )?(?:alternative )?(?:hosts?|panelists?|diskussionsteilnehmer|podium)(?: details?)?"
)

# A header that holds one of these words is of that kind, and may be similar to fields of that kind only.
_KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "date": (
        "datum",
        "date",
        "fecha",
        "gultig",
        "gueltig",
        "valid",
        "expir",
        "ablauf",
        "issued",
        "awarded",
        "completed",
    ),
    "address": ("mail", "courriel", "correo"),
    "number": ("number", "nummer", "numero", "matric", "matrik"),
    "person": ("name", "nombre", "nom ", "teilnehm", "mitarbeit", "surname"),
    "link": ("url", "link"),
}
_FIELD_KIND: Mapping[str, str] = {
    "awarded": "date", "expires": "date", "email": "address", "employee_number": "number", "name": "person",
    "first_name": "person", "middle_name": "person", "last_name": "person", "evidence": "link",
}  # fmt: skip
_ACADEMIC_WORDS = (
    "univ prof professor professorin dr pd priv doz dipl ing mag phil med rer nat jur h c msc bsc m b a sc mba phd dott"
    " dottssa ir em oec pol theol dent vet habil"
)
_ACADEMIC = frozenset(_ACADEMIC_WORDS.split())
_ATTENDANCE = ("attend", "anwesen", "teilnahm")
_GRADE = re.compile(
    r"[0-9]{1,3}(?:[.,][0-9]+)?\s*%?|[A-F][+-]?|(?:sehr )?gut|befriedigend|ausreichend|mangelhaft|bestanden",
    re.IGNORECASE,
)
_NAME_LIKE = re.compile(r"[^\W\d_][^\d@]*[\s,][^\d@]*[^\W\d_]\.?")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The columns of a list, and what only a person can decide about them."""

    columns: tuple[Column, ...]
    questions: tuple[Question, ...] = ()

    def position(self, field: str) -> int | None:
        """The 1-based position of the column taken for `field`."""
        return next((column.position for column in self.columns if column.field == field), None)

    def extras(self) -> tuple[Column, ...]:
        """The columns that fill no field."""
        return tuple(column for column in self.columns if column.field is None)


def letter(position: int) -> str:
    """The name of a column in spreadsheet programs: 1 is A, 27 is AA."""
    text = ""
    while position:
        position, remainder = divmod(position - 1, 26)
        text = chr(65 + remainder) + text
    return text


def header_score(cells: Sequence[Cell]) -> float:
    """How much `cells` look like the header of a list of people; 0 for an ordinary row. A name counts most.

    A row with an address in it is somebody's: words such as “Course” may stand in any row.
    """
    fields: set[str] = set()
    unused = 0
    filled = 0
    for cell in cells[:200]:
        if not isinstance(cell, str):
            filled += 1
        elif text := cell.strip():
            filled += 1
            if is_address(text):
                return 0.0
            if len(text) <= 60 and (found := synonyms.meanings(text)):
                fields.add(found[0][0])
            elif len(text) <= 60 and synonyms.is_unused(text):
                unused += 1
    if not fields or (len(fields) + unused) * 5 < filled:
        return 0.0
    name = 6.0 if "name" in fields or {"first_name", "last_name"} <= fields else 3.0 if "last_name" in fields else 0.0
    return name + 2.0 * ("email" in fields) + len(fields) + 0.5 * unused


def find_header(lines: Sequence[Line]) -> tuple[int, list[Cell]] | None:
    """The header among the first hundred `lines`: the first that names a person and something else, else the likeliest.

    Titles and summaries stand before it in exports; a further table with its own header may stand after it. It is not
    the header of Zoom's hosts and panelists, and none over whose names there are numbers (how many took part).
    """
    best: tuple[float, int, list[Cell]] | None = None
    for index, (line, cells) in enumerate(lines):
        score = header_score(cells)
        if score == 0.0 or is_of_hosts(lines[index - 1][1] if index else ()):
            continue
        if score >= CERTAIN and _has_names(cells, lines[index + 1][1] if index + 1 < len(lines) else ()):
            return line, cells
        if score > (best[0] if best else 0.0) and not any(is_datelike(cell) for cell in cells if cell):
            best = (score, line, cells)
    return (best[1], best[2]) if best else None


def is_of_hosts(title: Sequence[Cell]) -> bool:
    """Whether `title` is the line over the hosts or panelists in a report of Zoom's."""
    filled = [plain_text(cell) for cell in title if cell]
    return len(filled) == 1 and _HOSTS.fullmatch(synonyms.fold(filled[0])) is not None


def _has_names(header: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a name may stand in the first line `below` a header, where the header says that one does."""
    for index, cell in enumerate(header[: len(below)]):
        if {"name", "last_name"} & dict(synonyms.meanings(plain_text(cell))).keys() and (value := below[index]):
            return isinstance(value, str) and any(character.isalpha() for character in value)
    return True


def is_all_header(cells: Sequence[Cell]) -> bool:
    """Whether nearly all that stands in `cells`, and two cells at least, are known headers."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2:  # most rows that are asked about
        return False
    known = [cell for cell in filled if isinstance(cell, str) and (synonyms.meanings(cell) or synonyms.is_unused(cell))]
    return len(known) > 1 and len(known) * 5 >= len(filled) * 4


def recognise(header: Sequence[Cell], sample: Sequence[Sequence[Cell]], mapping: Mapping[str, str]) -> Recognised:
    """What each column means: by hand first, then by known names, by likeness, by what stands in it.

    `sample` are some rows below the header. `mapping` gives for a field the header, letter or number of its column, or
    "" when no column is to be taken for it. Raises `TableError` for a mapping that names what is not there.
    """
    width = len(header)
    if len(sample) >= _ENOUGH_ROWS:  # columns beyond the header count when nearly every row has them
        width = max(width, sorted(map(len, sample))[len(sample) // 10])
    texts = [tidy(plain_text(header[index])) if index < len(header) else "" for index in range(width)]
    examples = [_examples(sample, index) for index in range(width)]
    taken: dict[str, tuple[int, How, float]] = {}
    refused: set[str] = set()
    for given, wanted in mapping.items():
        field = _field(given)
        if not wanted.strip():
            refused.add(field)
        else:
            taken[field] = (find_column(wanted, texts), "mapped", 1.0)
    used = {index for index, _, _ in taken.values()}
    candidates = _by_name(texts, examples, used)
    questions = []
    for field, found in candidates.items():
        if field not in taken and field not in refused:
            found.sort(key=lambda pair: (pair[1], pair[0]))
            question = _ambiguous_name(field, found, texts, examples) if field == "name" else None
            if question is not None:
                questions.append(question)
            taken[field] = (found[0][0], "known", 1.0)
            used.add(found[0][0])
    _by_likeness(texts, examples, taken, used, refused)
    _by_content(texts, sample, taken, used, refused)
    if "name" not in refused:
        _settle_names(taken, sample)
    return Recognised(_columns(texts, examples, taken), tuple(questions) if "name" in taken else ())


def find_column(wanted: str, headers: Sequence[str]) -> int:
    """The index of the column that `wanted` names: a header (case and accents do not matter), a letter or a number.

    Raises `TableError` (``table.unknown-column``) that lists the headers, likely ones first.
    """
    wanted = wanted.strip()
    for same in (str.strip, synonyms.fold):
        for index, header in enumerate(headers):
            if header and same(header) == same(wanted):
                return index
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) <= 5 else 0
    if _LETTERS.fullmatch(wanted):
        for character in wanted.upper():
            number = number * 26 + ord(character) - 64
    if 1 <= number <= len(headers):
        return number - 1
    shown = [header for header in headers if header]
    ranked = [name for name, _, _ in process.extract(wanted, shown, scorer=fuzz.WRatio, limit=12)]
    near = process.extractOne(wanted, shown, scorer=fuzz.WRatio, score_cutoff=75)
    listed = ", ".join(f"“{shorten(name)}”" for name in ranked) + (" …" if len(shown) > 12 else "")
    hint = f"Did you mean “{shorten(near[0])}”? " if near else ""
    raise TableError(
        "table.unknown-column",
        f"There is no column “{shorten(wanted)}”",
        f"{hint}The columns are {listed}; a letter (A, B, …) or a number does as well",
    )


def _field(given: str) -> str:
    name = given.strip().lower().replace("-", "_").replace(" ", "_")
    if name in FIELDS:
        return name
    found = synonyms.meanings(given)
    if found:
        return found[0][0]
    raise TableError(
        "table.unknown-field",
        f"“{shorten(given)}” is nothing that a column can be taken for",
        f"Use one of {', '.join(FIELDS)}",
    )


def _examples(sample: Sequence[Sequence[Cell]], index: int) -> list[str]:
    found: list[str] = []
    for cells in sample:
        if index < len(cells) and (text := plain_text(cells[index])[:200].strip()) and text not in found:
            found.append(text)
            if len(found) == 12:
                break
    return found


def _by_name(texts: Sequence[str], examples: Sequence[list[str]], used: set[int]) -> dict[str, list[tuple[int, int]]]:
    """For each field the columns whose header is known to mean it, as (index, rank)."""
    candidates: dict[str, list[tuple[int, int]]] = {}
    for index, text in enumerate(texts):
        if index in used:
            continue
        found = dict(synonyms.meanings(text))
        if "result" in found and "note" in found:  # “Note” is a grade in German and a remark in English
            grade = all(_GRADE.fullmatch(value) for value in examples[index]) and examples[index]
            del found["note" if grade else "result"]
        if synonyms.is_moment_of_joining(text, texts):
            found["awarded"] = len(synonyms.SYNONYMS["awarded"])
        outcomes = [says_outcome(value) for value in examples[index]]
        if "awarded" in found and outcomes and all(outcomes):  # “Completed”: yes or no
            found = {"status": 0}
        if "status" in found and not _says_how_it_ended(text, examples[index]):
            continue
        if "title" in found and not all(_is_academic(value) for value in examples[index]):
            if not all(map(is_particle, examples[index])):
                continue
            found = {"middle_name": len(synonyms.SYNONYMS["middle_name"])}  # “von der” goes before the family name
        for field, rank in found.items():
            candidates.setdefault(field, []).append((index, rank))
    return candidates


def _says_how_it_ended(header: str, values: Sequence[str]) -> bool:
    """Whether `values` are about completing something: “NO” among others may be a country, 95 % a share of the time."""
    values = [value for value in values if not is_nothing(value)]
    outcomes = [value for value in values if says_outcome(value)]
    if any("%" in value for value in outcomes) and any(word in synonyms.fold(header) for word in _ATTENDANCE):
        return False
    return bool(outcomes) and (len(outcomes) == len(values) or any(len(value) > 2 for value in outcomes))


def _is_academic(value: str) -> bool:
    return all(word in _ACADEMIC for word in synonyms.fold(value).split())


def _ambiguous_name(
    field: str, found: list[tuple[int, int]], texts: Sequence[str], examples: Sequence[list[str]]
) -> Question | None:
    """A question when two columns may both be the name and do not hold the same."""
    if len(found) < 2:
        return None
    different = [
        index for index, _ in found if examples[index] and any(_NAME_LIKE.fullmatch(v) for v in examples[index])
    ]
    if len(different) < 2 or len({tuple(examples[index]) for index in different}) < 2:
        found.sort(key=lambda pair: (pair[0] not in different, pair[1]))
        return None
    choices = tuple(
        Choice(texts[i], f"column {letter(i + 1)}", tuple(map(shorten, examples[i][:3]))) for i in different
    )
    return Question("columns.two-names", "Two columns may hold the name", "mapping", choices, field=field)


def _by_likeness(
    texts: Sequence[str],
    examples: Sequence[list[str]],
    taken: dict[str, tuple[int, How, float]],
    used: set[int],
    refused: set[str],
) -> None:
    """Takes misspelt headers for what they resemble, within one kind of column only."""
    for index, text in enumerate(texts):
        folded = synonyms.fold(synonyms.without_brackets(text)) or synonyms.fold(text)
        if index in used or len(folded) < 4 or synonyms.meanings(text) or synonyms.is_unused(text):
            continue
        kind = next((kind for kind, words in _KIND_WORDS.items() if any(word in folded for word in words)), None)
        best = (0.0, "")
        for field, entries in synonyms.SYNONYMS.items():
            if field not in taken and field not in refused and (kind is None or _FIELD_KIND.get(field) == kind):
                match = process.extractOne(
                    folded, entries, processor=synonyms.fold, scorer=fuzz.ratio, score_cutoff=_SURE_ENOUGH
                )
                if match and match[1] > best[0] and _plausible(field, examples[index]):
                    best = (match[1], field)
        if best[1]:
            taken[best[1]] = (index, "similar", best[0] / 100)
            used.add(index)


def _plausible(field: str, values: Sequence[str]) -> bool:
    if field == "email":
        return any("@" in value for value in values)
    if field in ("awarded", "expires"):
        return any(is_datelike(value) for value in values)
    if field == "evidence":
        return any("://" in value for value in values)
    return not any("@" in value for value in values)


def _by_content(
    texts: Sequence[str],
    sample: Sequence[Sequence[Cell]],
    taken: dict[str, tuple[int, How, float]],
    used: set[int],
    refused: set[str],
) -> None:
    """Finds a missing name or e-mail column by what stands in it; the name only where the column has no header."""
    free = [index for index in range(len(texts)) if index not in used]
    if "email" not in taken and "email" not in refused:
        for index in free:
            if _share(sample, index, lambda text: text.count("@") == 1 and " " not in text) > 0.9 and not texts[index]:
                taken["email"] = (index, "values", 0.9)
                used.add(index)
                break
    if not {"name", "first_name", "last_name"} & taken.keys() and "name" not in refused:
        for index in free:
            if not texts[index] and _share(sample, index, lambda text: bool(_NAME_LIKE.fullmatch(text))) > 0.8:
                taken["name"] = (index, "values", 0.8)
                used.add(index)
                break


def _share(sample: Sequence[Sequence[Cell]], index: int, test: object) -> float:
    values = [plain_text(cells[index])[:200].strip() for cells in sample if index < len(cells)]
    values = [value for value in values if value]
    return sum(bool(test(value)) for value in values) / len(values) if values and callable(test) else 0.0


def _settle_names(taken: dict[str, tuple[int, How, float]], sample: Sequence[Sequence[Cell]]) -> None:
    """Decides between a full name and names in parts.

    “Name; Vorname” is a family name beside a first name, unless the first column contains the second. With a whole name
    that agrees, the parts are not needed and become extra columns; a display name that holds less than they do (“Anna
    M.”) does not.
    """
    if "name" not in taken or "first_name" not in taken:
        if "name" in taken and "last_name" in taken:
            del taken["last_name"]
        return
    parts = [taken[part][0] for part in ("first_name", "last_name") if part in taken]
    whole = min(_share_containing(sample, taken["name"][0], part) for part in parts)
    if taken["name"][1] == "mapped" or whole > 0.5:
        for part in ("first_name", "middle_name", "last_name"):
            if taken.get(part, (0, "mapped", 0.0))[1] != "mapped":
                taken.pop(part, None)
    elif "last_name" not in taken:
        taken["last_name"] = taken.pop("name")
    else:
        del taken["name"]


def _share_containing(sample: Sequence[Sequence[Cell]], whole: int, part: int) -> float:
    pairs = [
        (synonyms.fold(plain_text(cells[whole])), synonyms.fold(plain_text(cells[part])))
        for cells in sample
        if max(whole, part) < len(cells)
    ]
    pairs = [(name, first) for name, first in pairs if name and first]
    return sum(first in name for name, first in pairs) / len(pairs) if pairs else 0.0


def _columns(
    texts: Sequence[str], examples: Sequence[list[str]], taken: Mapping[str, tuple[int, How, float]]
) -> tuple[Column, ...]:
    by_index = {index: (field, how, sure) for field, (index, how, sure) in taken.items()}
    columns = []
    for index, text in enumerate(texts):
        field, how, sure = by_index.get(index, (None, None, 0.0))
        shown = tuple(map(shorten, examples[index][:_EXAMPLES]))
        columns.append(Column(index + 1, letter(index + 1), text, field, sure, how, shown))
    return tuple(columns)
