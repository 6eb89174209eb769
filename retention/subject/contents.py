"""What stands in the export of a person: by table which columns, in the words of the page. Pure.

What is in no list here, but has a key to a person, is told as an act of theirs: what it was, and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Content(NamedTuple):
    """One table: how a row leads to the person, and which look-ups are told under which words.

    `private`: of what people answered and said, which an administrator does not get to read.
    """

    model: str
    person: str
    title: str
    columns: Mapping[str, str]
    private: bool = False


ROUND: Final = {"ronde": "assessment__title", "jaar": "assessment__year"}
CHOICE: Final = {
    **{"niveau": "level", "keuze zonder niveau": "state", "reden": "reason"},
    **{
        "toelichting": "explanation",
        "wat zou helpen": "helps",
        "versie": "version",
        "bewaard op": "saved_at",
    },
}
CONTENTS: Final = (
    Content(
        "organisations.Membership",
        "user",
        "Lidmaatschap",
        {
            **{"organisatie": "organisation__name", "team": "team__name", "functie": "job"},
            "functies in de vragenlijst": "functions",
        },
    ),
    Content(
        "organisations.MembershipRole",
        "membership__user",
        "Rollen",
        {"organisatie": "membership__organisation__name", "rol": "role", "sinds": "since"},
    ),
    Content(
        "assessments.Assignment",
        "user",
        "Vragen die aan u zijn gegeven",
        {
            **ROUND,
            **{"schakel": "link", "thema": "theme", "vraag": "question", "briefje": "note"},
            "ingediend op": "handed_in_at",
        },
        True,
    ),
    Content(
        "assessments.GuestPass",
        "user",
        "Toegang als gast",
        {**ROUND, "naam": "name", "briefje": "note", "geldig tot": "expires_at", "gebruikt op": "used_at"},
        True,
    ),
    Content(
        "assessments.Answer", "contributor", "Antwoorden", {**ROUND, "vraag": "question", **CHOICE}, True
    ),
    Content(
        "assessments.AnswerRevision",
        "actor",
        "Eerdere versies van antwoorden",
        {
            **{"ronde": "answer__assessment__title", "jaar": "answer__assessment__year"},
            "vraag": "answer__question",
            **CHOICE,
        },
        True,
    ),
    Content(
        "assessments.Remark",
        "author",
        "Wat u in gesprekken schreef",
        {
            **{"ronde": "thread__assessment__title", "vraag": "thread__question", "tekst": "text"},
            **{"op": "at", "teruggenomen op": "taken_back_at"},
        },
        True,
    ),
    Content(
        "assessments.Remark",
        "mentioned",
        "Waar een collega u noemt in een gesprek",
        {
            **{"ronde": "thread__assessment__title", "vraag": "thread__question"},
            **{"tekst": "text", "op": "at"},
        },
        True,
    ),
    Content(
        "assessments.SentBack",
        "contributor",
        "Antwoorden die de validator aan u teruggaf",
        {**ROUND, "vraag": "question", "wat de validator vroeg": "text", "uw reactie": "reply", "op": "at"},
        True,
    ),
    Content(
        "assessments.Evidence",
        "added_by",
        "Bewijs dat u toevoegde",
        {
            **ROUND,
            **{"vraag": "question", "titel": "title", "bestand": "name", "link": "url"},
            **{"bytes": "size", "SHA-256": "sha256", "op": "added_at"},
        },
        True,
    ),
    Content(
        "assessments.Meeting",
        "present",
        "Overleggen waar u bij was",
        {**ROUND, "schakel": "link", "begonnen op": "started_at", "afgesloten op": "ended_at"},
    ),
    Content(
        "assessments.Action",
        "responsible",
        "Verbeteracties die u bewaakt",
        {**ROUND, "wat": "what", "klaar op": "due", "status": "status"},
    ),
    Content(
        "organisations.Message",
        "user",
        "E-mails die het portaal u stuurde",
        {
            **{"organisatie": "organisation__name", "aan": "to", "onderwerp": "subject"},
            **{"geschreven op": "created_at", "verstuurd op": "sent_at"},
        },
    ),
    Content("organisations.Muted", "user", "E-mails die u niet wilt", {"soort": "kind"}),
    Content("account.EmailAddress", "user", "E-mailadressen", {"adres": "email", "bevestigd": "verified"}),
    Content(
        "mfa.Authenticator",
        "user",
        "Tweede stap bij het inloggen (zonder de geheimen)",
        {"soort": "type", "ingesteld op": "created_at", "laatst gebruikt op": "last_used_at"},
    ),
    Content(
        "usersessions.UserSession",
        "user",
        "Waar u nu bent ingelogd",
        {
            **{"vanaf": "ip", "browser": "user_agent", "sinds": "created_at"},
            "laatst gezien": "last_seen_at",
        },
    ),
    Content(
        "socialaccount.SocialAccount",
        "user",
        "Inloggen met het account van uw organisatie",
        {"bij": "provider", "kenmerk": "uid", "laatst gebruikt op": "last_login"},
    ),
)


class Left(NamedTuple):
    what: str
    why: str


LEFT_OUT: Final = (
    Left(
        "Wat u anoniem antwoordde in een peiling",
        "Antwoorden liggen zonder naam, volgorde of tijd bij elkaar. Het portaal kan niet weten welke van u "
        "zijn, en niemand anders ook niet. Daarom kan niemand ze opzoeken, inzien of verwijderen "
        "(AVG, artikel 11).",
    ),
    Left(
        "Of u aan een peiling meedeed",
        "Dat vertelt het portaal aan niemand. Uw adres staat alleen op de lijst van uitgenodigden zolang de "
        "peiling loopt.",
    ),
    Left(
        "Wachtwoord en geheimen om in te loggen",
        "Het portaal bewaart ze bewerkt of versleuteld. Aan een kopie heeft alleen een inbreker iets.",
    ),
    Left(
        "De bestanden bij vragen",
        "Dat zijn stukken van de organisatie. Hier staat welke u toevoegde.",
    ),
    Left(
        "Wat anderen schreven",
        "Alleen waar u zelf genoemd of gevraagd bent. De rest gaat over anderen (AVG, artikel 15 lid 4).",
    ),
    Left(
        "Reservekopieën",
        "Daarin staat hetzelfde als hier, tot ze volgens het schema zijn vernietigd.",
    ),
)
