"""From answers to results: the rules about levels, scores and thresholds. README.md tells them in prose.

Pure and exact: plain values in, fractions out. Page, dashboard, report and command line all ask `score`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from chain.answers import ON_PAPER, Answer, BadAnswers, Fault, Round, read
from chain.questionnaire import Link, Question, Questionnaire
from chain.results import (
    GroupResult,
    Judged,
    LegalStatus,
    LinkResult,
    QuestionDocument,
    QuestionResult,
    Results,
    ResultsDocument,
    State,
    Status,
    half_up,
)

# What a caller needs; the exact types stand in chain.results.
__all__ = ["BadAnswers", "QuestionDocument", "ResultsDocument", "Round", "parse", "score"]

INSIGHT_LIMIT: Final = Fraction(30, 100)  # a group with a larger share of unknown has no score
DISCUSS_FROM: Final = 2  # levels between the highest and the lowest contributor
AGREEMENT_FROM: Final = 3  # contributors' levels, below which a share says nothing
STATES_WITHOUT_LEVEL: Final[tuple[State, ...]] = (
    "not_applicable",
    "not_occurred",
    "unknown",
)  # the first wins
HELPS_WORST_FIRST: Final[tuple[Judged, ...]] = ("no", "partly", "yes")


# ---- One question


def claimed_level(question_id: str, given: Round) -> int | None:
    """The agreed level, else the median of the contributors' levels, of two middle ones the lower."""
    if agreed := given.agreed.get(question_id):
        return agreed.level
    levels = sorted(_levels(question_id, given))
    return levels[(len(levels) - 1) // 2] if levels else None


def question_result(question: Question, given: Round) -> QuestionResult:
    answers = given.answers.get(question.id, ())
    levels = _levels(question.id, given)
    claimed = claimed_level(question.id, given)
    spread = max(levels) - min(levels) if levels else None
    helps = _helps(answers)
    return QuestionResult(
        question=question,
        state="level" if claimed is not None else _state({answer.state for answer in answers}),
        claimed=claimed,
        evidenced=given.evidenced.get(question.id),
        spread=spread,
        discuss=question.id not in given.agreed and spread is not None and spread >= DISCUSS_FROM,
        agreement=_agreement(levels, claimed),
        helps=helps,
        ritual=claimed is not None and claimed >= ON_PAPER and helps == "no",
    )


def _levels(question_id: str, given: Round) -> list[int]:
    return [answer.level for answer in given.answers.get(question_id, ()) if answer.level is not None]


def _state(said: set[str | None]) -> State:
    return next((state for state in STATES_WITHOUT_LEVEL if state in said), "unanswered")


def _agreement(levels: Sequence[int], claimed: int | None) -> Fraction | None:
    """The share of the contributors' levels within one level of the claimed one."""
    if claimed is None or len(levels) < AGREEMENT_FROM:
        return None
    return Fraction(sum(abs(level - claimed) <= 1 for level in levels), len(levels))


def _helps(answers: Iterable[Answer]) -> Judged | None:
    """What most contributors said; at a tie the less positive. Those who do not know are not counted."""
    counts = Counter(answer.helps for answer in answers)
    most = max(counts[word] for word in HELPS_WORST_FIRST)
    return next((word for word in HELPS_WORST_FIRST if counts[word] == most), None) if most else None


# ---- A group of questions


def group_result(results: Sequence[QuestionResult], weights: Mapping[str, Fraction]) -> GroupResult:
    """The figures of one or more questions; a question without a weight of its own weighs 1."""
    states = Counter(result.state for result in results)
    coverage = 1 - Fraction(states["unanswered"], len(results))
    insight = states["level"] + states["unknown"]
    unknown_share = Fraction(states["unknown"], insight) if insight else Fraction(0)
    enough = unknown_share <= INSIGHT_LIMIT
    score = _weighted_mean(results, weights) if enough else None
    levels = Counter(result.claimed for result in results)
    return GroupResult(
        score=score,
        printed=None if score is None else half_up(score, 2),
        status=_status(enough, score, coverage),
        coverage=coverage,
        unknown_share=unknown_share,
        distribution=_distribution(levels, states),
        reached={str(goal): sum(levels[level] for level in range(goal, 5)) for goal in (2, 3, 4)},
        validated=sum(result.evidenced is not None for result in results),
        gap=_gap(results),
    )


def _status(enough_insight: bool, score: Fraction | None, coverage: Fraction) -> Status:
    if not enough_insight:
        return "too_little_insight"
    if score is None:
        return "no_score"
    return "provisional" if coverage < 1 else "complete"


def _distribution(levels: Mapping[int | None, int], states: Mapping[State, int]) -> dict[str, int]:
    """The number of questions at each level and in each state without one; together all questions."""
    counts = {str(level): levels[level] for level in range(5)}
    return counts | {
        state: states[state] for state in ("unknown", "not_applicable", "not_occurred", "unanswered")
    }


def _weighted_mean(results: Iterable[QuestionResult], weights: Mapping[str, Fraction]) -> Fraction | None:
    total = weight_of_all = Fraction(0)
    for result in results:
        if result.claimed is not None:
            weight = weights.get(result.question.id, 1)
            total += weight * result.claimed
            weight_of_all += weight
    return total / weight_of_all if weight_of_all else None


def _gap(results: Iterable[QuestionResult]) -> Fraction | None:
    """Mean claimed minus mean evidenced over the validated questions, all weighing the same."""
    gaps = [r.claimed - r.evidenced for r in results if r.claimed is not None and r.evidenced is not None]
    return Fraction(sum(gaps), len(gaps)) if gaps else None


# ---- A link, and the whole


def parse(questionnaire: Questionnaire, data: object) -> Round:
    """The round in an answers file. Raises BadAnswers with every fault, each with its place."""
    given, faults = read(questionnaire, data)
    for question, evidenced in given.evidenced.items():
        claimed = claimed_level(question, given)
        if claimed is None or evidenced > claimed:
            against = "while no level is claimed" if claimed is None else f"above the claimed level {claimed}"
            faults.append(Fault(f"evidenced.{question}", f"{evidenced} {against}"))
    if faults:
        raise BadAnswers(tuple(faults))
    return given


def score(questionnaire: Questionnaire, given: Round) -> Results:
    """The results of a round that `parse` made for this questionnaire."""
    tracked = questionnaire.for_track(given.track)
    results = {question.id: question_result(question, given) for question in tracked.questions}
    links = tuple(_link_result(link, results, given.weights) for link in tracked.links)
    printed = {link.slug: link.whole.printed for link in links}
    return Results(
        questionnaire=questionnaire,
        links=links,
        weakest=weakest(printed),
        sensitive=bool(given.weights) and printed != _unweighted(tracked.links, results),
        legal=tuple(
            (q, legal_status(results[q.id])) for q in tracked.questions if q.legal_minimum is not None
        ),
        questions=tuple(results.values()),
    )


def _unweighted(links: Iterable[Link], results: Mapping[str, QuestionResult]) -> dict[str, Fraction | None]:
    """What each link prints when every question weighs the same."""
    return {link.slug: group_result([results[q.id] for q in link.questions], {}).printed for link in links}


def _link_result(
    link: Link, results: Mapping[str, QuestionResult], weights: Mapping[str, Fraction]
) -> LinkResult:
    def group(questions: Iterable[Question]) -> GroupResult | None:
        found = [results[question.id] for question in questions]
        return group_result(found, weights) if found else None

    questions = link.questions
    return LinkResult(
        slug=link.slug,
        whole=group_result([results[question.id] for question in questions], weights),
        parts={
            "hard": group(q for q in questions if q.nature == "hard"),
            "soft": group(q for q in questions if q.nature == "soft"),
            "design": group(q for q in questions if q.dimension == "design"),
            "existence": group(q for q in questions if q.dimension == "existence"),
            "operation": group(q for q in questions if q.dimension == "operation"),
        },
        themes={
            theme.slug: group_result([results[question.id] for question in theme.questions], weights)
            for theme in link.themes
        },
    )


def weakest(printed: Mapping[str, Fraction | None]) -> tuple[str, ...] | None:
    """The links with the lowest printed score, all of them when equal; None while a link has no score."""
    scores = [number for number in printed.values() if number is not None]
    if not scores or len(scores) < len(printed):
        return None
    return tuple(slug for slug, number in printed.items() if number == min(scores))


def legal_status(result: QuestionResult) -> LegalStatus:
    """How far a question shows its legal minimum; in words never worse than "niet aangetoond"."""
    minimum = result.question.legal_minimum or 0
    if result.evidenced is not None and result.evidenced >= minimum:
        return "shown"
    if result.evidenced is None and result.claimed is not None and result.claimed >= minimum:
        return "claimed"
    if result.state == "not_applicable":
        return "not_applicable"
    return "not_occurred" if result.state == "not_occurred" else "not_shown"
