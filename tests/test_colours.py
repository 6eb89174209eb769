"""Whatever two colours an organisation chooses, what the portal makes of them can be read."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.colours import (
    LINES,
    TEXT,
    contrast,
    luminance,
    nearest,
    passes,
    picture,
    shades,
    sheet,
    toward,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_luminance_and_contrast_are_wcags() -> None:
    assert luminance("#000000") == 0 and luminance("#ffffff") == pytest.approx(1)
    assert contrast("#000000") == pytest.approx(21) and contrast("#ffffff") == 1
    # The figures that WebAIM and others give for these: the lightest grey that passes, and the one after it.
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ff0000") == pytest.approx(4.0, abs=0.005)
    assert contrast("#0000ff", "#ffff00") == contrast("#ffff00", "#0000ff") == pytest.approx(8.0, abs=0.01)


def test_nothing_is_rounded_up_to_a_pass() -> None:
    assert passes("#767676", TEXT) and not passes("#777777", TEXT)
    assert passes("#949494", LINES) and not passes("#959595", LINES)


def test_what_is_no_colour_is_a_fault() -> None:
    for text in ("", "red", "#FFFFFF", "#fff", "1b5a8e", "#1b5a8e;"):
        with pytest.raises(ValueError, match="colour"):
            luminance(text)


@given(COLOURS, st.sampled_from([TEXT, LINES]))
def test_the_nearest_shade_passes_and_one_that_passes_stays(colour: str, needed: float) -> None:
    found = nearest(colour, needed)
    assert passes(found, needed)
    assert (found == colour) == passes(colour, needed)
    # Just enough: not black where a slightly darker shade would do.
    assert found == colour or contrast(found) < needed * 1.12


@given(COLOURS)
def test_every_shade_can_be_read_where_the_pages_use_it(colour: str) -> None:
    brand = shades(nearest(colour, TEXT))
    for dark in ("400", "500", "600", "700"):
        assert contrast(brand[dark]) >= TEXT
    for ink, paper in [("500", "50"), ("500", "100"), ("600", "100"), ("700", "100"), ("700", "200")]:
        assert contrast(brand[ink], brand[paper]) >= TEXT


@given(COLOURS)
def test_the_levels_differ_without_colour_too(colour: str) -> None:
    levels = picture(nearest(colour, TEXT))
    for lighter, darker in pairwise(levels):
        assert luminance(lighter) > luminance(darker) and contrast(lighter, darker) >= 1.3
    assert all(contrast(level, "#17212b") >= TEXT for level in levels[:3])  # --picture-ink
    assert all(contrast(level) >= TEXT for level in levels[3:])


@given(COLOURS, st.floats(0.02, 0.98))
def test_a_mix_has_the_luminance_that_was_asked_for(colour: str, target: float) -> None:
    assert luminance(toward(colour, target)) == pytest.approx(target, abs=0.012)


def test_the_sheet_sets_tokens_and_nothing_else() -> None:
    text = sheet("#0e616c", "#b8860b")
    assert re.fullmatch(r"\.voorbeeld-theme\{(--[\w-]+:#[0-9a-f]{6};?)+\}\n", text)
    assert "--brand-bar:#0e616c" in text and "--brand-accent:#b8860b" in text
