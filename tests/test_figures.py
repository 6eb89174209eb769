"""How a figure comes about: the sums that are written out come to what the results say."""

import re
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings

from chain.results import ResultsDocument, half_up
from chain.scoring import parse
from reports import figures
from reports.figures import Figure, figure, questions_of, result_of
from tests.rounds import CHAIN, SHORT, answers_file, answers_files, results_of

LINK = CHAIN.links[0]
THEME = LINK.themes[0]
ONE, TWO, THREE, FOUR = [question.id for question in THEME.questions]
DIVISION = re.compile(
    r"(?P<above>.+) / (?P<under>.+) = (?P<shown>[\d,]+), afgerond op halven: (?P<printed>[\d,]+)"
)


def theme_figure(
    said: dict[str, list[int | str]], names: dict[str, str] | None = None, **rest: object
) -> Figure:
    """The figure of the first theme, when contributors c1, c2 … say this."""
    data = answers_file(said, **rest)
    results = results_of(data)
    group = results["links"][0]["themes"][0]
    return figure(CHAIN, results, parse(CHAIN, data), group, THEME.questions, names or {})


def test_the_sum_is_written_out_with_its_rounding() -> None:
    found = theme_figure({ONE: [3], TWO: [2], THREE: [2], FOUR: ["not_applicable"]})
    assert found.sum == "(3 + 2 + 2) / 3 = 2,33, afgerond op halven: 2,5"
    assert (found.figure, found.word, found.status) == ("2,5", "tussen Vastgelegd en Gedaan", "")


def test_weights_stand_in_the_sum_only_when_the_round_set_them() -> None:
    found = theme_figure({ONE: [3], TWO: [2]}, weights={ONE: 2, FOUR: 3})
    assert found.sum == "(2×3 + 1×2) / (2 + 1) = 2,67, afgerond op halven: 2,5"
    assert found.weighted
    assert not theme_figure({ONE: [3], TWO: [2]}, weights={ONE: 1}).weighted


def test_one_question_needs_no_brackets() -> None:
    assert theme_figure({ONE: [3]}).sum == "3 / 1 = 3, afgerond op halven: 3"


def test_more_decimals_are_shown_where_two_would_round_to_the_other_side() -> None:
    weights = {
        ONE: 2.494,
        TWO: 7.506,
    }  # (2.494×3 + 7.506×2) / 10 = 2.2494, printed 2; as 2.25 it would be 2.5
    found = theme_figure({ONE: [3], TWO: [2]}, weights=weights)
    assert found.sum.endswith("= 2,249, afgerond op halven: 2")


def test_too_little_insight_shows_the_share_beside_its_limit_and_no_sum() -> None:
    found = theme_figure({ONE: [1], TWO: [4], THREE: ["unknown"], FOUR: ["not_applicable"]})
    assert found.sum == ""
    assert "‘weet ik niet’" in found.no_sum
    assert found.insight == "1 / (2 + 1) = 0,33, meer dan 0,30: te weinig inzicht voor een cijfer"
    assert (found.figure, found.word) == ("–", "te weinig inzicht")


@pytest.mark.parametrize(
    ("unknown", "levels", "text"),
    [
        (3, 7, "3 / (7 + 3) = 0,3, niet meer dan 0,30"),
        (7, 16, "7 / (16 + 7) = 0,304, meer dan 0,30: te weinig inzicht voor een cijfer"),
        (0, 9, ""),
    ],
)
def test_a_share_close_to_the_limit_shows_on_which_side_it_is(unknown: int, levels: int, text: str) -> None:
    group = results_of(answers_file())["links"][0]
    group["distribution"] = {str(level): 0 for level in range(5)} | {"2": levels, "unknown": unknown}
    assert figures.written_insight(group) == text


def test_the_gap_is_written_out_over_the_validated_questions_only() -> None:
    found = theme_figure({ONE: [3], TWO: [4], THREE: [2]}, evidenced={ONE: 2, TWO: 2})
    assert found.gap == "(3 + 4) / 2 − (2 + 2) / 2 = 1,5"
    assert theme_figure({ONE: [3]}).gap == ""


def test_coverage_is_said_in_questions() -> None:
    assert theme_figure({ONE: [3], TWO: ["unknown"]}).coverage == "Van de 4 vragen zijn er 2 beantwoord."
    assert theme_figure({ONE: [3]}).coverage == "Van de 4 vragen is er 1 beantwoord."
    every = theme_figure({id: [2] for id in (ONE, TWO, THREE, FOUR)})
    assert every.coverage == "Op alle 4 vragen is een antwoord gegeven."
    assert theme_figure({ONE: [3]}).status == "voorlopig: 3 vragen zonder antwoord"


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([3], "Eén niveau gegeven."),
        ([2, 2], "Beide antwoorden zijn 2."),
        ([1, 1, 1], "Alle 3 antwoorden zijn 1."),
        ([3, 1], "Van laag naar hoog 1 en 3. De laagste van de twee telt: 1."),
        ([4, 1, 2], "Van laag naar hoog 1, 2 en 4. De middelste telt: 2."),
        ([4, 1, 2, 3], "Van laag naar hoog 1, 2, 3 en 4. Van de twee in het midden telt de laagste: 2."),
    ],
)
def test_each_question_says_how_its_level_follows_from_the_answers(
    levels: list[int | str], text: str
) -> None:
    line = theme_figure({ONE: levels}).counted[0]
    assert line.how == text
    assert line.level.startswith(re.findall(r"\d", text)[-1] if len(levels) > 1 else "3")


