"""Names and addresses as people type them: cleaned where nothing is lost, refused where something is wrong."""

from __future__ import annotations

import re
import unicodedata

from laurea.actions.batches.rows import Finding, shorten
from laurea.actions.batches.tables import is_nothing

LONGEST_NAME = 150
# Most names: capitalised words of Latin letters. No capital is among them that damaged letters begin with (“Ãš”).
_WORD = "(?:[A-ZÀÁÆ-ÏÒ-ÖØ-ÞŁŚŠŻŽČĆ](?:['’][A-Z])?[a-zß-öø-ÿāăąćčďđēĕęěğģįıķĺļľłńňőřśşšťūůűźžż]+)"
_SIMPLE = re.compile(f"{_WORD}(?:[ -]{_WORD}){{1,4}}")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff\u061c]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MOJIBAKE = re.compile(
    "[ÃÂâÄÅÐÑ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LOOKALIKE = re.compile("[\u0370-\u058f]")
_FORMULA = re.compile(r"\s*'?[=+@＝＋＠-]")  # with the apostrophe that our own lists have in front of it
_ORIGINAL = re.compile(r"(?P<shown>[^()]*?)\s*\((?P<original>[^()]+)\)\s*")
_ASIDE = re.compile(
    r"\s*[(\[](?:\d+|extern(?:al)?|guest|gast|unverified|nicht (?:überprüft|verifiziert)|host|co-?host|me|ich"
    r"|presenter|organi[sz]er|terminated|on leave|inactive|ausgeschieden|beurlaubt|inaktiv"
    r"|(?:she|he|they|sie|er|xier|dey)(?:\s?/\s?\w{2,6}){1,3})[)\]]\s*$",
    re.IGNORECASE,
)
_COMMA = re.compile(r"([^,]+),\s*([^,]+)")
_SUFFIX_WORDS = "jr sr ii iii iv phd ph.d md m.d mba msc m.sc bsc b.sc ma m.a ba b.a esq cpa llm ll.m dr prof dipl.-ing"
_SUFFIXES = frozenset(_SUFFIX_WORDS.split())
_PHONE = r"\+\d[\d\s()/*xX-]{5,}|[\d\s-]{6,}"  # Microsoft Teams and Zoom hide some digits
_TELEPHONE = re.compile(_PHONE)
_PLACEHOLDERS = re.compile(
    r"guest|gast|unknown(?: user)?|unbekannt|anonymous(?: user)?|anonym(?:er benutzer)?|n/?a|test|unverified"
    r"|(?:teilnehmer|participant|user) \d+|zoom[ -]?(?:user|benutzer)|(?:call|dial)-in user.*|(?:caller|anrufer).*\d"
    r"|(?:iphone|ipad|galaxy|android|samsung|huawei|redmi|pixel|windows|desktop)(?:[\s-].*)?|.*s (?:iphone|ipad)"
    r"|" + _PHONE,
    re.IGNORECASE,
)
_PARTICLE_WORDS = "von van der den de da di du la le zu zum zur ter ten del della dos das el al bin ibn af av und y e"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_NOBLE = frozenset(("freiherr", "freifrau", "graf", "gräfin", "baron", "baronin"))
_ADDRESS = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x1f.]+(?:\.[^\s@<>()\[\]\\,;:\"\x00-\x1f.]+)*@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]"
)
_SIMPLE_ADDRESS = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]{2,12}", re.IGNORECASE | re.ASCII
)
_ANGLE = re.compile(r"[^<>]*<\s*([^<>]+?)\s*>\s*")


def is_simple_name(text: str) -> bool:
    """Whether `text` is a name about which `clean_name` has nothing to say: two to five capitalised Latin words."""
    return _SIMPLE.fullmatch(text) is not None


def clean_name(
    text: str, *, original_in_brackets: bool = False, family_first: bool = False
) -> tuple[str, list[Finding]]:
    """The name in `text` as it will be printed, and what is to say about it.

    Spaces of every kind become one, invisible characters go, the result is NFC. With `original_in_brackets` (Zoom)
    “Ann (Anna Müller)” is Anna Müller; with `family_first` “Müller, Anna” is turned round. Control characters, reversed
    text direction, damaged letters, formulas and addresses are fatal.
    """
    if len(text) > 10 * LONGEST_NAME:
        return "", [_too_long(len(text))]
    name = tidy(text)
    if problem := _unprintable(text, name):
        return name, [problem]
    findings: list[Finding] = []
    if "\n" in text.strip() or "\r" in text.strip():
        findings.append(
            Finding("name.line-break", f"the name had a line break and is now “{shorten(name)}”", "", fatal=False)
        )
    name = _unwrapped(name, original_in_brackets, findings)
    if family_first and (match := _COMMA.fullmatch(name)) and not _is_suffix(match[2]):
        name = _turned(match)
    findings.extend(_doubts(name))
    return name, findings


