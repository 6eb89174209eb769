"""The griffier's list: what there is to check in four groups, and what the portal found of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assessments.supplement import SupplementDocument
from reports import words
from reports.clerk_check import language, secrecy
from reports.clerk_check.language import Reading
from reports.clerk_check.secrecy import Find
from reports.clerk_check.texts import Text, texts_of
from reports.report import Report


class Found(StrEnum):
    """What the portal can say of an item; the value is the word on the page."""

    FINE = "in orde"
    LOOK = "let op"
    UNSEEN = "kan het portaal niet zien"


@dataclass(frozen=True)
class Item:
    """One thing to check. `said` are sentences; `finds` and `reading` are what they are about."""

    slug: str
    title: str
    found: Found
    said: list[str]
    finds: list[Find] = field(default_factory=list)
    reading: Reading | None = None


@dataclass(frozen=True)
class Group:
    slug: str
    title: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class FileState:
    """How far the PDF of the report is, as far as this list needs to know."""

    made: bool
    failed: bool
    checked: str  # what the checkers said of it


def groups(report: Report, people: Iterable[str], file: FileState) -> list[Group]:
    """The whole list for a report. `people` are names that must not stand in it."""
    beside = report.account.supplement
    texts = texts_of(beside, report.account.document)
    return [
        Group("vorm", "Vorm", [_brief(beside), _reaction(beside), _actions(beside), _legal(report)]),
        Group("taal", "Taal", [_readable(texts), CLEAR]),
        Group("geheim", "Geheimhouding", [*_secrecy(texts, people, beside), RECOGNISED]),
        Group("toegankelijk", "Toegankelijkheid", [_file(file), HEARD]),
    ]


CLEAR = Item(
    "duidelijk", "De kern is duidelijk", Found.UNSEEN, ["Snapt een raadslid de eerste bladzijde in één keer?"]
)
RECOGNISED = Item(
    "herkenbaar",
    "Niemand is te herkennen",
    Found.UNSEEN,
    ["Is uit een beschrijving af te leiden over wie het gaat, ook zonder naam?"],
)
HEARD = Item(
    "leesbaar-scherm",
    "Het verslag leest goed op een scherm",
    Found.UNSEEN,
    ["Open de webpagina op een telefoon, of laat een stuk voorlezen."],
)


def _brief(beside: SupplementDocument) -> Item:
    brief = beside.get("brief")
    missing = {
        "wat u de raad vraagt": brief and brief["asked"],
        "bij wie de raad terecht kan": brief and brief["contact"],
        "het volgende moment": brief and brief["next_on"],
    }
    left = [name for name, there in missing.items() if not there]
    said = f"Op de oplegger {'ontbreekt' if len(left) == 1 else 'ontbreken'}: {words.joined(left)}."
    return _item("oplegger", "De oplegger is compleet", [said] if left else [], "Alles is ingevuld.")


def _reaction(beside: SupplementDocument) -> Item:
    left = [] if "reaction" in beside else ["Er is nog geen reactie van het college op deze resultaten."]
    return _item("reactie", "De reactie van het college staat erin", left, "De reactie staat erin.")


def _actions(beside: SupplementDocument) -> Item:
    decided = [one for one in beside.get("actions", []) if one["status"] not in ("proposed", "dropped")]
    left = [
        f"Geen eigenaar of geen datum: {one['what']}." for one in decided if not (one["owner"] and one["due"])
    ]
    if not decided:
        left = ["Het college heeft nog geen verbeteractie besloten."]
    number = len(decided)
    fine = "De ene besloten actie heeft een eigenaar en een datum."
    if number > 1:
        fine = f"Alle {number} besloten acties hebben een eigenaar en een datum."
    return _item("acties", "Elke besloten actie heeft een eigenaar en een datum", left, fine)


def _legal(report: Report) -> Item:
    """What is not shown stands in the report by itself; whether something is done about it does not."""
    legal = report.account.results["legal"]
    open_ = [one["question"] for one in legal if one["status"] == "not_shown"]
    acted = {action["question"] for action in report.account.supplement.get("actions", [])}
    left = [one for one in open_ if one not in acted]
    fine = "Alle wettelijke minimums zijn aangetoond."
    if open_:
        fine = f"Het verslag noemt wat niet is aangetoond ({len(open_)}), en bij elk staat een verbeteractie."
    said = f"Het verslag noemt {len(open_)} niet aangetoonde wettelijke minimums. Zonder verbeteractie: "
    return _item(
        "wettelijk",
        "Wettelijke minimums die niet zijn aangetoond, worden genoemd",
        [f"{said}{', '.join(left)}."] if left else [],
        fine,
    )


def _readable(texts: Sequence[Text]) -> Item:
    read = language.reading([text for text in texts if not text.fixed])
    if not read.sentences:
        return Item("leesbaar", "De teksten zijn leesbaar", Found.UNSEEN, ["Er is nog geen eigen tekst."])
    long = len(read.long_sentences)
    said = (
        f"{read.sentences} zinnen van gemiddeld {words.decimal(read.average, 1)} woorden. {long} "
        f"{'zin heeft' if long == 1 else 'zinnen hebben'} meer dan {language.LONG_SENTENCE} woorden "
        f"({words.percentage(read.share)}). Dit is een telling, geen oordeel."
    )
    found = Found.LOOK if read.asks_for_a_look else Found.FINE
    return Item("leesbaar", "De teksten zijn leesbaar", found, [said], reading=read)


def _secrecy(texts: Sequence[Text], people: Iterable[str], beside: SupplementDocument) -> list[Item]:
    brief = beside.get("brief")
    # Where the contact stands itself, an address is meant to be.
    contact = brief["contact"] if brief else []
    rows = [
        ("namen", "Er staan geen namen van mensen in", secrecy.names(texts, people)),
        ("adressen", "Er staan geen adressen in, behalve het contact", secrecy.addresses(texts, contact)),
        ("bsn", "Er staat geen burgerservicenummer in", secrecy.service_numbers(texts)),
        ("aantallen", "Er staan geen kleine aantallen in", secrecy.small_numbers(texts)),
    ]
    return [_finding(slug, title, finds) for slug, title, finds in rows]


def _finding(slug: str, title: str, finds: list[Find]) -> Item:
    if not finds:
        return Item(slug, title, Found.FINE, ["Het portaal vond niets in de vrije teksten."])
    number = len(finds)
    said = [f"Het portaal vond {number} {'plaats' if number == 1 else 'plaatsen'} om te bekijken."]
    if any(find.fixed for find in finds):
        said.append(
            "Wat bij een vraag staat, ligt vast: dat verandert alleen met een correctie van de ronde."
        )
    return Item(slug, title, Found.LOOK, said, finds)


def _file(file: FileState) -> Item:
    title = "De PDF is toegankelijk"
    if file.made:
        return Item("pdf", title, Found.FINE, [f"De PDF is gemaakt en gecontroleerd: {file.checked}."])
    if file.failed:
        return Item(
            "pdf",
            title,
            Found.LOOK,
            ["De PDF is niet gelukt. Vraag op de pagina van het verslag een nieuwe."],
        )
    return Item("pdf", title, Found.UNSEEN, ["De PDF wordt nog gemaakt. Kijk straks nog eens."])


def _item(slug: str, title: str, left: list[str], fine: str) -> Item:
    return Item(slug, title, Found.LOOK, left) if left else Item(slug, title, Found.FINE, [fine])
