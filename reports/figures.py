"""How a figure comes about: the sum written out, the questions in it, and what was left out and why.

This is the one place that prints decimals. Nothing is decided here: the figures are those of the results, and
a test holds the sums against them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chain.answers import Answer, Round
from chain.questionnaire import Link, Question, Questionnaire, Rung
from chain.results import GroupDocument, LinkDocument, QuestionDocument, ResultsDocument, half_up
from chain.scoring import INSIGHT_LIMIT
from reports import words

MOST_PLACES: Final = 6  # where the search for enough decimals ends


@dataclass(frozen=True, slots=True)
class Said:
    """What one contributor answered."""

    who: str
    choice: str  # "3 Gedaan", "weet ik niet"
    more: str  # whether it helps, or the reason that it does not apply


@dataclass(frozen=True, slots=True)
class Line:
    """A question of the figure: its level, how that came about, and who said what."""

    question: Question
    level: str
    counts: bool
    weight: str
    evidenced: str
    how: str
    agreed_because: str
    said: tuple[Said, ...]
    discuss: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with everything it rests on; an empty text is not shown."""

    figure: str
    word: str
    status: str
    sum: str
    no_sum: str
    insight: str
    coverage: str
    gap: str
    weighted: bool
    lines: tuple[Line, ...]

    @property
    def counted(self) -> list[Line]:
        """The questions with a level."""
        return [line for line in self.lines if line.counts]

    @property
    def left_out(self) -> list[Line]:
        """The questions without one: they weigh neither for nor against."""
        return [line for line in self.lines if not line.counts]


def questions_of(link: Link, group: str) -> tuple[str, str, list[Question]]:
    """The title, the meaning and the questions of a part that the link has.

    `group` is hard, soft, design, existence, operation, or the slug of a theme.
    """
    if group in words.GROUPS:
        found = [question for question in link.questions if group in (question.nature, question.dimension)]
        return words.GROUPS[group], words.GROUP_MEANINGS[group], found
    theme = next(theme for theme in link.themes if theme.slug == group)
    return str(theme.title), str(theme.why), list(theme.questions)


def result_of(link: LinkDocument, group: str) -> GroupDocument | None:
    """The results of that part of a link; None when it has no such part."""
    cross_sections = {
        "hard": link["hard"],
        "soft": link["soft"],
        "design": link["design"],
        "existence": link["existence"],
        "operation": link["operation"],
    }
    themes: dict[str, GroupDocument | None] = {theme["slug"]: theme for theme in link["themes"]}
    return (themes | cross_sections).get(group)


def figure(
    questionnaire: Questionnaire,
    results: ResultsDocument,
    given: Round,
    group: GroupDocument,
    questions: Sequence[Question],
    names: dict[str, str],
    *,
    frozen: bool = False,
) -> Figure:
    """The figure of these questions, written out; `names` holds the contributors that the reader may know.

    `frozen`: it can no longer change.
    """
    asked = {question.id for question in questions}
    documents = {result["id"]: result for result in results["questions"] if result["id"] in asked}
    own_weights = any(given.weights.get(question.id, 1) != 1 for question in questions)
    return Figure(
        figure=words.figure(group["printed"]),
        word=words.level(group["printed"], questionnaire.ladder, group["status"]),
        status=words.status(group["status"], group["distribution"]["unanswered"], frozen=frozen),
        sum=written_sum(list(documents.values()), given.weights) if group["score"] is not None else "",
        no_sum=NO_SUM.get(group["status"], ""),
        insight=written_insight(group),
        coverage=written_coverage(group),
        gap=written_gap(list(documents.values())),
        weighted=own_weights,
        lines=tuple(line(one, documents[one.id], given, questionnaire.ladder, names) for one in questions),
    )


NO_SUM: Final = {
    "too_little_insight": "Er is geen cijfer: bij te veel vragen was het antwoord ‘weet ik niet’.",
    "no_score": "Er is geen cijfer: geen enkele vraag heeft een niveau.",
}


# ---- The sums


def written_sum(documents: Sequence[QuestionDocument], weights: Mapping[str, Fraction]) -> str:
    """Such as "(3 + 2 + 2) / 3 = 2,33, afgerond op halven: 2,5"; with weights "(2×3 + 1×2) / (2 + 1) = …"."""
    levels = [(one["claimed"], weights.get(one["id"], Fraction(1))) for one in documents]
    terms = [(level, weight) for level, weight in levels if level is not None]
    below = sum((weight for _, weight in terms), Fraction(0))
    score = sum((level * weight for level, weight in terms), Fraction(0)) / below
    if all(weight == 1 for _, weight in terms):
        above, under = added(str(level) for level, _ in terms), str(len(terms))
    else:
        above = added(f"{number(weight)}×{level}" for level, weight in terms)
        under = bracketed(added(number(weight) for _, weight in terms))
    printed = half_up(score, 2)
    shown = number(score, lambda rounded: half_up(rounded, 2) == printed)
    return f"{bracketed(above)} / {under} = {shown}, afgerond op halven: {number(printed)}"