def test_an_agreed_level_goes_before_the_answers_and_tells_its_reason() -> None:
    found = theme_figure({ONE: [1, 4]}, agreed={ONE: {"level": 2, "reason": "Samen bekeken."}})
    line = found.counted[0]
    assert line.how == "Samen afgesproken: 2. De antwoorden waren 1 en 4."
    assert (line.level, line.agreed_because, line.discuss) == ("2 Vastgelegd", "Samen bekeken.", False)


def test_what_was_left_out_says_why() -> None:
    found = theme_figure({ONE: [2], TWO: ["unknown"], THREE: ["not_applicable"]})
    assert [line.question.id for line in found.counted] == [ONE]
    assert [(line.level, line.how.split(":")[0]) for line in found.left_out] == [
        ("weet ik niet", "Telt niet mee als niveau, wel als ‘weet ik niet’."),
        ("niet van toepassing", "Telt niet mee"),
        ("niet beantwoord", "Telt niet mee"),
    ]
    assert found.left_out[1].said[0].more == "past niet"


def test_names_are_used_only_when_given() -> None:
    said: dict[str, list[int | str]] = {ONE: [2, "unknown"]}
    assert [one.who for one in theme_figure(said).counted[0].said] == ["deelnemer 1", "deelnemer 2"]
    named = theme_figure(said, names={"c1": "Bram", "c2": "Fatima"}).counted[0].said
    assert [(one.who, one.choice) for one in named] == [("Bram", "2 Vastgelegd"), ("Fatima", "weet ik niet")]


def test_a_part_of_a_link_is_a_theme_or_a_cross_section() -> None:
    assert questions_of(LINK, THEME.slug) == (str(THEME.title), str(THEME.why), list(THEME.questions))
    title, _, hard = questions_of(LINK, "hard")
    assert title == "Hard"
    assert {question.nature for question in hard} == {"hard"}
    document = results_of(answers_file())["links"][0]
    assert result_of(document, "nergens") is None
    assert result_of(document, "design") == document["design"]


def every_figure(
    data: dict[str, object], results: ResultsDocument
) -> list[tuple[Figure, float | None, float | None]]:
    """The figure of each link and each of its parts, with the score and the printed score of the results."""
    found = []
    for link, document in zip(SHORT.links, results["links"], strict=True):
        for part in (
            "hard",
            "soft",
            "design",
            "existence",
            "operation",
            *(theme.slug for theme in link.themes),
        ):
            if group := result_of(document, part):
                questions = questions_of(link, part)[2]
                shown = figure(SHORT, results, parse(SHORT, data), group, questions, {})
                found.append((shown, group["score"], group["printed"]))
    return found


def exact(expression: str) -> Fraction:
    """What a bracketed sum of (weighted) levels comes to."""
    terms = expression.strip("()").split(" + ")
    products = ([Fraction(factor.replace(",", ".")) for factor in term.split("×")] for term in terms)
    return sum((factors[0] * (factors[1] if factors[1:] else 1) for factors in products), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(answers_files())
def test_every_written_sum_comes_to_the_score_of_the_results(data: dict[str, object]) -> None:
    for shown, score, printed in every_figure(data, results_of(data, SHORT)):
        if score is None:
            assert shown.sum == ""
            continue
        parts = DIVISION.fullmatch(shown.sum)
        assert parts
        value = exact(parts["above"]) / exact(parts["under"])
        assert float(half_up(value, 100)) == score
        assert float(half_up(value, 2)) == printed == float(parts["printed"].replace(",", "."))
        # A reader who rounds the number shown comes to the same half.
        assert floor(Fraction(parts["shown"].replace(",", ".")) * 2 + Fraction(1, 2)) == printed * 2


@settings(max_examples=30, deadline=None)
@given(answers_files())
def test_every_question_of_a_figure_is_counted_or_left_out(data: dict[str, object]) -> None:
    for shown, score, _ in every_figure(data, results_of(data, SHORT)):
        assert len(shown.counted) + len(shown.left_out) == len(shown.lines)
        assert bool(shown.sum) == (score is not None)
        assert bool(shown.sum) != bool(shown.no_sum)
