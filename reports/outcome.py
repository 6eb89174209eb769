"""What staff or council members answered, in words and pictures: from the protected document alone. Pure.

`surveys.protection` decided what may be told. Nothing is computed here that could tell more: no sums over
groups, no differences, no order from high to low.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chain.questionnaire import Questionnaire
from chain.statements import Statement, StatementList
from reports import words
from reports.pictures import Opinion, opinions
from surveys.protection import GroupDocument, StatementDocument, SurveyDocument, printed

PEOPLE: Final = {"staff": "medewerkers", "council": "raadsleden"}
HIDDEN: Final = "te weinig antwoorden om te tonen zonder iemand te verraden"
LOW: Final = "Dit is een lage respons: lees het als signaal, niet als beeld van iedereen."
MORE: Final = (
    "Dat zijn er meer dan er mensen zijn: er klopt iets niet met het aantal, of iemand antwoordde vaker. "
    "Lees de cijfers met die kanttekening."
)
WHOLE_CHAIN: Final = "De hele keten"
WIDE, NARROW = 760.0, 340.0  # as in the other chapters: A4 and a phone


@dataclass(frozen=True, slots=True)
class Row:
    """One statement as it is printed; `base` is None when it is not shown, and then only its text is told."""

    id: str
    text: str
    base: int | None
    agree: str = ""
    neutral: str = ""
    disagree: str = ""
    unknown: str = ""
    reach: str = ""  # of agree: "tussen 57% en 80%"
    compared: str = ""  # with the whole, of a group
    agreeing: int = 0  # the percentage behind `agree`

    @property
    def sentence(self) -> str:
        """The statement's answers in one sentence."""
        if self.base is None:
            return f"{HIDDEN.capitalize()}."
        told = f"{self.agree.capitalize()} is het eens ({self.reach}), {self.disagree} oneens"
        return f"{told}; ‘weet ik niet’: {self.unknown}."


@dataclass(frozen=True)
class LinkPart:
    """The statements about one link, or about the chain as a whole."""

    slug: str
    title: str
    rows: tuple[Row, ...]
    drawn: tuple[Opinion, ...]
    anchor: str

    def _picture(self, wide: float) -> str:
        title = f"{self.title}: hoeveel procent het met elke stelling eens is"
        return opinions(f"{self.anchor}-{wide:.0f}", title, self.drawn, wide)

    @property
    def picture(self) -> str:
        return self._picture(WIDE)

    @property
    def narrow_picture(self) -> str:
        """The same for a phone."""
        return self._picture(NARROW)

    @property
    def is_hidden(self) -> bool:
        """Whether none of its statements is shown."""
        return all(row.base is None for row in self.rows)


