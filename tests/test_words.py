"""The Dutch words for figures: what a reader sees of a level, a share, a date or a list."""

from datetime import date

import pytest

from reports import words
from tests.cast import questionnaire

LADDER = questionnaire().ladder


@pytest.mark.parametrize(
    ("printed", "figure", "level"),
    [
        (0, "0", "Niet"),
        (0.5, "0,5", "tussen Niet en Soms"),
        (2, "2", "Vastgelegd"),
        (2.5, "2,5", "tussen Vastgelegd en Gedaan"),
        (3.5, "3,5", "tussen Gedaan en Lerend"),
        (4, "4", "Lerend"),
    ],
)
def test_a_printed_level_is_said_in_halves_and_in_words(printed: float, figure: str, level: str) -> None:
    assert words.figure(printed) == figure
    assert words.level(printed, LADDER) == level


def test_without_a_score_the_words_say_why() -> None:
    assert words.figure(None) == "–"
    assert words.level(None, LADDER) == "geen cijfer"
    assert words.level(None, LADDER, "too_little_insight") == "te weinig inzicht"


@pytest.mark.parametrize(
    ("slug", "unanswered", "running", "frozen"),
    [
        ("complete", 0, "", ""),
        ("provisional", 1, "voorlopig: 1 vraag zonder antwoord", "niet compleet: 1 vraag zonder antwoord"),
        (
            "provisional",
            12,
            "voorlopig: 12 vragen zonder antwoord",
            "niet compleet: 12 vragen zonder antwoord",
        ),
        ("no_score", 9, *["geen cijfer: geen enkele vraag heeft een niveau"] * 2),
        ("too_little_insight", 9, *["te weinig inzicht: te vaak ‘weet ik niet’"] * 2),
    ],
)
def test_what_is_said_beside_a_figure_is_true_before_and_after_freezing(
    slug: str, unanswered: int, running: str, frozen: str
) -> None:
    assert words.status(slug, unanswered, frozen=False) == running
    assert words.status(slug, unanswered, frozen=True) == frozen


def test_a_question_stands_at_a_whole_level_or_in_a_state() -> None:
    assert words.whole_level(0, LADDER) == "0 Niet"
    assert words.whole_level(3, LADDER) == "3 Gedaan"
    assert words.whole_level(None, LADDER, "not_occurred") == "niet voorgekomen"
    assert words.whole_level(None, LADDER) == "niet beantwoord"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.004, "0%"), (0.005, "1%"), (0.125, "13%"), (0.29, "29%"), (1 / 3, "33%"), (1, "100%")],
)
def test_a_share_is_a_whole_percentage_half_up(share: float, text: str) -> None:
    assert words.percentage(share) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.33, "2,33"), (2.5, "2,5"), (3.0, "3"), (10.0, "10"), (100.0, "100"), (0.1, "0,1")]
)
def test_a_decimal_number_has_a_comma_and_no_needless_zeroes(value: float, text: str) -> None:
    assert words.decimal(value) == text
    assert words.decimal(20, 0) == "20"


@pytest.mark.parametrize(("size", "text"), [(158_800, "159 kB"), (499, "0 kB"), (1_234_500, "1.235 kB")])
def test_a_size_is_in_whole_thousands_of_bytes(size: int, text: str) -> None:
    assert words.kilobytes(size) == text


def test_a_date_is_written_out() -> None:
    assert words.day(date(2026, 11, 21)) == "21 november 2026"
    assert words.day("2025-03-01") == "1 maart 2025"


def test_things_are_counted_and_listed_as_people_do() -> None:
    assert words.questions(1) == "1 vraag"
    assert words.questions(1200) == "1.200 vragen"
    assert words.joined([]) == ""
    assert words.joined(["Nazorg"]) == "Nazorg"
    assert words.joined(["Pro-actie", "Nazorg"]) == "Pro-actie en Nazorg"
    assert words.joined(["Pro-actie", "Preventie", "Nazorg"]) == "Pro-actie, Preventie en Nazorg"


def test_a_contributor_has_a_name_only_for_who_may_know_it() -> None:
    assert words.contributor("c2") == "deelnemer 2"
    assert words.contributor("c2", {"c1": "Bram"}) == "deelnemer 2"
    assert words.contributor("c1", {"c1": "Bram"}) == "Bram"


def test_every_status_of_the_results_has_a_word_and_none_speaks_of_breaking_the_law() -> None:
    assert set(words.STATUSES) == {"complete", "provisional", "no_score", "too_little_insight"}
    assert set(words.LEGAL) == {"shown", "claimed", "not_applicable", "not_occurred", "not_shown"}
    assert words.LEGAL["not_shown"] == "niet aangetoond"
    assert not any("overtr" in text for text in [*words.LEGAL.values(), *words.LEGAL_MEANINGS.values()])