def tidy(text: str) -> str:
    """`text` in NFC, with single spaces and without invisible characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", text).strip()


def clean_text(text: str) -> str:
    """`text` in one line, without control characters and characters that reverse the text direction."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _CONTROL.sub("", _OVERRIDES.sub("", tidy(text)))


def is_address(text: str) -> bool:
    """Whether `text` is an e-mail address and nothing else."""
    return "@" in text and _SIMPLE_ADDRESS.fullmatch(text) is not None


def is_particle(text: str) -> bool:
    """Whether `text` is what stands before a family name and belongs to it, such as “von der”."""
    words = text.lower().split()
    return bool(words) and all(word in _PARTICLES or word in _NOBLE for word in words)


def is_placeholder(text: str) -> bool:
    """Whether `text` is a guest, a device or a telephone number, where a name belongs."""
    return _PLACEHOLDERS.fullmatch(tidy(text)) is not None


def has_family_first(text: str) -> bool:
    """Whether `text` is one comma away from “family name, first name”."""
    match = _COMMA.fullmatch(tidy(text))
    return match is not None and not _is_suffix(match[2])


def clean_address(text: str) -> tuple[str | None, list[Finding]]:
    """The e-mail address in `text` (its case kept), None for an empty cell, and what is to say about it."""
    if len(text) <= 64 and _SIMPLE_ADDRESS.fullmatch(text):
        return text, []
    address = tidy(text[:1000]).strip("'\"“”„‘’")
    if not address or is_nothing(address):
        return None, []
    if match := _ANGLE.fullmatch(address):
        address = match[1]
    if address[:7].lower() == "mailto:":
        address = address[7:].split("?", 1)[0]
    address = address.rstrip(".,;").strip()
    findings = []
    if " " in address:
        address = address.replace(" ", "")
        findings.append(Finding("email.spaces", f"spaces were taken out: {shorten(address)}", "", fatal=False))
    if len(address) > 254 or not _ADDRESS.fullmatch(address) or not _encodable(address):
        several = text.count("@") > 1
        hint = "Keep one address a line" if several else "Write it like anna@example.com, or leave the cell empty"
        reason = "there is more than one address" if several else "this is no e-mail address"
        return None, [Finding("row.email", reason, hint)]
    return address, findings


