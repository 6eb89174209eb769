"""A chapter per link: where it stands, what that rests on, and where to begin."""

from dataclasses import dataclass
from math import floor
from typing import Final, Literal

from chain.questionnaire import Link, Question, Theme
from chain.results import GroupDocument, LinkDocument, ThemeDocument
from reports import words
from reports.account import Account
from reports.chapters.doing import Done
from reports.chapters.evidence import carried
from reports.chapters.voices import Said, said_of
from reports.pictures import Stack, distribution

Part = Literal["hard", "soft", "design", "existence", "operation"]
PARTS: Final[tuple[Part, ...]] = ("hard", "soft", "design", "existence", "operation")
REMARKS: Final[tuple[tuple[Literal["discuss", "ritual"], str], ...]] = (
    ("discuss", "De antwoorden liggen ver uiteen bij {}."),
    ("ritual", "Dit is geregeld, maar ‘het helpt niet’ is het meest gegeven oordeel: {}."),
)
WEAKEST_THEMES = {"full": 2, "light": 1}  # of so many themes the report says where to begin
STEPS = 2  # suggestions per theme
PICTURE_WIDTH = 760  # drawn so wide, a picture over the whole width of A4 has text of 9.5 points
NARROW = 340  # the same for a phone


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of a table of scores: a theme, or a cross-section such as "Hard"."""

    title: str
    meaning: str
    figure: str
    level: str
    told: str  # the figure, or why there is none
    questions: int
    unknown: int
    validated: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    id: str
    title: str
    is_legal: bool
    claimed: str
    evidenced: str
    legal: str  # the level that is needed and whether it was shown; empty without a legal minimum


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of one theme, with where the theme stands."""

    theme: str
    level: str
    rows: tuple[QuestionRow, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A theme that stands low, and the steps that fit its level."""

    title: str
    level: str
    when_weak: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkChapter:
    account: Account
    link: Link
    place: int  # 1 for the first link of the chain

    @property
    def result(self) -> LinkDocument:
        return self.account.links[self.link.slug]

    @property
    def anchor(self) -> str:
        return f"schakel-{self.link.slug}"

    @property
    def title(self) -> str:
        return str(self.link.title)

    @property
    def summary(self) -> str:
        return str(self.link.summary)

    @property
    def position(self) -> str:
        return f"Schakel {self.place} van {len(self.account.links)}"

    @property
    def figure(self) -> str:
        return words.figure(self.result["printed"])

    @property
    def level(self) -> str:
        return words.level(self.result["printed"], self.account.ladder, self.result["status"])

    @property
    def is_weakest(self) -> bool:
        return self.link.slug in (self.account.results["weakest"] or ())

    @property
    def answered(self) -> str:
        """What the level rests on, in a sentence."""
        counts, total = self.result["distribution"], len(self.link.questions)
        levels = sum(counts[str(level)] for level in range(5))
        if levels == total:
            return f"Alle {total} vragen kregen een niveau."
        parts = [
            (levels, "een niveau"),
            (counts["unknown"], "‘weet ik niet’"),
            (counts["not_applicable"], "‘niet van toepassing’"),
            (counts["not_occurred"], "‘niet voorgekomen’"),
            (counts["unanswered"], "geen antwoord"),
        ]
        told = words.joined([f"{number} {what}" for number, what in parts if number])
        return f"Van de {total} vragen kregen er {told}."

    @property
    def reservation(self) -> str:
        """What the reader must keep in mind with the level, empty when there is nothing."""
        share = words.percentage(self.result["unknown_share"])
        gaps = self.result["distribution"]["unanswered"]
        return {
            "complete": "",
            "provisional": f"Dit niveau is {words.status('provisional', gaps, frozen=True)}.",
            "no_score": "Geen enkele vraag kreeg een niveau. Daarom staat hier geen cijfer.",
            "too_little_insight": f"Er is te weinig inzicht voor een niveau: {share} van de antwoorden is "
            "‘weet ik niet’. Boven 30% geeft dit verslag geen cijfer.",
        }[self.result["status"]]

    @property
    def picture(self) -> str:
        return self._distribution("verdeling", PICTURE_WIDTH)

    @property
    def narrow_picture(self) -> str:
        """The same for a phone."""
        return self._distribution("verdeling-smal", NARROW)

    def _distribution(self, name: str, wide: float) -> str:
        title = f"{self.title}: hoeveel vragen op elk niveau staan"
        return distribution(
            f"{self.anchor}-{name}", title, [Stack(self.title, self.result["distribution"])], wide
        )

    @property
    def parts(self) -> list[GroupRow]:
        """The cross-sections: hard and soft, and from design to operation; none on the light track."""
        return [
            group_row(self.account, words.GROUPS[name], words.GROUP_MEANINGS[name], part)
            for name, part in self._parts
        ]

    @property
    def _parts(self) -> list[tuple[Part, GroupDocument]]:
        if self.account.is_light:
            return []
        return [(name, part) for name in PARTS if (part := self.result[name])]

    @property
    def themes(self) -> list[GroupRow]:
        return [group_row(self.account, str(theme.title), "", result) for theme, result in self._themes]

    @property
    def _themes(self) -> list[tuple[Theme, ThemeDocument]]:
        return list(zip(self.link.themes, self.result["themes"], strict=True))

    @property
    def evidence(self) -> str:
        """What the validator found, in a few sentences."""
        validated = self.result["validated"]
        levels = sum(self.result["distribution"][str(level)] for level in range(5))
        if not validated:
            return "Niemand heeft hier het bewijs gecontroleerd. Dit is wat de deelnemers zelf zeggen."
        checked = f"Bij {validated} van de {levels} vragen met een niveau is het bewijs gecontroleerd."
        if validated == levels:
            checked = "Bij alle vragen met een niveau is het bewijs gecontroleerd."
        rest = "" if validated == levels else " De rest is wat de deelnemers zelf zeggen."
        return f"{checked} {carried(self.account.judged(q.id for q in self.link.questions))}{rest}"

    @property
    def doing(self) -> Done:
        return Done(self.account, self.link)

    @property
    def voices(self) -> list[Said]:
        """What staff and council members notice here, apart from the level; empty without surveys."""
        return said_of(self.account, self.link.slug)

    @property
    def remarks(self) -> list[str]:
        """Questions where people differ, and measures that are there and do not help."""
        found = []
        for key, sentence in REMARKS:
            titles = [words.quoted(q.title) for q in self.link.questions if self.account.questions[q.id][key]]
            if titles:
                found.append(sentence.format(words.joined(titles)))
        return found

    @property
    def beginnings(self) -> list[Beginning]:
        """The lowest themes with the steps of the questionnaire that fit where they stand."""
        scored = [(theme, result) for theme, result in self._themes if result["score"] is not None]
        lowest = sorted(scored, key=lambda pair: pair[1]["score"] or 0)[
            : WEAKEST_THEMES[self.account.document["track"]]
        ]
        return [self._beginning(theme, result) for theme, result in lowest]

    def _beginning(self, theme: Theme, result: ThemeDocument) -> Beginning:
        reached = floor(result["score"] or 0)
        fitting = [str(one.text) for one in theme.suggestions if one.from_level <= reached][-STEPS:]
        return Beginning(str(theme.title), self._standing(result), str(theme.when_weak), tuple(fitting))

    def _standing(self, result: ThemeDocument) -> str:
        """Figure and words of a theme's level: "1,5, tussen Soms en Vastgelegd"."""
        level = words.level(result["printed"], self.account.ladder, result["status"])
        return level if result["printed"] is None else f"{words.figure(result['printed'])}, {level}"

    @property
    def questions(self) -> list[QuestionGroup]:
        return [
            QuestionGroup(str(theme.title), self._standing(result), tuple(map(self._row, theme.questions)))
            for theme, result in self._themes
        ]

    @property
    def flat_questions(self) -> list[QuestionRow]:
        """All questions, without their themes."""
        return [row for group in self.questions for row in group.rows]

    def _legal(self, question: Question) -> str:
        if question.legal_minimum is None:
            return ""
        standing = words.LEGAL[self.account.legal[question.id]].split(",")[0]
        return f"niveau {question.legal_minimum}: {standing}"

    def _row(self, question: Question) -> QuestionRow:
        result, ladder = self.account.questions[question.id], self.account.ladder
        evidenced = "niet gecontroleerd" if result["state"] == "level" else "–"
        if result["evidenced"] is not None:
            evidenced = words.whole_level(result["evidenced"], ladder)
        return QuestionRow(
            id=question.id,
            title=str(question.title),
            is_legal=question.legal_minimum is not None,
            claimed=words.whole_level(result["claimed"], ladder, result["state"]),
            evidenced=evidenced,
            legal=self._legal(question),
        )


def group_row(account: Account, title: str, meaning: str, group: GroupDocument) -> GroupRow:
    return GroupRow(
        title=title,
        meaning=meaning,
        figure=words.figure(group["printed"]),
        level=words.level(group["printed"], account.ladder, group["status"]),
        told=figure_or_why(account, group),
        questions=sum(group["distribution"].values()),
        unknown=group["distribution"]["unknown"],
        validated=group["validated"],
    )


def figure_or_why(account: Account, group: GroupDocument) -> str:
    """A figure where there is room for one thing only: "1,5", or "te weinig inzicht"."""
    if group["printed"] is None:
        return words.level(None, account.ladder, group["status"])
    return words.figure(group["printed"])
