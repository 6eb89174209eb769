"""How far a round is: per person and per question, with asked, answered and validated kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from assessments.asked import Key
from assessments.models import EvidencedLevel
from assessments.progress import Cell, Known, PersonProgress, per_person, per_theme
from assessments.standing import Standing
from assessments.status import Status
from organisations.models import User
from tests.cast import bring_to, make_answers, make_round, questionnaire

CONTENT = questionnaire()
FIRST, SECOND = [(link.slug, theme.slug, "") for link in CONTENT.links for theme in link.themes][:2]
NAMES = {1: "Bram", 2: "Ada"}
NOT_YET = Cell("", Standing.NOT_STARTED)


def ids(theme: Key) -> list[str]:
    return [question.id for question in CONTENT.theme(*theme[:2]).questions]


def test_everyone_who_was_asked_has_a_line_by_name() -> None:
    lines = per_person(CONTENT, [(1, FIRST), (2, FIRST), (1, SECOND)], [(1, ids(FIRST)[0])], NAMES)
    asked = len(ids(FIRST))
    assert lines == [
        PersonProgress(2, "Ada", asked, 0),
        PersonProgress(1, "Bram", asked + len(ids(SECOND)), 1),
    ]
    assert lines[1].left == asked + len(ids(SECOND)) - 1


def test_answers_to_what_was_not_asked_are_no_progress() -> None:
    given = [(1, question) for question in ids(SECOND)] + [(2, question) for question in ids(FIRST)]
    assert per_person(CONTENT, [(1, FIRST)], given, NAMES) == [PersonProgress(1, "Bram", len(ids(FIRST)), 0)]


def test_who_was_given_one_question_is_asked_one() -> None:
    one, another = ids(FIRST)[:2]
    lines = per_person(CONTENT, [(1, (*FIRST[:2], one)), (2, FIRST)], [(1, one), (1, another)], NAMES)
    assert lines[1] == PersonProgress(1, "Bram", 1, 1)


def test_a_question_that_was_not_asked_has_no_answer_to_wait_for() -> None:
    one = ids(FIRST)[0]
    theme = per_theme(CONTENT, [(1, (*FIRST[:2], one)), (2, FIRST)], {}, NAMES)[0]
    assert theme.rows[0].cells == (NOT_YET, NOT_YET) and theme.rows[1].cells == (NOT_YET, None)


@pytest.mark.parametrize(
    "asked, answered, percentage", [(0, 0, 0), (3, 0, 0), (3, 1, 33), (200, 199, 99), (3, 3, 100)]
)
def test_a_hundred_percent_means_all(asked: int, answered: int, percentage: int) -> None:
    assert PersonProgress(1, "Bram", asked, answered).percentage == percentage


def test_a_theme_has_a_cell_for_everyone_who_was_asked() -> None:
    question = ids(FIRST)[0]
    theme = per_theme(CONTENT, [(1, FIRST), (2, FIRST)], {(1, question): "unknown"}, NAMES)[0]
    assert theme.names == ("Ada", "Bram")
    assert theme.rows[0].cells == (NOT_YET, Cell("unknown", Standing.BUSY))
    assert theme.answered == 1


def test_an_answer_of_somebody_who_is_asked_no_more_stays_in_sight() -> None:
    themes = per_theme(CONTENT, [(2, FIRST)], {(1, ids(FIRST)[0]): "3"}, NAMES)
    assert themes[0].names == ("Ada", "Bram")
    assert themes[0].rows[0].cells == (NOT_YET, Cell("3", Standing.BUSY))
    assert themes[1].names == ()


@pytest.mark.parametrize(
    "said, word",
    [
        ("0", "0"),
        ("not_applicable", "n.v.t."),
        ("not_occurred", "niet voorgekomen"),
        ("unknown", "weet ik niet"),
    ],
)
def test_a_cell_is_a_level_or_short_words(said: str, word: str) -> None:
    assert Cell(said, Standing.BUSY).word == word


@pytest.mark.parametrize(
    "known, word",
    [
        (Known(), Standing.BUSY),
        (Known(handed_in={(1, FIRST)}), Standing.HANDED_IN),
        (Known(handed_in={(2, FIRST)}), Standing.BUSY),
        (Known(is_closed=True), Standing.HANDED_IN),
        (Known(is_closed=True, sent_back={(1, min(ids(FIRST)))}), Standing.SENT_BACK),
        (Known(is_closed=True, evidenced={min(ids(FIRST)): 2}), Standing.HANDED_IN),
    ],
)
def test_a_cell_says_how_far_the_answer_is(known: Known, word: Standing) -> None:
    question = min(ids(FIRST))
    theme = per_theme(CONTENT, [(1, FIRST), (2, FIRST)], {(1, question): ""}, NAMES, known)[0]
    row = next(row for row in theme.rows if row.question.id == question)
    assert row.cells[1] == Cell("", word)  # a note alone is a beginning, not an answer
    assert row.evidenced == known.evidenced.get(question) and theme.answered == 0
    assert theme.validated == len(known.evidenced)


def test_handed_in_is_counted_apart_from_answered() -> None:
    answered = [(1, question) for question in ids(FIRST)[:1]]
    keys = [(1, FIRST), (1, SECOND)]
    line = per_person(CONTENT, keys, answered, NAMES, handed_in=[(1, FIRST)])[0]
    assert (line.answered, line.handed_in) == (1, len(ids(FIRST)))


def test_every_theme_of_the_round_is_in_the_overview() -> None:
    themes = per_theme(CONTENT, [], {}, {})
    assert [one.theme for one in themes] == [theme for link in CONTENT.links for theme in link.themes]


# On the pages


def test_asked_answered_and_validated_are_three_figures(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], questions=ids(FIRST))
    bring_to(round_, Status.VALIDATION, cast["anna"])
    for question in ids(FIRST)[:2]:
        EvidencedLevel.record(round_, question, 1, "", cast["vera"])
    page = " ".join(client_of("anna").get(f"/rondes/{round_.pk}/").content.decode().split())
    asked, answered = len(CONTENT.questions), len(ids(FIRST))
    assert (
        f'data-label="Gevraagd">{asked}</td>' in page and f'data-label="Beantwoord">{answered}</td>' in page
    )
    assert f'data-label="Ingediend">{asked}</td>' in page
    assert "1 van 1 vragen gevalideerd en 1 andere" in page  # one has a legal minimum; nothing was drawn


def test_the_overview_shows_who_said_what(cast: dict[str, User], client_of: Callable[[str], Client]) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    make_answers(round_, cast["bram"], level=3, questions=ids(FIRST)[:1])
    page = " ".join(client_of("anna").get(f"/rondes/{round_.pk}/voortgang/").content.decode().split())
    assert '<th scope="col">Bram</th><th scope="col">Fatima</th>' in page
    cells = re.findall(r'<td data-label="(\w+)">(.*?)</td>', page)[:3]
    words = [(name, re.sub("<[^>]*>", "", cell)) for name, cell in cells]
    assert words == [("Bram", "3 bezig"), ("Fatima", "niet begonnen"), ("Gevalideerd", "nog niet")]
    assert "Zo is " not in page  # what was explained is no progress
