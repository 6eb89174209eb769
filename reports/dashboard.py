"""What the dashboard shows of a round's results, in words and pictures. Pure: documents in, rows out.

There is no overall mark and no average over the links: a chain breaks at its weakest link.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import Any, Final, Literal

from chain.questionnaire import Link, Question, Questionnaire, Rung
from chain.results import GroupDocument, LegalDocument, LinkDocument, QuestionDocument, ResultsDocument
from reports import pictures, words

Part = Literal["hard", "soft", "design", "existence", "operation"]
NATURES: Final[tuple[Part, ...]] = ("hard", "soft")
DIMENSIONS: Final[tuple[Part, ...]] = ("design", "existence", "operation")


@dataclass(frozen=True, slots=True)
class Score:
    """The figure of a group of questions as it is printed, with what must be said beside it."""

    slug: str  # the last part of the address of its page
    title: str
    figure: str  # "2,5", or "–" without a score
    word: str  # "tussen Vastgelegd en Gedaan", or why there is no score
    kind: str  # class of its colour: level-0 to level-4, or none
    note: str  # "" when every question was answered
    result: GroupDocument

    @property
    def total(self) -> int:
        """All questions of the group."""
        return sum(self.result["distribution"].values())

    @property
    def answered(self) -> int:
        return self.total - self.result["distribution"]["unanswered"]

    @property
    def unknown(self) -> int:
        return self.result["distribution"]["unknown"]

    @property
    def insight(self) -> int:
        """The questions that the share of "weet ik niet" is a share of: with a level, or unknown."""
        counts = self.result["distribution"]
        return self.unknown + sum(counts[str(level)] for level in range(5))

    @property
    def unknown_share(self) -> str:
        """That share as a whole percentage, of the exact counts; "" when there is nothing to take it of."""
        return words.percentage(self.unknown / self.insight) if self.insight else ""


def score(
    slug: str, title: str, result: GroupDocument, ladder: Sequence[Rung], *, frozen: bool = False
) -> Score:
    """A group of the results in words; those of a frozen round can no longer change."""
    printed, status = result["printed"], result["status"]
    return Score(
        slug,
        title,
        words.figure(printed),
        words.level(printed, ladder, status),
        "none" if printed is None else f"level-{floor(printed)}",
        words.status(status, result["distribution"]["unanswered"], frozen=frozen),
        result,
    )


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link: as a whole, and by its cross-sections (None where it has no such question)."""

    score: Score
    summary: str
    weakest: bool
    natures: tuple[Score | None, ...]
    dimensions: tuple[Score | None, ...]


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """A question that the page draws attention to, and where its answers are shown."""

    question: Question
    link: str
    link_title: str
    theme: str
    detail: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalGroup:
    """The legal minimums with one status."""

    status: str
    title: str
    meaning: str
    items: tuple[QuestionItem, ...]


