"""What a report says, in English and German: titles of checks, verdicts, and sentences.

A sentence says what was found to somebody who has to decide about a person, not about a file. Names in braces are
parameters; those that end in ``_moment`` hold a moment and are written as a date in the reader's language.
"""

from __future__ import annotations

Table = dict[str, tuple[str, str]]
"""Id -> (English, German)."""

TITLES: Table = {
    "format": ("The file can be read", "Die Datei ist lesbar"),
    "structure": ("It is built as the standard asks", "Der Aufbau entspricht dem Standard"),
    "terms": ("Every statement has a defined meaning", "Jede Angabe hat eine festgelegte Bedeutung"),
    "proof": ("Signature {number} of {count} ({suite})", "Signatur {number} von {count} ({suite})"),
    "hosted": ("Its host confirms it", "Sein Anbieter bestätigt ihn"),
    "origin": ("The issuer keeps its badges there", "Der Aussteller führt dort seine Abzeichen"),
    "badge": ("What it was given for is described", "Wofür er verliehen wurde, ist beschrieben"),
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
    "replaced": (
        "No longer the one that counts: genuine as it was issued, and replaced by a newer edition.",
        "Gilt nicht mehr: echt, wie er ausgestellt wurde, und durch eine neuere Fassung ersetzt.",
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
    "replaced": ("Replaced", "Ersetzt"),
    "genuine": ("Genuine", "Echt"),
}

ABOUT_SIGNING: Table = {
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
        "It is no credential of Open Badges 3.0 or 2.0, and Laurea judges no others.",
        "Das ist kein Nachweis nach Open Badges 3.0 oder 2.0; andere beurteilt Laurea nicht.",
    ),
    "structure.assertion-passed": (
        "It has all the parts that its standard (Open Badges 2.0) asks for.",
        "Alle Teile, die sein Standard (Open Badges 2.0) vorschreibt, sind vorhanden.",
    ),
    "structure.assertion-failed": (
        "It is not built as its standard (Open Badges 2.0) asks, so it cannot be relied on.",
        "Der Aufbau entspricht nicht seinem Standard (Open Badges 2.0); verlassen Sie sich nicht darauf.",
    ),
    "structure.older-assertion": (
        "It follows Open Badges 1, a standard so old that Laurea does not judge it.",
        "Der Nachweis folgt Open Badges 1, einem so alten Standard, dass Laurea ihn nicht beurteilt.",
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
    "proof.other-use": (
        "This signature counts at one place or occasion, or after another one ({member}), so it was not checked here.",
        "Diese Signatur gilt nur an einem Ort, zu einem Anlass oder nach einer anderen ({member}) und wurde hier nicht "
        "geprüft.",
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
    "issuer-key.stolen": (
        "The issuer says that this key was in the wrong hands from {from_moment} on, and nothing shows that this was "
        "signed before: whoever had the key could have signed it.",
        "Der Aussteller meldet diesen Schlüssel ab {from_moment} als gestohlen, und nichts zeigt, dass vorher signiert "
        "wurde: Wer den Schlüssel hatte, könnte signiert haben.",
    ),
    "issuer-key.before": (
        "The key is the issuer's. It was in the wrong hands from {from_moment} on, but the log here shows that this "
        "was signed before.",
        "Der Schlüssel gehört dem Aussteller. Er war ab {from_moment} in falschen Händen, aber das Protokoll hier "
        "zeigt, dass vorher signiert wurde.",
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
    "issuer.listed": (
        "This installation has trusted the issuer as “{issuer}” since {since_moment}.",
        "Diese Installation vertraut dem Aussteller als „{issuer}“ seit {since_moment}.",
    ),
    "issuer.namesake": (
        "It comes from {domain} and calls itself “{issuer}”, but that issuer is known here under another address.",
        "Der Nachweis kommt von {domain} und nennt sich „{issuer}“; dieser Aussteller ist hier aber anders bekannt.",
    ),
    "issuer.unavailable": (
        "Who the issuer is could not be confirmed, because its keys are not at hand.",
        "Wer der Aussteller ist, ließ sich nicht bestätigen, weil seine Schlüssel nicht vorliegen.",
    ),
}
