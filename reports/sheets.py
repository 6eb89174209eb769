"""What stands on the sheets of the workbook: the figures of the report by subject, in rows. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from chain.results import GroupDocument
from reports import words
from reports.chapters.link import PARTS
from reports.outcome import HIDDEN
from reports.report import Report

Value = str | int | float | date | None
GROUP: Final = (
    *("Niveau, op halven", "Niveau, precies", "Stand", "Vragen", "Weet ik niet", "Zonder antwoord"),
    *("Gecontroleerd", "Bewijs lager"),
)
UNITS: Final = {"count": "aantal", "days": "dagen"}
OUTCOMES: Final = {"done": "gedaan", "moved": "verschoven", "dropped": "vervallen", "open": "open"}
CHANGED: Final = {"newly_shown": "nu wel aangetoond", "no_longer_shown": "nu niet meer aangetoond"}


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    about: str  # what it holds
    head: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def sheets_of(report: Report) -> list[Sheet]:
    """The sheets in their order; a subject that the report has nothing about has none."""
    return [sheet for make in SHEETS if (sheet := make(report)).rows]


def _group(group: GroupDocument) -> list[Value]:
    counts = group["distribution"]
    return [
        *(group["printed"], group["score"]),
        words.status(group["status"], counts["unanswered"], frozen=True) or "compleet",
        *(sum(counts.values()), counts["unknown"], counts["unanswered"], group["validated"], group["gap"]),
    ]


def _links(report: Report) -> Sheet:
    rows = [[link.title, *_group(link.result)] for link in report.links]
    return Sheet("Schakels", "Het niveau van elke schakel", ("Schakel", *GROUP), rows)


def _parts(report: Report) -> Sheet:
    rows = [
        [link.title, words.GROUPS[name], words.GROUP_MEANINGS[name], *_group(part)]
        for link in report.links
        for name in PARTS
        if not report.is_light and (part := link.result[name])
    ]
    return Sheet(
        "Doorsneden",
        "Per schakel: hard en zacht, en van opzet naar werking",
        ("Schakel", "Soort vraag", "Dat is", *GROUP),
        rows,
    )


def _themes(report: Report) -> Sheet:
    rows = [
        [link.title, str(theme.title), *_group(result)]
        for link in report.links
        for theme, result in zip(link.link.themes, link.result["themes"], strict=True)
    ]
    return Sheet("Thema’s", "Het niveau van elk thema", ("Schakel", "Thema", *GROUP), rows)


def _questions(report: Report) -> Sheet:
    content = report.account.questionnaire
    rows: list[list[Value]] = []
    for one in report.account.results["questions"]:
        place = content.place(one["id"])
        rows.append(
            [
                *(str(place.link.title), str(place.theme.title), one["id"], str(place.question.title)),
                "niveau" if one["state"] == "level" else words.STATES[one["state"]],
                *(one["claimed"], one["evidenced"], one["spread"]),
                words.HELPS[one["helps"]] if one["helps"] else None,
            ]
        )
    return Sheet(
        "Vragen",
        "Elke vraag, met wat de deelnemers zeggen en wat het bewijs laat zien",
        (
            *("Schakel", "Thema", "Vraag", "Titel", "Stand", "Niveau", "Onderbouwd niveau"),
            *("Verschil tussen antwoorden", "Helpt het?"),
        ),
        rows,
    )


def _legal(report: Report) -> Sheet:
    content = report.account.questionnaire
    rows: list[list[Value]] = []
    for one in report.account.results["legal"]:
        question, result = content.question(one["question"]), report.account.questions[one["question"]]
        rows.append(
            [
                *(str(content.link_of(question.id).title), question.id, str(question.title)),
                "; ".join(f"{basis.law}, {basis.article}" for basis in question.legal_basis),
                *(one["minimum"], result["claimed"], result["evidenced"], words.LEGAL[one["status"]]),
            ]
        )
    return Sheet(
        "Wet",
        "De wettelijke minimums. ‘Niet aangetoond’ kan er wel zijn",
        ("Schakel", "Vraag", "Titel", "Grondslag", "Minimum", "Niveau", "Onderbouwd niveau", "Stand"),
        rows,
    )


def _actions(report: Report) -> Sheet:
    titles = {link.slug: str(link.title) for link in report.account.questionnaire.links}
    rows = [
        [
            *(one["what"], one["why"], one["owner"], _day(one["due"])),
            words.ACTIONS[one["status"]],
            *(one["reason"], one["barrier"], one["change"], titles.get(one["link"], one["link"])),
            *(one["question"], one["area"], one["since"]),
        ]
        for one in report.account.supplement.get("actions", [])
    ]
    head = (
        *("Wat", "Waarom", "Wie", "Klaar op", "Stand", "Waarom vervallen", "Wat in de weg staat"),
        *("Wat het moet veranderen", "Schakel", "Vraag", "Gebied", "Sinds"),
    )
    return Sheet("Verbeterplan", "Wat er gaat gebeuren, wie dat doet en wanneer", head, rows)


def _promises(report: Report) -> Sheet:
    rows = [
        [
            *(one["what"], one["owner"], one["made"], _day(one["due"])),
            *(OUTCOMES.get(one["outcome"], one["outcome"]), _day(one["due_now"]), one["reason"]),
        ]
        for one in report.account.supplement.get("promises", [])
    ]
    head = ("Wat", "Wie", "Beloofd in", "Beloofd voor", "Wat ervan kwam", "Nu voor", "Reden")
    return Sheet("Toezeggingen", "Wat er van de beloften van vorig jaar kwam", head, rows)


def _figures(report: Report) -> Sheet:
    told = report.account.supplement.get("figures")
    rows: list[list[Value]] = []
    for one in told["figures"] if told else []:
        unit = UNITS.get(one["unit"], one["unit"])
        rows.append([one["title"], "", unit, _number(one["told"])])
        rows += [[one["title"], part["title"], unit, _number(part["told"])] for part in one["parts"]]
    year = f"De jaarcijfers over {told['year']}" if told else ""
    about = f"{year}, zoals zij in het verslag staan: kleine aantallen staan er niet precies"
    return Sheet("Jaarcijfers", about, ("Wat", "Waarvan", "Eenheid", "Aantal"), rows)


def _vulnerabilities(report: Report) -> Sheet:
    told = report.account.supplement.get("vulnerabilities")
    rows: list[list[Value]] = []
    if told:
        rows += [["gebied", a["title"], a["inherent"], a["control"], a["gap"], None] for a in told["areas"]]
        rows += [["factor", f["title"], None, None, None, f["value"]] for f in told["factors"]]
    head = ("Soort", "Naam", "Kwetsbaar van zichzelf", "Beheerst", "Verschil", "Waarde")
    return Sheet("Kwetsbaarheden", "Waar het werk kwetsbaar is, van 0 tot en met 3", head, rows)


def _change(report: Report) -> Sheet:
    told = report.account.supplement.get("change")
    content = report.account.questionnaire
    titles = {link.slug: str(link.title) for link in content.links}
    rows: list[list[Value]] = []
    if told:
        rows += [
            [titles.get(o["slug"], o["slug"]), o["before"], o["now"], o["change"], o["questions"], None]
            for o in told["links"]
        ]
        for kind, said in CHANGED.items():
            ids = [one for one in told["legal"].get(kind, []) if content.has(one)]
            rows += [[f"{one} {content.question(one).title}", *[None] * 4, said] for one in ids]
    head = (
        "Wat",
        "Vorige keer",
        "Nu",
        "Verschil bij gelijke vragen",
        "Over zoveel vragen",
        "Wettelijk minimum",
    )
    return Sheet("Verandering", "Wat er veranderde sinds het vorige verslag", head, rows)


def _surveys(report: Report) -> Sheet:
    rows: list[list[Value]] = []
    for outcome in report.account.outcomes:
        for part in outcome.whole.parts:
            for row in part.rows:
                shown = [row.base, row.agree, row.reach, row.neutral, row.disagree, row.unknown, row.compared]
                told = shown if row.base is not None else [*[None] * 6, HIDDEN]
                rows.append([outcome.people, part.title, row.id, row.text, *told])
    head = (
        *("Wie", "Schakel", "Stelling", "Tekst", "Antwoorden", "Eens", "Marge van eens"),
        *("Neutraal", "Oneens", "Weet ik niet", "Opmerking"),
    )
    return Sheet("Peilingen", "Wat mensen anoniem zeiden, voor zover dat getoond mag worden", head, rows)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _number(told: str) -> Value:
    """A count as a number where it is printed exactly."""
    plain = told.replace(".", "")
    return int(plain) if plain.isdecimal() else told


SHEETS: Final[tuple[Callable[[Report], Sheet], ...]] = (
    *(_links, _parts, _themes, _questions, _legal, _actions, _promises),
    *(_figures, _vulnerabilities, _change, _surveys),
)
