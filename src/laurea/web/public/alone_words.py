"""What the page that verifies alone says, in every language at once: its program has no server to ask.

Sentences about checks are those of `laurea.credentials.verification`; the others stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from laurea.credentials.verification.messages import LANGUAGES
from laurea.credentials.verification.texts import TITLES, VERDICTS, WORDS
from laurea.credentials.verification.texts_of_standing import SENTENCES
from laurea.rendering.texts import texts

STATUS_UNKNOWN = "status unknown"
"""Beyond the verdicts: signed by a known issuer and in time, and whether it was withdrawn could not be looked up."""

_LOOKS = {
    "genuine": ("good", "shield-check"),
    STATUS_UNKNOWN: ("unsure", "shield-question"),
    "issuer unknown": ("unsure", "shield-question"),
    "cannot tell": ("unsure", "help-circle"),
    "not yet valid": ("unsure", "calendar-time"),
    "expired": ("over", "calendar-off"),
    "revoked": ("bad", "ban"),
    "altered": ("bad", "alert-octagon"),
    "malformed": ("bad", "shield-x"),
}
_QUESTIONS = ("format", "structure", "terms", "proof", "issuer-key", "issuer", "status", "period")


def words() -> dict[str, dict[str, Any]]:
    """By language, all texts of the page."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = _words(language)
    return found


def _words(language: str) -> dict[str, Any]:
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {
        "language": language,
        "verdicts": _verdicts(place),
        "titles": {name: TITLES[name][place] for name in _QUESTIONS}
        | {"terms": gettext("Its words are those of the published standard")},
        "sentences": {name: pair[place] for name, pair in SENTENCES.items() if name.partition(".")[0] in _QUESTIONS}
        | _sentences(),
        "outcomes": {
            "passed": gettext("Passed"),
            "failed": gettext("Failed"),
            "unknown": gettext("Could not be found out"),
            "not applicable": gettext("Does not apply"),
        },
        "kinds": dict(texts(language).kinds),
        "says": _says(),
        "failures": _failures(),
        "refusals": _refusals(),
    }


def _verdicts(place: int) -> Mapping[str, Mapping[str, str]]:
    """How each verdict looks, its word, what it means, and what to do."""
    told, advice = _told(), _advice()
    found = {}
    for name, (tone, symbol) in _LOOKS.items():
        known = name in WORDS
        found[name] = {
            "tone": tone,
            "symbol": symbol,
            "word": WORDS[name][place] if known else gettext("Could not check the status"),
            "sentence": VERDICTS[name][place] if known else _status_unknown(),
            "told": told.get(name, ""),
            "advice": advice[name],
        }
    return found


def _status_unknown() -> str:
    return gettext("Signed by the issuer it names and unchanged. Whether it was revoked since could not be looked up.")


def _told() -> dict[str, str]:
    """The verdict with names and days, where the document may be quoted."""
    return {
        "genuine": gettext("Signed by {issuer} on {signed}, not changed since, not revoked."),
        STATUS_UNKNOWN: gettext(
            "Signed by {issuer} on {signed} and not changed since. Whether it was revoked could not be looked up."
        ),
        "expired": gettext("Signed by {issuer} on {signed}. It was valid until {until}, and no longer is."),
        "not yet valid": gettext("Signed by {issuer}. It becomes valid on {signed}."),
        "revoked": gettext("{issuer} signed it on {signed} and has withdrawn it since. It is no longer valid."),
    }


def _advice() -> dict[str, str]:
    return {
        "genuine": "",
        STATUS_UNKNOWN: gettext(
            "Hand over the issuer's list of revoked credentials as well, from the address below. Until then, take it "
            "for what was true on the day it was signed."
        ),
        "issuer unknown": gettext(
            "Anybody can make such a key and write this name beside it. Ask the issuer, over a channel that you know, "
            "whether the identifier below is theirs."
        ),
        "cannot tell": gettext("See below what is missing. As long as it is, rely on nothing that this file says."),
        "not yet valid": gettext("Ask the issuer if it should count already, and look at the clock of this device."),
        "expired": gettext("Ask the person whether there is a newer one, if it must count today."),
        "revoked": gettext("Do not rely on it. The issuer can tell you why it was withdrawn."),
        "altered": gettext(
            "Do not rely on it. Ask the person for the file that they were given, or ask the issuer directly."
        ),
        "malformed": gettext(
            "Ask the person for the file that they were given, or type its code at the issuer's site."
        ),
    }