def written_insight(group: GroupDocument) -> str:
    """The share of "weet ik niet" beside the limit above which there is no score; "" without any."""
    counts = group["distribution"]
    unknown, levels = counts["unknown"], sum(counts[str(level)] for level in range(5))
    if not unknown:
        return ""
    share = Fraction(unknown, unknown + levels)
    too_large = share > INSIGHT_LIMIT
    shown = number(share, lambda rounded: (rounded > INSIGHT_LIMIT) == too_large)
    verdict = "meer dan 0,30: te weinig inzicht voor een cijfer" if too_large else "niet meer dan 0,30"
    return f"{unknown} / ({levels} + {unknown}) = {shown}, {verdict}"


def written_coverage(group: GroupDocument) -> str:
    """How many questions were answered."""
    counts = group["distribution"]
    total, missing = sum(counts.values()), counts["unanswered"]
    if not missing:
        return f"Op alle {total} vragen is een antwoord gegeven." if total > 1 else "De vraag is beantwoord."
    verb = "is" if total - missing == 1 else "zijn"
    return f"Van de {words.questions(total)} {verb} er {total - missing} beantwoord."


def written_gap(documents: Sequence[QuestionDocument]) -> str:
    """The mean claimed minus the mean evidenced level over the validated questions; "" without any."""
    pairs = [
        (one["claimed"], one["evidenced"])
        for one in documents
        if one["claimed"] is not None and one["evidenced"] is not None
    ]
    if not pairs:
        return ""
    claimed = f"{bracketed(added(str(claimed) for claimed, _ in pairs))} / {len(pairs)}"
    evidenced = f"{bracketed(added(str(evidenced) for _, evidenced in pairs))} / {len(pairs)}"
    gap = Fraction(sum(claimed - evidenced for claimed, evidenced in pairs), len(pairs))
    return f"{claimed} − {evidenced} = {number(gap)}"


def added(terms: Iterable[str]) -> str:
    return " + ".join(terms)


def bracketed(terms: str) -> str:
    """Terms as they stand above or under a division; one alone needs no brackets."""
    return f"({terms})" if " + " in terms else terms


def number(value: Fraction, holds: Callable[[Fraction], bool] = lambda rounded: True) -> str:
    """Two decimals, or as many more as it takes for the rounded number to fall as the exact one does.

    2,2467 is shown so and not as 2,25, since 2,25 would be printed as 2,5 and 2,2467 is printed as 2.
    """
    places, rounded = 2, half_up(value, 100)
    while not holds(rounded) and places < MOST_PLACES:
        places += 1
        rounded = half_up(value, 10**places)
    return words.decimal(float(rounded), places)


# ---- One question


def line(
    question: Question,
    document: QuestionDocument,
    given: Round,
    ladder: Sequence[Rung],
    names: dict[str, str],
) -> Line:
    """A question of the figure, from its result and the answers to it."""
    answers = given.answers.get(question.id, ())
    agreed = given.agreed.get(question.id)
    levels = sorted(answer.level for answer in answers if answer.level is not None)
    return Line(
        question=question,
        level=words.whole_level(document["claimed"], ladder, document["state"]),
        counts=document["claimed"] is not None,
        weight=number(given.weights.get(question.id, Fraction(1))),
        evidenced="" if document["evidenced"] is None else words.whole_level(document["evidenced"], ladder),
        how=agreed_on(agreed.level, levels) if agreed else how(levels, document["state"]),
        agreed_because=agreed.reason if agreed else "",
        said=tuple(said(answer, ladder, names) for answer in answers),
        discuss=document["discuss"],
    )


def agreed_on(level: int, levels: Sequence[int]) -> str:
    """That the contributors settled on a level together, and what they said before."""
    before = f" De antwoorden waren {words.joined([str(one) for one in levels])}." if levels else ""
    return f"Samen afgesproken: {level}.{before}"


def how(levels: Sequence[int], state: str) -> str:
    """How the level follows from the contributors' levels, lowest first; without any, why there is none."""
    if not levels:
        return WHY_LEFT_OUT[state]
    if len(levels) == 1:
        return "Eén niveau gegeven."
    if levels[0] == levels[-1]:
        return f"{'Beide' if len(levels) == 2 else f'Alle {len(levels)}'} antwoorden zijn {levels[0]}."
    middle = levels[(len(levels) - 1) // 2]
    listed = words.joined([str(level) for level in levels])
    if len(levels) % 2:
        return f"Van laag naar hoog {listed}. De middelste telt: {middle}."
    if len(levels) == 2:
        return f"Van laag naar hoog {listed}. De laagste van de twee telt: {middle}."
    return f"Van laag naar hoog {listed}. Van de twee in het midden telt de laagste: {middle}."


WHY_LEFT_OUT: Final = {
    "not_applicable": "Telt niet mee: een deelnemer zei dat het hier niet van toepassing is.",
    "not_occurred": "Telt niet mee: er was geen geval waaraan het te zien was.",
    "unknown": "Telt niet mee als niveau, wel als ‘weet ik niet’.",
    "unanswered": "Telt niet mee: niemand heeft een antwoord gegeven.",
}


def said(answer: Answer, ladder: Sequence[Rung], names: dict[str, str]) -> Said:
    """One contributor's answer in words."""
    more = words.HELPS[answer.helps] if answer.helps else answer.reason
    choice = words.whole_level(answer.level, ladder, answer.state or "unanswered")
    return Said(words.contributor(answer.contributor, names), choice, more)