@dataclass(frozen=True)
class Told:
    """The statements as answered by the whole, or by one group beside the whole."""

    statements: StatementList
    given: Sequence[StatementDocument]
    population: int
    titles: Mapping[str, str]  # of the links, by slug
    name: str  # unique in the page: pictures and headings are named after it
    whole: Sequence[StatementDocument] = ()

    @cached_property
    def parts(self) -> list[LinkPart]:
        """Link by link, in the order of the list of statements."""
        return [self._part(link) for link in self.statements.links]

    def _part(self, link: str | None) -> LinkPart:
        of_link = self.statements.of_link(link)
        return LinkPart(
            slug=link or "keten",
            title=self.titles[link] if link else WHOLE_CHAIN,
            rows=tuple(self.rows[one.id] for one in of_link),
            drawn=tuple(opinion(one, self._given[one.id]) for one in of_link),
            anchor=f"{self.name}-{link or 'keten'}",
        )

    def part(self, link: str) -> LinkPart | None:
        """The statements about this link; None when there are none."""
        return next((one for one in self.parts if one.slug == link), None)

    @cached_property
    def _given(self) -> dict[str, StatementDocument]:
        return {one["id"]: one for one in self.given}

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Every statement by its id."""
        whole = {one["id"]: one for one in self.whole}
        return {
            one.id: row(one, self._given[one.id], self.population, whole.get(one.id))
            for one in self.statements.statements
        }

    @property
    def example(self) -> str:
        """How the figures of the first statement that is shown come about; "" when none is."""
        shown = next((one for one in self.rows.values() if one.base is not None), None)
        if shown is None or shown.base is None:
            return ""
        answers = words.counted(shown.base, "antwoord", "antwoorden")
        return (
            f"Bijvoorbeeld ‘{shown.text}’: {answers}. Wie 4 of 5 koos, is het eens: {shown.agree}. Wie 3 "
            f"koos, is neutraal: {shown.neutral}. Wie 1 of 2 koos, is het oneens: {shown.disagree}. ‘Weet ik "
            f"niet’: {shown.unknown}. De marge van eens, onder alle {self.population} mensen: {shown.reach}."
        )


@dataclass(frozen=True)
class Outcome:
    """The result of one survey."""

    statements: StatementList
    document: SurveyDocument
    titles: Mapping[str, str]

    @property
    def audience(self) -> str:
        return self.statements.audience

    @property
    def people(self) -> str:
        return PEOPLE[self.audience]

    @property
    def response(self) -> str:
        """How many answered, in one or two sentences."""
        number, everybody = self.document["ballots"], self.document["population"]
        share = words.percentage(number / everybody) if everybody else "0%"
        verb = "deed" if number == 1 else "deden"
        people = f"{words.thousands(everybody)} {self.people}"
        told = f"Van de {people} {verb} er {words.thousands(number)} mee: {share}."
        if number > everybody:
            return f"Bij {people} kwamen {words.thousands(number)} antwoorden binnen. {MORE}"
        return f"{told} {LOW}" if self.document["low_response"] else told

    @property
    def more(self) -> str:
        """What is said where more answered than there are people: by a code one can answer again."""
        return MORE

    @property
    def least(self) -> dict[str, int]:
        return self.document["least"]

    @property
    def is_too_small(self) -> bool:
        """Whether nothing but the response can be told."""
        return all(one["base"] is None for one in self.document["statements"])

    @cached_property
    def whole(self) -> Told:
        """The statements as everybody together answered them."""
        given, population = self.document["statements"], self.document["population"]
        return Told(self.statements, given, population, self.titles, f"peiling-{self.audience}")

    def group(self, slug: str) -> Told | None:
        """The statements as one group answered them; None for a group that is not shown."""
        found = self.group_document(slug)
        if found is None:
            return None
        name = f"groep-{self.audience}"
        whole = self.document["statements"]
        return Told(self.statements, found["statements"], found["population"], self.titles, name, whole)

    def group_document(self, slug: str) -> GroupDocument | None:
        return next((one for one in self.document["groups"] if one["slug"] == slug), None)

    @property
    def whole_only(self) -> str:
        """Which statements are shown, where only the whole is told."""
        answers = self.least["answers"]
        return (
            f"Een stelling staat hier vanaf {answers} antwoorden. Minder antwoorden kunnen iemand verraden."
        )

    @property
    def protection(self) -> list[str]:
        """Why some figures are not there, in a few sentences."""
        people, answers = self.least["population"], self.least["answers"]
        told = self.whole_only
        if self.audience == "council":
            return [f"{told} De raad staat alleen als geheel in de uitkomst."]
        return [
            f"{told} Een groep staat apart vanaf {people} mensen en {answers} antwoorden.",
            "Soms blijft ook weg wat groot genoeg is. Anders was uit het geheel en de rest uit te rekenen "
            "wat een kleine groep antwoordde.",
        ]


def outcome_of(statements: StatementList, document: SurveyDocument, content: Questionnaire) -> Outcome:
    """The result of a survey with the names of the links; `content` is the round's questionnaire."""
    return Outcome(statements, document, {link.slug: str(link.title) for link in content.links})


def row(
    statement: Statement, given: StatementDocument, population: int, whole: StatementDocument | None = None
) -> Row:
    """One statement in words. Figures come from the document; a hidden one has none."""
    text = str(statement.text)
    base = given["base"]
    if base is None:
        return Row(statement.id, text, None)
    return Row(
        statement.id,
        text,
        base,
        printed(given["agree"]),
        printed(given["neutral"]),
        printed(given["disagree"]),
        printed(given["unknown"]),
        reach(given["interval"], everybody=base == population),
        compared(given, whole),
        given["agree"],
    )


def opinion(statement: Statement, given: StatementDocument) -> Opinion:
    """The same as it is drawn."""
    if given["base"] is None:
        return Opinion(str(statement.text), None, hidden=HIDDEN)
    shares = (given["disagree"], given["agree"], given["neutral"], given["unknown"])
    low, high = given["interval"]
    one, two, three, four = map(printed, shares)
    return Opinion(str(statement.text), shares, (one, two, three, four), (low, high), reach((low, high)))


def reach(interval: Iterable[int], *, everybody: bool = False) -> str:
    """The interval of a share in words: "tussen 57% en 80%", "minstens 72%"."""
    low, high = interval
    if low == high:
        return printed(low) + (", iedereen gaf antwoord" if everybody else "")
    if (low, high) == (0, 100):
        return "tussen bijna niemand en bijna iedereen"
    if high == 100:
        return f"minstens {low}%"
    return f"hoogstens {high}%" if low == 0 else f"tussen {low}% en {high}%"


def compared(given: StatementDocument, whole: StatementDocument | None) -> str:
    """A group beside the whole: only a difference that is larger than the margin is called one."""
    if whole is None or whole["base"] is None:
        return ""
    low, high = given["interval"]
    if low > whole["agree"]:
        return "vaker eens dan het geheel"
    return "minder vaak eens dan het geheel" if high < whole["agree"] else "ongeveer als het geheel"
