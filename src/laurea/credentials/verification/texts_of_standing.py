"""More of what a report says, in English and German: whether a credential still counts, and what else is told."""

from __future__ import annotations

from laurea.credentials.verification.texts import ABOUT_SIGNING, Table

ABOUT_STANDING: Table = {
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
    "status.superseded": (
        "The issuer has withdrawn it because a corrected edition took its place.",
        "Der Aussteller hat den Nachweis widerrufen, weil eine berichtigte Fassung an seine Stelle getreten ist.",
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
    "status.passed-unsigned": (
        "The issuer has not withdrawn it, according to the list at the address that it signed.",
        "Der Aussteller hat den Nachweis nicht widerrufen, so die Liste unter der Adresse, die er signiert hat.",
    ),
    "status.hosted": (
        "Its page at the host does not say that it was withdrawn.",
        "Seine Seite beim Anbieter sagt nicht, dass der Nachweis widerrufen wurde.",
    ),
    "status.not-looked-up-host": (
        "Whether it was withdrawn stands on its page at the host, which could not be obtained.",
        "Ob der Nachweis widerrufen wurde, steht auf seiner Seite beim Anbieter; sie war nicht zu bekommen.",
    ),
    "hosted.passed": (
        "{domain} shows the same badge at this moment. It carries no signature: you trust whoever may write there.",
        "{domain} zeigt jetzt dasselbe Abzeichen. Es ist unsigniert: Sie vertrauen allen, die dort schreiben dürfen.",
    ),
    "hosted.differs": (
        "{domain}, where this badge is kept, says something else than the file: the file was changed.",
        "{domain}, wo dieses Abzeichen liegt, sagt etwas anderes als die Datei: Die Datei wurde verändert.",
    ),
    "hosted.unavailable": (
        "This badge is true only if {domain} says so at this moment, and nothing could be obtained from there.",
        "Dieses Abzeichen gilt nur, wenn {domain} es jetzt bestätigt; von dort war nichts zu bekommen.",
    ),
    "hosted.unusable": (
        "What {domain} has at the badge's address is not that badge.",
        "Was {domain} unter der Adresse des Abzeichens zeigt, ist nicht dieses Abzeichen.",
    ),
    "hosted.withdrawn": (
        "{domain} does not show the badge any more, and says that it was withdrawn.",
        "{domain} zeigt das Abzeichen nicht mehr und sagt, dass es widerrufen wurde.",
    ),
    "origin.passed": (
        "The issuer, {issuer}, keeps its badges at {domain}.",
        "Der Aussteller {issuer} führt seine Abzeichen bei {domain}.",
    ),
    "origin.failed": (
        "The badge lies at {domain}, where the issuer it names, {issuer}, does not keep badges.",
        "Das Abzeichen liegt bei {domain}; dort führt der genannte Aussteller {issuer} keine Abzeichen.",
    ),
    "origin.unavailable": (
        "Whether the issuer keeps its badges at {domain} could not be found out.",
        "Ob der Aussteller seine Abzeichen bei {domain} führt, ließ sich nicht feststellen.",
    ),
    "badge.passed": (
        "What it was given for, and by whom, is described.",
        "Wofür und von wem es verliehen wurde, ist beschrieben.",
    ),
    "badge.unavailable": (
        "What it was given for could not be looked up.",
        "Wofür es verliehen wurde, ließ sich nicht nachschlagen.",
    ),
    "badge.unusable": (
        "What it was given for, or by whom, is not described as the standard asks.",
        "Wofür oder von wem es verliehen wurde, ist nicht so beschrieben, wie es der Standard verlangt.",
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

SENTENCES: Table = ABOUT_SIGNING | ABOUT_STANDING