@dataclass(frozen=True)
class Dashboard:
    """The page: from the results, the questionnaire of the round's track, and the answers file."""

    questionnaire: Questionnaire
    results: ResultsDocument
    answers: Sequence[Mapping[str, Any]]
    frozen: bool = False

    @property
    def ladder(self) -> tuple[Rung, ...]:
        return self.questionnaire.ladder

    @cached_property
    def rows(self) -> list[LinkRow]:
        return [self._row(link) for link in self.results["links"]]

    def _row(self, document: LinkDocument) -> LinkRow:
        link = self.questionnaire.link(document["slug"])
        return LinkRow(
            score(link.slug, str(link.title), document, self.ladder, frozen=self.frozen),
            str(link.summary),
            document["slug"] in self.weakest,
            parts(document, NATURES, self.ladder, frozen=self.frozen),
            parts(document, DIMENSIONS, self.ladder, frozen=self.frozen),
        )

    @cached_property
    def weakest(self) -> list[str]:
        """The links to mark; none when all stand alike, since then no link is weaker than another."""
        weakest = self.results["weakest"] or []
        return weakest if len(weakest) < len(self.results["links"]) else []

    @property
    def finding(self) -> str:
        """The weakest link in one sentence."""
        rows = self.rows
        missing = [row.score.title for row in rows if row.score.result["printed"] is None]
        if missing:
            verb = "heeft" if len(missing) == 1 else "hebben"
            yet = "" if self.frozen else "nog "
            return f"De zwakste schakel is {yet}niet te zien: {words.joined(missing)} {verb} geen cijfer."
        weak = [row.score for row in rows if row.weakest]
        if not weak:
            return f"Alle schakels staan op hetzelfde niveau: {rows[0].score.figure}, {rows[0].score.word}."
        noun = "is de zwakste schakel" if len(weak) == 1 else "zijn samen de zwakste schakels"
        return f"{words.joined([one.title for one in weak])} {noun}: niveau {weak[0].figure}, {weak[0].word}."

    @property
    def total(self) -> int:
        return sum(row.score.total for row in self.rows)

    @property
    def unknown(self) -> int:
        return sum(row.score.unknown for row in self.rows)

    @property
    def unanswered(self) -> int:
        return self.total - sum(row.score.answered for row in self.rows)

    @property
    def validated(self) -> int:
        return sum(row.score.result["validated"] for row in self.rows)

    # Pictures

    @property
    def chain_links(self) -> list[pictures.ChainLink]:
        return [
            pictures.ChainLink(
                row.score.title,
                row.score.result["printed"],
                row.score.word,
                row.weakest,
                words.with_gaps(self.frozen) if row.score.result["status"] == "provisional" else "",
            )
            for row in self.rows
        ]

    @property
    def chain(self) -> str:
        return pictures.chain("keten", self.chain_links)

    @property
    def chain_tall(self) -> str:
        return pictures.chain_tall("keten-staand", self.chain_links)

    @property
    def distribution(self) -> str:
        stacks = [pictures.Stack(row.score.title, row.score.result["distribution"]) for row in self.rows]
        return pictures.distribution("verdeling", "Hoeveel vragen per schakel op welk niveau staan.", stacks)

    @property
    def distribution_table(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """The same numbers: a row per level and state, in it each link with its number."""
        scores = [row.score for row in self.rows]
        return [
            (name, [(one.title, one.result["distribution"][part]) for one in scores])
            for part, name in pictures.PARTS.items()
        ]

    # Questions that ask for attention

    @property
    def discuss(self) -> list[QuestionItem]:
        """Questions without an agreed level whose answers lie two levels or more apart."""
        found = [result for result in self.results["questions"] if result["discuss"]]
        return [self._item(one["id"], self._levels_said(one["id"])) for one in found]

    def _levels_said(self, question: str) -> str:
        given = [answer.get("level") for answer in self.answers if answer["question"] == question]
        levels = sorted(level for level in given if level is not None)
        return f"De antwoorden zijn {words.joined([str(level) for level in levels])}."

    @property
    def rituals(self) -> list[QuestionItem]:
        """Questions that stand at 2 or higher, though most say that the measure does not help."""
        return [
            self._item(result["id"], f"Niveau {words.whole_level(result['claimed'], self.ladder)}.")
            for result in self.results["questions"]
            if result["ritual"]
        ]

    @property
    def legal(self) -> list[LegalGroup]:
        """All legal minimums by status, what was not shown first; a status without any is left out."""
        by_status = {status: self._legal_items(status) for status in words.LEGAL}
        return [
            LegalGroup(status, words.LEGAL[status].capitalize(), words.LEGAL_MEANINGS[status], items)
            for status, items in by_status.items()
            if items
        ]

    @property
    def legal_total(self) -> int:
        return len(self.results["legal"])

    def _legal_items(self, status: str) -> tuple[QuestionItem, ...]:
        return tuple(self._legal_item(one) for one in self.results["legal"] if one["status"] == status)

    def _legal_item(self, legal: LegalDocument) -> QuestionItem:
        result = self._question_results[legal["question"]]
        said = words.whole_level(result["claimed"], self.ladder, result["state"])
        detail = f"Nodig: niveau {words.whole_level(legal['minimum'], self.ladder)}. Antwoord: {said}."
        if result["evidenced"] is not None:
            detail += f" Bewijs: {words.whole_level(result['evidenced'], self.ladder)}."
        return self._item(legal["question"], detail, self._reasons(legal["question"]))

    def _reasons(self, question: str) -> Iterable[str]:
        """Why it does not apply, in the words of who said so."""
        return (
            str(answer["reason"])
            for answer in self.answers
            if answer["question"] == question and answer.get("state") == "not_applicable"
        )

    @cached_property
    def _question_results(self) -> dict[str, QuestionDocument]:
        return {result["id"]: result for result in self.results["questions"]}

    def _item(self, question: str, detail: str, reasons: Iterable[str] = ()) -> QuestionItem:
        link = self.questionnaire.link_of(question)
        return QuestionItem(
            self.questionnaire.question(question),
            link.slug,
            str(link.title),
            self.questionnaire.theme_of(question).slug,
            detail,
            tuple(reasons),
        )


def parts(
    link: LinkDocument, which: Sequence[Part], ladder: Sequence[Rung], *, frozen: bool
) -> tuple[Score | None, ...]:
    """The cross-sections of a link; None where it has no such question."""
    return tuple(
        score(part, words.GROUPS[part], result, ladder, frozen=frozen) if (result := link[part]) else None
        for part in which
    )


def parts_of(document: LinkDocument, ladder: Sequence[Rung], *, frozen: bool) -> list[Score]:
    """The cross-sections of a link that it has questions for."""
    return [part for part in parts(document, (*NATURES, *DIMENSIONS), ladder, frozen=frozen) if part]


def themes_of(document: LinkDocument, link: Link, ladder: Sequence[Rung], *, frozen: bool) -> list[Score]:
    """The themes of a link, in order."""
    titles = {theme.slug: str(theme.title) for theme in link.themes}
    return [
        score(theme["slug"], titles[theme["slug"]], theme, ladder, frozen=frozen)
        for theme in document["themes"]
    ]


def bars_of(name: str, title: str, scores: Sequence[Score]) -> str:
    """The scores as bars; without a score the bar says why."""
    rows = [
        pictures.Bar(
            one.title, one.result["printed"], one.figure if one.result["score"] is not None else one.word
        )
        for one in scores
    ]
    return pictures.bars(name, title, rows)