def _sentences() -> dict[str, str]:
    """Answers that only this page gives."""
    return {
        "format.token": gettext(
            "It is a signed token, which this page does not read. Hand over the JSON, PDF or PNG instead."
        ),
        "structure.other-standard": gettext(
            "It follows an older standard, which this page does not read. The verify desk of any Laurea does."
        ),
        "terms.covered": gettext(
            "It uses the published definitions and no others, and the signature covers every statement in it."
        ),
        "proof.elsewhere": gettext(
            "Signature {number} of {count} ({suite}) takes a larger program to read and was left aside. The other one "
            "covers every word."
        ),
        "issuer.handed": gettext(
            "You handed over the keys of {domain} yourself, so it is you who knows where they came from."
        ),
    }


def _says() -> dict[str, str]:
    return {
        "title": gettext("Verify alone, in your browser"),
        "awarded": gettext("Awarded by {issuer} on {day}"),
        "nameless": gettext("No name in the document"),
        "compare": gettext("Compare this name with the one that you see in the file: only this one is signed."),
        "domain": gettext(
            "The issuer is known by its internet address, {domain}. Its name is only what it calls itself: make sure "
            "that this address is theirs."
        ),
        "identifier": gettext("The issuer's identifier is"),
        "handed": gettext(
            "The issuer's keys came from a file. They are worth something only if you got them from {address} yourself."
        ),
        "listed": gettext(
            "The list of revoked credentials came from a file. It is of {day}: what was revoked later is not in it."
        ),
        "nothing": gettext("Nothing that it says is shown here, because nothing of it is confirmed."),
        "how": gettext("How we know"),
        "questions": gettext("Open a line for the technical side."),
        "right": gettext("{title} is right"),
        "question": gettext("The question was: {question}."),
        "check": gettext("Check"),
        "materials": gettext("What it was judged with"),
        "certificate": gettext("The certificate"),
        "keys": gettext("The issuer's keys (did.json)"),
        "list": gettext("The issuer's list of revoked credentials"),
        "fetched": gettext("Fetched just now from the issuer's own address:"),
        "fetching": gettext("Being fetched from the issuer's own address:"),
        "from": gettext("From the file “{name}”. It should be the same as at this address:"),
        "byHand": gettext(
            "Missing. Open this address in a browser that is online, save what it shows, and hand the file over here:"
        ),
        "nowhere": gettext("Missing, and the identifier of the issuer does not say where they are:"),
        "refused": gettext("“{name}” cannot be judged"),
    }


def _failures() -> dict[str, str]:
    """Why something could not be fetched."""
    return {
        "unreachable": gettext("It could not be fetched: there is no answer, or pages of other sites may not read it."),
        "slow": gettext("It could not be fetched: the answer did not come in time."),
        "refused": gettext("It could not be fetched: the address answers with an error."),
        "unreadable": gettext("What the address answers cannot be read."),
    }


def _refusals() -> dict[str, tuple[str, str]]:
    """Why nothing could be learned from a file, and what to do."""
    again = gettext("Download it again from where it came from.")
    original = gettext(
        "Printing, scanning, chat programs and picture editors lose what is inside: ask for the original."
    )
    return {
        "none": (gettext("There is no credential in it, which does not make it a forgery."), original),
        "several": (
            gettext("There is more than one credential in it, so it does not say which one counts."),
            gettext("Ask the issuer for a file with one."),
        ),
        "damaged": (gettext("It is damaged."), again),
        "packing": (gettext("It is damaged."), again),
        "document": (gettext("It is no JSON that can be read in one way only."), again),
        "encrypted": (
            gettext("It is locked with a password, so what is inside cannot be seen."),
            gettext("Hand over the PDF as it was issued."),
        ),
        "too-complex": (
            gettext("It is built so intricately that looking through it was given up."),
            gettext("Hand over the JSON instead."),
        ),
        "too-large": (
            gettext("It is larger than anything that is looked at here."),
            gettext("Hand over the JSON instead."),
        ),
        "older": (
            gettext("It holds a badge of an older standard, which this page does not read."),
            gettext("The verify desk of any Laurea does."),
        ),
        "picture": (
            gettext("A photograph cannot hold a credential."),
            gettext("Hand over the original PDF or PNG, or scan the QR code on it."),
        ),
        "web-page": (gettext("This is a web page."), gettext("Hand over the file that it offers to download.")),
        "packed": (gettext("It is an archive."), gettext("Unpack it and hand over what is inside.")),
        "unknown-kind": (
            gettext("This is no file that a credential comes in."),
            gettext("Hand over the PDF, PNG, SVG or JSON of a credential."),
        ),
        "unknown-json": (gettext("It is neither a credential nor an issuer's keys nor a list."), ""),
        "many": (
            gettext("These are several certificates at once."),
            gettext("This page judges one at a time: hand them over one after the other."),
        ),
        "unexpected": (
            gettext("Something unexpected happened, so nothing can be said about it."),
            gettext("Try a newer browser, or the verify desk."),
        ),
    }
