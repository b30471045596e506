"""The words of a report: titles, sentences and verdicts in English and German.

A sentence says what was found to somebody who has to decide about a person, not about a file. Names in braces are
parameters; those that end in ``_moment`` hold a moment and are written as a date in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping

from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_moment

LANGUAGES = ("en", "de")
DEFAULT_LANGUAGE = "en"

Table = dict[str, tuple[str, str]]
"""Id -> (English, German)."""

TITLES: Table = {
    "format": ("The file can be read", "Die Datei ist lesbar"),
    "structure": ("It is built as the standard asks", "Der Aufbau entspricht dem Standard"),
    "terms": ("Every statement has a defined meaning", "Jede Angabe hat eine festgelegte Bedeutung"),
    "proof": ("Signature {number} of {count} ({suite})", "Signatur {number} von {count} ({suite})"),
    "issuer-key": ("The key belongs to the issuer", "Der Schlüssel gehört dem Aussteller"),
    "issuer": ("The issuer is known", "Der Aussteller ist bekannt"),
    "status": ("It has not been withdrawn", "Der Nachweis wurde nicht widerrufen"),
    "period": ("Within its period of validity", "Innerhalb des Gültigkeitszeitraums"),
    "recipient": ("It belongs to the person asked about", "Der Nachweis gehört der genannten Person"),
    "endorsement": ("Endorsement {number}", "Empfehlung {number}"),
    "endorsements": ("All endorsements were looked at", "Alle Empfehlungen wurden geprüft"),
    "refresh": ("Newer edition", "Neuere Fassung"),
    "list": ("The status list can be read", "Die Statusliste ist lesbar"),
}

VERDICTS: Table = {
    "malformed": (
        "This is not a proper credential.",
        "Das ist kein ordnungsgemäßer Nachweis.",
    ),
    "altered": (
        "Not genuine: the content was changed after signing, or the named issuer did not sign it.",
        "Nicht echt: Der Inhalt wurde nach dem Signieren verändert, oder der genannte Aussteller hat nicht signiert.",
    ),
    "revoked": (
        "No longer valid: the issuer has withdrawn this credential.",
        "Nicht mehr gültig: Der Aussteller hat den Nachweis widerrufen.",
    ),
    "not yet valid": (
        "Not valid yet: its period of validity lies in the future.",
        "Noch nicht gültig: Der Gültigkeitszeitraum liegt in der Zukunft.",
    ),
    "expired": (
        "No longer valid: its period of validity is over.",
        "Nicht mehr gültig: Der Gültigkeitszeitraum ist vorbei.",
    ),
    "other holder": (
        "This credential was issued to somebody else.",
        "Dieser Nachweis wurde für jemand anderen ausgestellt.",
    ),
    "cannot tell": (
        "Whether this credential can be relied on cannot be told: something needed for it is missing.",
        "Ob der Nachweis verlässlich ist, lässt sich nicht sagen: Dazu fehlt eine Auskunft.",
    ),
    "issuer unknown": (
        "The signature is right, but nothing shows who the issuer really is.",
        "Die Signatur stimmt, aber nichts zeigt, wer der Aussteller wirklich ist.",
    ),
    "genuine": (
        "Genuine: signed by the issuer it names, unchanged, and valid.",
        "Echt: vom genannten Aussteller signiert, unverändert und gültig.",
    ),
}

WORDS: Table = {
    "malformed": ("Malformed", "Fehlerhaft"),
    "altered": ("Altered", "Verändert"),
    "revoked": ("Revoked", "Widerrufen"),
    "not yet valid": ("Not valid yet", "Noch nicht gültig"),
    "expired": ("Expired", "Abgelaufen"),
    "other holder": ("Other holder", "Andere Person"),
    "cannot tell": ("Cannot tell", "Unklar"),
    "issuer unknown": ("Issuer unknown", "Aussteller unbekannt"),
    "genuine": ("Genuine", "Echt"),
}

SENTENCES: Table = {
    "format.passed": (
        "The file holds one credential, and it can be read in one way only.",
        "Die Datei enthält einen Nachweis, und er lässt sich nur auf eine Weise lesen.",
    ),
    "format.failed": (
        "The file cannot be read as a credential.",
        "Die Datei lässt sich nicht als Nachweis lesen.",
    ),
    "structure.passed": (
        "It has all the parts that the standard asks for, in their places.",
        "Alle vorgeschriebenen Teile sind vorhanden und an ihrem Platz.",
    ),
    "structure.failed": (
        "It is not built as the standard (Open Badges 3.0) asks, so it cannot be relied on.",
        "Der Aufbau entspricht nicht dem Standard (Open Badges 3.0); verlassen Sie sich nicht darauf.",
    ),
    "structure.other-class": (
        "It is not an Open Badges 3.0 credential, and Laurea judges no others.",
        "Das ist kein Nachweis nach Open Badges 3.0; andere beurteilt Laurea nicht.",
    ),
    "structure.older": (
        "It follows an older standard (Verifiable Credentials 1.1), which Laurea does not judge.",
        "Der Nachweis folgt einem älteren Standard (Verifiable Credentials 1.1), den Laurea nicht beurteilt.",
    ),
    "structure.unsigned": (
        "It carries no signature: anybody could have written it.",
        "Der Nachweis trägt keine Signatur: Jeder könnte ihn geschrieben haben.",
    ),
    "structure.too-many-proofs": (
        "It carries {count} signatures; more than {limit} are not looked at.",
        "Der Nachweis trägt {count} Signaturen; mehr als {limit} werden nicht geprüft.",
    ),
    "terms.passed": (
        "Every statement in it has a defined meaning, so nothing escapes the signature.",
        "Jede Angabe hat eine festgelegte Bedeutung; keine entgeht der Signatur.",
    ),
    "terms.failed": (
        "It makes a statement whose meaning is not defined, so a signature might not cover it.",
        "Eine Angabe hat keine festgelegte Bedeutung; eine Signatur würde sie womöglich nicht erfassen.",
    ),
    "terms.contexts": (
        "It refers to definitions that Laurea does not know, so its words could mean anything.",
        "Der Nachweis beruft sich auf Begriffe, die Laurea nicht kennt; seine Angaben könnten alles bedeuten.",
    ),
    "terms.too-much": (
        "It has more parts than any credential needs, so it was not looked through.",
        "Es hat mehr Teile, als irgendein Nachweis braucht, und wurde deshalb nicht durchgesehen.",
    ),
    "terms.unknown": (
        "What its statements mean could not be looked up, because this installation of Laurea is not complete.",
        "Was die Angaben bedeuten, ließ sich nicht nachschlagen, weil diese Installation von Laurea unvollständig ist.",
    ),
    "proof.passed": (
        "The signature is right: nothing has been changed since it was signed.",
        "Die Signatur stimmt: Seit dem Signieren wurde nichts verändert.",
    ),
    "proof.failed": (
        "The signature does not match: the content was changed after signing, or somebody else signed it.",
        "Die Signatur passt nicht: Der Inhalt wurde nachträglich verändert, oder jemand anderes hat signiert.",
    ),
    "proof.malformed": (
        "The signature is not written as the standard asks.",
        "Die Signatur ist nicht so geschrieben, wie es der Standard verlangt.",
    ),
    "proof.unsupported": (
        "This kind of signature ({suite}) is not supported here, so it could not be checked.",
        "Diese Art von Signatur ({suite}) wird hier nicht unterstützt und konnte nicht geprüft werden.",
    ),
    "proof.expired": (
        "The signature was meant to count until {until_moment} only.",
        "Die Signatur sollte nur bis {until_moment} gelten.",
    ),
    "proof.no-meaning": (
        "The signature could not be checked, because it is not settled what the content means.",
        "Die Signatur konnte nicht geprüft werden, weil nicht feststeht, was der Inhalt bedeutet.",
    ),
    "proof.no-key": (
        "The signature could not be checked, because no key of the issuer is at hand for it.",
        "Die Signatur konnte nicht geprüft werden, weil dafür kein Schlüssel des Ausstellers vorliegt.",
    ),
    "issuer-key.passed": (
        "The signing key is one that the issuer has published for signing credentials.",
        "Der Aussteller hat diesen Schlüssel zum Signieren von Nachweisen veröffentlicht.",
    ),
    "issuer-key.self": (
        "The signing key is the very key that the issuer's identifier consists of.",
        "Der Schlüssel ist genau der, aus dem die Kennung des Ausstellers besteht.",
    ),
    "issuer-key.foreign": (
        "It was signed with a key that does not belong to the issuer it names.",
        "Signiert wurde mit einem Schlüssel, der nicht dem genannten Aussteller gehört.",
    ),
    "issuer-key.not-listed": (
        "The issuer has not published the signing key for signing credentials.",
        "Der Aussteller hat diesen Schlüssel nicht zum Signieren von Nachweisen veröffentlicht.",
    ),
    "issuer-key.unavailable": (
        "The issuer's keys could not be obtained.",
        "Die Schlüssel des Ausstellers waren nicht zu bekommen.",
    ),
    "issuer-key.no-lookup": (
        "The issuer's keys cannot be looked up from the identifier it uses.",
        "Unter der Kennung, die der Aussteller verwendet, lassen sich keine Schlüssel nachschlagen.",
    ),
    "issuer-key.unusable": (
        "The issuer's published keys are not in order, so none could be used.",
        "Die veröffentlichten Schlüssel des Ausstellers sind nicht in Ordnung und nicht verwendbar.",
    ),
    "issuer-key.withdrawn": (
        "The issuer stopped using this key on {until_moment}; signatures made with it no longer count.",
        "Der Aussteller verwendet diesen Schlüssel seit {until_moment} nicht mehr; damit Signiertes zählt nicht mehr.",
    ),
    "issuer-key.unnamed": (
        "The signature does not say with which key it was made.",
        "Die Signatur sagt nicht, mit welchem Schlüssel sie entstanden ist.",
    ),
    "issuer-key.no-proof": (
        "Without a signature there is no key to look at.",
        "Ohne Signatur gibt es keinen Schlüssel zu prüfen.",
    ),
    "issuer.domain": (
        "The issuer is known by its internet address {domain}.",
        "Der Aussteller ist durch seine Internetadresse {domain} bekannt.",
    ),
    "issuer.vouched": (
        "You vouch for this issuer: its keys were handed over along with the question.",
        "Sie bürgen für diesen Aussteller: Seine Schlüssel wurden mit der Anfrage übergeben.",
    ),
    "issuer.here": (
        "The issuer signs on this very site, which keeps its key.",
        "Der Aussteller signiert auf eben dieser Website, die seinen Schlüssel verwahrt.",
    ),
    "issuer.unknown": (
        "Nothing shows who is behind the key: the issuer's name is only claimed.",
        "Nichts zeigt, wer hinter dem Schlüssel steht: Der Name des Ausstellers ist nur eine Behauptung.",
    ),
    "issuer.unavailable": (
        "Who the issuer is could not be confirmed, because its keys are not at hand.",
        "Wer der Aussteller ist, ließ sich nicht bestätigen, weil seine Schlüssel nicht vorliegen.",
    ),
    "status.none": (
        "The issuer did not provide for withdrawing this credential.",
        "Ein Widerruf ist für diesen Nachweis nicht vorgesehen.",
    ),
    "status.not-looked-up": (
        "Whether it was withdrawn was not looked up, because it is not a proper credential.",
        "Ein Widerruf wurde nicht nachgeschlagen, weil es kein ordnungsgemäßer Nachweis ist.",
    ),
    "status.passed": (
        "The issuer has not withdrawn it, according to its list of {list_moment}.",
        "Der Aussteller hat den Nachweis nicht widerrufen, so seine Liste vom {list_moment}.",
    ),
    "status.passed-undated": (
        "The issuer has not withdrawn it, according to its list.",
        "Der Aussteller hat den Nachweis nicht widerrufen, so seine Liste.",
    ),
    "status.here": (
        "The issuer has not withdrawn it, according to its records on this site.",
        "Der Aussteller hat den Nachweis nicht widerrufen, so seine Aufzeichnungen auf dieser Website.",
    ),
    "status.revoked": (
        "The issuer has withdrawn it.",
        "Der Aussteller hat den Nachweis widerrufen.",
    ),
    "status.suspended": (
        "The issuer has suspended it for the time being.",
        "Der Aussteller hat den Nachweis vorläufig ausgesetzt.",
    ),
    "status.no-matter": (
        "The issuer keeps a list about “{purpose}”, which says nothing about validity.",
        "Der Aussteller führt eine Liste über „{purpose}“; über die Gültigkeit sagt sie nichts.",
    ),
    "status.unavailable": (
        "The issuer's list of withdrawn credentials could not be obtained.",
        "Die Liste der widerrufenen Nachweise des Ausstellers war nicht zu bekommen.",
    ),
    "status.unverified": (
        "The list of withdrawn credentials is not properly signed by the issuer, so it proves nothing.",
        "Die Liste der widerrufenen Nachweise ist nicht ordentlich vom Aussteller signiert und beweist nichts.",
    ),
    "status.outdated": (
        "The list of withdrawn credentials is not valid today, so it proves nothing.",
        "Die Liste der widerrufenen Nachweise gilt heute nicht und beweist nichts.",
    ),
    "status.unreadable": (
        "The list of withdrawn credentials does not give an answer for this credential.",
        "Die Liste der widerrufenen Nachweise gibt für diesen Nachweis keine Auskunft.",
    ),
    "status.unsupported": (
        "The issuer keeps track of withdrawn credentials in a way that is not supported here.",
        "Der Aussteller führt Widerrufe auf eine Weise, die hier nicht unterstützt wird.",
    ),
    "period.endless": (
        "It has been valid since {from_moment} and does not expire.",
        "Der Nachweis gilt seit {from_moment} und läuft nicht ab.",
    ),
    "period.passed": (
        "It is valid from {from_moment} to {until_moment}.",
        "Der Nachweis gilt von {from_moment} bis {until_moment}.",
    ),
    "period.early": (
        "It is not valid before {from_moment}.",
        "Der Nachweis gilt erst ab {from_moment}.",
    ),
    "period.expired": (
        "It was valid until {until_moment}.",
        "Der Nachweis galt bis {until_moment}.",
    ),
    "period.unreadable": (
        "It does not say clearly from when to when it is valid.",
        "Es steht nicht eindeutig darin, von wann bis wann der Nachweis gilt.",
    ),
    "recipient.not-asked": (
        "It was not asked whether it belongs to a particular person.",
        "Es wurde nicht gefragt, ob der Nachweis einer bestimmten Person gehört.",
    ),
    "recipient.passed": (
        "It was issued to {recipient}.",
        "Der Nachweis wurde für {recipient} ausgestellt.",
    ),
    "recipient.failed": (
        "It was not issued to {recipient}.",
        "Der Nachweis wurde nicht für {recipient} ausgestellt.",
    ),
    "recipient.unknown": (
        "It does not say enough about its holder to tell whether that is {recipient}.",
        "Der Nachweis sagt zu wenig über seinen Inhaber, um {recipient} zu erkennen.",
    ),
    "endorsement.passed": (
        "“{issuer}” endorses it, and that endorsement is genuine.",
        "„{issuer}“ empfiehlt den Nachweis, und diese Empfehlung ist echt.",
    ),
    "endorsement.failed": (
        "It carries an endorsement by “{issuer}” that does not count; the credential itself is judged without it.",
        "Eine Empfehlung von „{issuer}“ darin zählt nicht; der Nachweis selbst wird ohne sie beurteilt.",
    ),
    "endorsement.unknown": (
        "It carries an endorsement by “{issuer}” that could not be confirmed.",
        "Eine Empfehlung von „{issuer}“ darin ließ sich nicht bestätigen.",
    ),
    "endorsement.elsewhere": (
        "It carries an endorsement by “{issuer}” that is about something else.",
        "Eine Empfehlung von „{issuer}“ darin betrifft etwas anderes.",
    ),
    "endorsements.too-many": (
        "It carries {count} endorsements; only the first {limit} were looked at.",
        "Der Nachweis trägt {count} Empfehlungen; nur die ersten {limit} wurden geprüft.",
    ),
    "refresh.not-followed": (
        "The issuer offers to hand out newer editions; Laurea judges the one at hand.",
        "Der Aussteller bietet neuere Fassungen an; Laurea beurteilt die vorliegende.",
    ),
    "list.passed": (
        "It is a status list with {count} entries.",
        "Es ist eine Statusliste mit {count} Einträgen.",
    ),
    "list.failed": (
        "The status list inside cannot be read.",
        "Die Statusliste darin ist nicht lesbar.",
    ),
}

_MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
}  # fmt: skip


def title(check_id: str, parameters: Mapping[str, str], language: str) -> str:
    """The title of the check with this id, whose number is left out of account (``proof.2``)."""
    return _filled(TITLES[check_id.partition(".")[0]], parameters, language)


def sentence(message: str, parameters: Mapping[str, str], language: str) -> str:
    """The sentence with this message id."""
    return _filled(SENTENCES[message], parameters, language)


def word(name: str, language: str) -> str:
    """A verdict in one word, or nearly."""
    return _filled(WORDS[name], {}, language)


def verdict(name: str, language: str) -> str:
    """The sentence for a verdict."""
    return _filled(VERDICTS[name], {}, language)


def _filled(texts: tuple[str, str], parameters: Mapping[str, str], language: str) -> str:
    index = LANGUAGES.index(language) if language in LANGUAGES else 0
    written = {
        name: _date(value, LANGUAGES[index]) if name.endswith("_moment") else value
        for name, value in parameters.items()
    }
    return texts[index].format_map(written)


def _date(text: str, language: str) -> str:
    """The day of a moment, in the moment's own time zone: what the issuer wrote, not what the reader's clock makes."""
    try:
        moment = parse_moment(text)
    except VocabularyError:
        return text
    month = _MONTHS[language][moment.month - 1]
    return f"{moment.day}. {month} {moment.year}" if language == "de" else f"{moment.day} {month} {moment.year}"
