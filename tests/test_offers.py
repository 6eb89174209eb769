"""What the content offers for an improvement: suggestions by level, five barriers, a first reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assessments.improving.barriers import FILE, barriers, title
from assessments.improving.offers import number, offers, why_group, why_question
from chain.questionnaire import Theme
from chain.reading import FaultyQuestionnaire, read_barriers
from tests.cast import questionnaire

THEMES = [theme for link in questionnaire().links for theme in link.themes]
THEME = questionnaire().theme("pro-actie", "richting-en-voorbeeld")


@pytest.mark.parametrize(
    ("level", "expected"),
    [(None, [0]), (0, [0]), (0.5, [0]), (1, [1, 0]), (2.5, [2, 1, 0]), (4, [3, 2, 1, 0])],
)
def test_what_fits_best_comes_first(level: float | None, expected: list[int]) -> None:
    assert [one.from_level for one in offers(THEME, level)] == expected


@given(st.sampled_from(THEMES), st.none() | st.floats(0, 4))
def test_there_is_always_something_and_never_a_step_too_far(theme: Theme, level: float | None) -> None:
    found = offers(theme, level)
    assert found
    lowest = theme.suggestions[0].from_level
    assert all(one.from_level <= max(level or 0, lowest) for one in found)
    assert len({one.key for one in found}) == len(found)
    assert all(len(one.text) <= 200 for one in found)  # it is taken over into a field of 200


def test_the_reason_names_level_and_legal_minimum() -> None:
    question = questionnaire().question("PA-01")
    assert why_question(question, 1) == (
        "‘Integriteitsbeleid’ (PA-01) staat op niveau 1: Er zijn losse of oude stukken. "
        "Het wettelijk minimum is niveau 2: Het beleid is vastgesteld en jonger dan vier jaar."
    )
    assert "wettelijk" not in why_question(question, 2)
    assert why_question(question, None) == "Bij ‘Integriteitsbeleid’ (PA-01) is nog geen niveau te geven."


def test_levels_are_written_with_a_comma() -> None:
    assert [number(value) for value in (1.5, 2.0, 0)] == ["1,5", "2", "0"]
    assert why_group("Nazorg", 1.5) == "‘Nazorg’ staat op niveau 1,5."
    assert why_group("Nazorg", None) == "Voor ‘Nazorg’ is nog geen cijfer te geven."


def test_there_are_five_barriers_with_a_meaning_and_a_question() -> None:
    assert len(barriers()) == 5
    assert all(one.meaning.nl.endswith(".") and one.question.nl.endswith("?") for one in barriers().values())
    assert title("gevestigde-belangen") == "Gevestigde belangen"
    assert title("van-vroeger") == "van-vroeger"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"barriers": []}, "barriers: must hold exactly 5, not 0"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"version": 2026}, "version: must be a text"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(tmp_path: Path, change: object, fault: str) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    file = tmp_path / "roles.yaml"
    file.write_text(yaml.safe_dump({**data, **change}), encoding="utf-8")  # type: ignore[dict-item]
    with pytest.raises(FaultyQuestionnaire, match=fault.split(":")[-1].strip()):
        read_barriers(file)


def test_a_barrier_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    data["barriers"][1]["slug"] = data["barriers"][0]["slug"]
    file = tmp_path / "roles.yaml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(FaultyQuestionnaire, match="stands there twice"):
        read_barriers(file)
