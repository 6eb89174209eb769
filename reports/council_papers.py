"""The drafts that go to the council with the report: an information letter and a proposal, in words.

Each is what most Dutch municipalities put in such a paper, under the headings that they use. Only what the
report holds is written; what somebody else has to say is a field to fill in. Pure: reports/word_file.py makes
a file of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assessments.supplement import ActionDocument
from reports import words
from reports.paper_parts import Block, Fill, Items, Paper, Paragraph, Section, Table, Words
from reports.report import Report


@dataclass(frozen=True, slots=True)
class Bodies:
    """How the two bodies and the two papers are called in this kind of organisation."""

    council: str
    college: str
    letter: str
    proposal: str


_BOARDS: Final = Bodies(
    "het algemeen bestuur",
    "het dagelijks bestuur",
    "Informatiebrief aan het algemeen bestuur",
    "Voorstel aan het algemeen bestuur",
)
BODIES: Final = {
    "gemeente": Bodies("de raad", "het college", "Raadsinformatiebrief", "Raadsvoorstel"),
    "provincie": Bodies("Provinciale Staten", "Gedeputeerde Staten", "Statenbrief", "Statenvoorstel"),
    "waterschap": _BOARDS,
    "gemeenschappelijke-regeling": _BOARDS,
}
LAW: Final = (
    "De Ambtenarenwet 2017 (artikel 4) vraagt van elke overheidswerkgever om elk jaar te verantwoorden welk "
    "integriteitsbeleid er is en hoe de gedragscode wordt nageleefd."
)
UNKNOWN: Final = (
    "Er is geen eindcijfer: een keten is zo sterk als de zwakste schakel. ‘Niet aangetoond’ betekent dat dit "
    "verslag het niet laat zien. Het kan er wel zijn."
)
CHANGES: Final = 2  # decimals


def letter(report: Report) -> Paper:
    """The draft of the information letter: the council takes note."""
    bodies = _bodies(report)
    return Paper(
        bodies.letter,
        report.full_title,
        _facts(report, bodies),
        tuple(
            section
            for section in (
                Section("Kernboodschap", (_said(" ".join((*report.brief.core, *report.brief.links))),)),
                _occasion(report),
                _outcome(report),
                _change(report),
                _plan(report, f"Wat {bodies.college} gaat doen"),
                _reaction(report, bodies),
                _asked(report, bodies),
                _finance(),
                _next(report),
                _enclosures(report),
                _signed(bodies),
            )
            if section.blocks
        ),
    )


def proposal(report: Report) -> Paper:
    """The draft of the proposal: the council decides something."""
    bodies = _bodies(report)
    return Paper(
        bodies.proposal,
        report.full_title,
        _facts(report, bodies),
        tuple(
            section
            for section in (
                _decisions(report, bodies),
                _occasion(report),
                Section("Beoogd effect", (_effect(report, bodies),)),
                Section("Argumenten", ()),
                *_arguments(report),
                _objections(report),
                _change(report),
                _reaction(report, bodies),
                _finance(),
                _plan(report, "Uitvoering"),
                _next(report),
                _enclosures(report),
                _signed(bodies),
            )
            if section.blocks or section.title == "Argumenten"
        ),
    )


PAPERS: Final[dict[str, Callable[[Report], Paper]]] = {"letter": letter, "proposal": proposal}


def _bodies(report: Report) -> Bodies:
    return BODIES[report.account.document["organisation"]["kind"]]


def _said(text: str) -> Paragraph:
    return Paragraph((text,))


def _facts(report: Report, bodies: Bodies) -> tuple[tuple[str, Words], ...]:
    return (
        ("Aan", bodies.council),
        ("Van", bodies.college),
        ("Onderwerp", report.full_title),
        ("Datum", Fill("datum van het besluit")),
        ("Portefeuillehouder", Fill("portefeuillehouder")),
        ("Zaaknummer", Fill("zaaknummer")),
    )


def _occasion(report: Report) -> Section:
    versions = f"Het gaat om {report.version} van het verslag over {report.account.round['year']}."
    corrects = report.account.supplement["edition"]["corrects"]
    why = f" Dit verslag vervangt een eerdere versie: {corrects}" if corrects else ""
    return Section(
        "Aanleiding",
        (
            _said(LAW),
            _said(
                f"De resultaten zijn vastgesteld op {report.account.adopted}. "
                f"Daarna kan niemand ze veranderen. {versions}{why}"
            ),
        ),
    )


def _outcome(report: Report) -> Section:
    return Section(
        "Wat eruit komt",
        (
            _levels(report),
            _said(report.legal.counted),
            *_not_shown(report),
            _said(_checked(report)),
        ),
    )


def _levels(report: Report) -> Table:
    rows = tuple((link.title, link.figure, link.level) for link in report.links)
    return Table("Het niveau van elke schakel, van 0 tot en met 4", ("Schakel", "Niveau", "In woorden"), rows)


def _not_shown(report: Report) -> list[Block]:
    titles = report.legal.not_shown
    return [_said("Niet aangetoond:"), Items(tuple(titles))] if titles else []


def _change(report: Report) -> Section:
    """What changed since the previous report; nothing without one."""
    change = report.account.supplement.get("change")
    if not change:
        return Section("", ())
    titles = {link.slug: str(link.title) for link in report.account.questionnaire.links}
    rows = tuple(
        (
            titles.get(one["slug"], one["slug"]),
            words.figure(one["before"]),
            words.figure(one["now"]),
            "niet te vergelijken" if one["change"] is None else _signed_number(one["change"]),
        )
        for one in change["links"]
    )
    head = ("Schakel", str(change["year"]), str(report.account.round["year"]), "Verschil bij gelijke vragen")
    title = f"De schakels vergeleken met {change['title']} {change['year']}"
    return Section("Wat er veranderde", (Table(title, head, rows),))


def _signed_number(value: float) -> str:
    return f"{'+' if value > 0 else ''}{words.decimal(value, CHANGES)}"


def _plan(report: Report, title: str) -> Section:
    actions = [one for one in report.account.supplement.get("actions", []) if one["status"] != "dropped"]
    if not actions:
        return Section(
            title, (Paragraph((Fill("wat er gaat gebeuren, wie dat doet en wanneer het klaar is"),)),)
        )
    rows = tuple(_action(one) for one in actions)
    return Section(title, (Table("Het verbeterplan", ("Wat", "Wie", "Klaar op", "Stand"), rows),))


def _action(action: ActionDocument) -> tuple[Words, ...]:
    return (
        action["what"],
        action["owner"] or Fill("eigenaar"),
        words.day(action["due"]) if action["due"] else Fill("datum"),
        words.ACTIONS[action["status"]],
    )


def _reaction(report: Report, bodies: Bodies) -> Section:
    title = f"Reactie van {bodies.college}"
    reaction = report.account.supplement.get("reaction")
    if not reaction:
        return Section(title, (Paragraph((Fill(f"reactie van {bodies.college}"),)),))
    told = [_said(text) for text in reaction["text"].splitlines() if text.strip()]
    return Section(title, (_said(f"Besluit van {words.day(reaction['decided_on'])}."), *told))


def _asked(report: Report, bodies: Bodies) -> Section:
    brief = report.account.supplement.get("brief")
    title = f"Wat wij {bodies.council} vragen"
    if not brief:
        return Section(title, (Paragraph((Fill(f"wat u {bodies.council} vraagt"),)),))
    told = [line for text in (brief["asked"], brief["council"]) for line in text.splitlines() if line.strip()]
    return Section(title, tuple(map(_said, told)))


def _finance() -> Section:
    return Section("Financiën", (Paragraph((Fill("wat het kost en waaruit dat wordt betaald, of: geen"),)),))


def _next(report: Report) -> Section:
    brief = report.account.supplement.get("brief")
    when: Words = Fill("volgend moment")
    if brief and (brief["next_on"] or brief["next"]):
        day = words.day(brief["next_on"]) if brief["next_on"] else ""
        when = ": ".join(filter(None, (day, brief["next"])))
    contact: Words = (
        ", ".join(brief["contact"]) if brief and brief["contact"] else Fill("functie en telefoon")
    )
    return Section(
        "Vervolg",
        (Paragraph(("Volgend moment: ", when)), Paragraph(("Contact: ", contact))),
    )


def _enclosures(report: Report) -> Section:
    return Section(
        "Bijlagen",
        (
            Items(
                (
                    f"{report.full_title}, {report.version} (PDF, met de gegevens erin)",
                    "De oplegger: het verslag op één bladzijde (PDF)",
                )
            ),
            _said(f"Controlegetal van de resultaten: {report.checksum_in_groups}"),
        ),
    )


def _signed(bodies: Bodies) -> Section:
    return Section(
        "Ondertekening",
        (Paragraph((f"Namens {bodies.college}, ", Fill("namen en functies van wie ondertekent"))),),
    )


def _decisions(report: Report, bodies: Bodies) -> Section:
    known = [f"Kennis te nemen van de {report.kicker.lower()} ({report.version})."]
    if report.account.supplement.get("actions"):
        known.append("Kennis te nemen van het verbeterplan in dit verslag.")
    rest = Fill(f"wat {bodies.council} verder besluit, of haal dit punt weg")
    brief = report.account.supplement.get("brief")
    asked = [_said(f"In de oplegger staat als vraag: {brief['asked']}")] if brief else []
    return Section(
        "Gevraagd besluit",
        (_said(f"Wij stellen {bodies.council} voor:"), Items((*known, rest), numbered=True), *asked),
    )


def _effect(report: Report, bodies: Bodies) -> Paragraph:
    known = (
        f"Voor {bodies.council} is te zien hoe {report.account.name_within} aan integriteit werkt, "
        "waar de keten het zwakst is, en wat er volgend jaar van de verbeteringen kwam. "
    )
    return Paragraph((known, Fill("wat u verder wilt bereiken")))


def _arguments(report: Report) -> list[Section]:
    brief, legal = report.brief, report.legal
    return [
        Section(
            "Het verslag laat zien waar de keten het zwakst is",
            (_said(" ".join(brief.links)), _levels(report)),
            2,
        ),
        Section(
            "Het verslag laat zien wat van de wettelijke minimums is aangetoond",
            (_said(legal.counted), *_not_shown(report)),
            2,
        ),
        Section(
            "Iedereen kan het narekenen",
            (
                _said(
                    "De antwoorden zonder namen, het oordeel van de validator en de uitkomsten zitten als "
                    "gegevens in de PDF."
                ),
            ),
            2,
        ),
    ]


def _objections(report: Report) -> Section:
    """What the reader must keep in mind: what nobody checked, what is not measured, and figures with gaps."""
    gaps = tuple(f"{link.title}: {link.reservation}" for link in report.links if link.reservation)
    told = (_said(_checked(report)), _said(UNKNOWN))
    return Section("Kanttekeningen", (*told, *([Items(gaps)] if gaps else [])))


def _checked(report: Report) -> str:
    """How much of it anybody checked, in a sentence or two."""
    levels, unchecked = report.account.count("level"), report.account.unchecked
    if not unchecked:
        return "Bij alle vragen met een niveau keek een validator naar het bewijs."
    return (
        f"Bij {unchecked} van de {levels} vragen met een niveau keek niemand naar het bewijs. "
        "Daar telt wat de deelnemers zelf zeggen."
    )