def damaged(text: str) -> str | None:
    """What `text` was before it was read in the wrong encoding (`MÃ¼ller`), or None when it looks sound."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


def _encodable(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    try:
        return len(local.encode()) <= 64 and len(domain.encode("idna")) <= 253
    except UnicodeError:
        return False


def _unprintable(text: str, name: str) -> Finding | None:
    if not name:
        return Finding("row.no-name", "there is no name", "Fill in the name, or delete the line")
    if _OVERRIDES.search(text):
        return Finding(
            "name.direction", "the name holds characters that reverse the text direction", "Type the name anew"
        )
    if _CONTROL.search(text):
        return Finding("name.control", "the name holds control characters", "Type the name anew")
    if "\ufffd" in name:
        return Finding("name.damaged", "letters of the name were lost when the file was saved", "Type the name anew")
    if sound := damaged(name):
        return Finding(
            "name.damaged",
            "the file was saved in the wrong encoding",
            f"The name may be “{shorten(sound)}”; save the list as UTF-8",
        )
    if _TELEPHONE.fullmatch(name):
        return Finding("name.placeholder", "this is a telephone number, not a name", "Fill in the name")
    if _FORMULA.match(name):
        return Finding("name.formula", "the name begins like a formula", "Type the name without = + - @ in front")
    if "@" in name:
        return Finding("name.address", "an e-mail address stands where the name belongs", "Fill in the name")
    if ":" in name:
        return Finding("name.label", "there is a colon in the name", "Fill in the name, or delete the line")
    if not any(character.isalpha() for character in name):
        return Finding("row.no-name", "the name has no letters", "Fill in the name")
    if len(name) > LONGEST_NAME:
        return Finding(
            "name.long", f"the name has {len(name)} characters; at most {LONGEST_NAME} fit", "Shorten the name"
        )
    if any(unicodedata.category(character) in ("Co", "Cs", "Cn") for character in name if not character.isascii()):
        return Finding("name.unknown-character", "the name holds characters that no font has", "Type the name anew")
    return None


def _too_long(length: int) -> Finding:
    return Finding("name.long", f"the name has {length:,} characters; at most {LONGEST_NAME} fit", "Shorten the name")


def _unwrapped(name: str, original_in_brackets: bool, findings: list[Finding]) -> str:
    if match := _ASIDE.search(name):
        kept = name[: match.start()].strip()
        findings.append(Finding("name.aside", f"“{match[0].strip()}” was left out of the name", "", fatal=False))
        return kept or name
    if original_in_brackets and (match := _ORIGINAL.fullmatch(name)) and match["shown"]:
        original = match["original"].strip()
        reason = f"the name in brackets was taken, “{shorten(original)}”"
        findings.append(Finding("name.original", reason, "Correct it if the other one is right", fatal=False))
        return original
    return name


def _doubts(name: str) -> list[Finding]:
    findings = []
    letters = [word for word in re.split(r"[\s'’-]+", name) if word]
    comma = _COMMA.fullmatch(name)
    turned = _turned(comma) if comma and not _is_suffix(comma[2]) else name
    if _PLACEHOLDERS.fullmatch(name):
        findings.append(Finding("name.placeholder", "this is a guest or a device, not a name", "Fill in the name"))
    elif name.isupper() and any(len(word) > 2 and word.isalpha() for word in letters):
        findings.append(_doubt("name.capitals", "the name is in capitals", f"It may be “{_titled(turned)}”"))
    elif any(map(_shouts, letters)) and not all(map(_shouts, letters)):
        hint = f"It may be “{shorten(' '.join(map(_lowered, name.split(' '))))}”"
        findings.append(_doubt("name.capitals", "a part of the name is in capitals", hint))
    elif name.islower() and any(word not in _PARTICLES for word in letters):
        findings.append(_doubt("name.lower-case", "the name is in small letters", f"It may be “{_titled(name)}”"))
    if any(character.isdigit() for character in name) and not re.search(r"\b\d(?:st|nd|rd|th)\b", name):
        findings.append(_doubt("name.digits", "the name holds digits", "Check the name"))
    if "," in name and not _is_suffix(name.rsplit(",", 1)[1]):
        likely = _titled(turned) if name.isupper() else shorten(turned)
        sure = comma and (name.isupper() or not any(map(_shouts, letters)))
        hint = f"It may be “{likely}”" if sure else "Check the order of first and family name"
        findings.append(_doubt("name.comma", "the name holds a comma", hint))
    if not name.isascii() and _mixed_scripts(name):
        findings.append(_doubt("name.scripts", "one word mixes letters of different alphabets", "Type the name anew"))
    return findings


def _doubt(code: str, reason: str, hint: str) -> Finding:
    return Finding(code, reason, hint, fatal=False)


def _titled(name: str) -> str:
    words = [word if word in _PARTICLES else _capitalised(word) for word in name.lower().split(" ")]
    return shorten(" ".join(words))


def _turned(match: re.Match[str]) -> str:
    return f"{match[2].strip()} {match[1].strip()}"


def _shouts(word: str) -> bool:
    """Whether `word` is in capitals and no initials or degree."""
    return len(word) > 2 and word.isalpha() and word.isupper() and word.lower() not in _SUFFIXES


def _lowered(word: str) -> str:
    return _capitalised(word.lower()) if any(map(_shouts, re.split(r"['’-]", word))) else word


def _capitalised(word: str) -> str:
    return re.sub(r"(^|[-'’.])(\w)", lambda match: match[1] + match[2].upper(), word)


def _is_suffix(text: str) -> bool:
    return all(part.strip(".").lower() in _SUFFIXES for part in text.replace(",", " ").split())


def _mixed_scripts(name: str) -> bool:
    return any(_LATIN.search(word) and _LOOKALIKE.search(word) for word in name.split())
