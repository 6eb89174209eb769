"""An organisation's house style is one of the style sheets that are there."""

import pytest
from django.core.exceptions import ValidationError

from organisations.models import known_theme, themes


def test_the_house_styles_are_the_sheets_in_static_themes() -> None:
    assert {"portaal", "waterrijk", "hoogezand"} <= set(themes())


def test_a_house_style_without_a_sheet_is_refused() -> None:
    known_theme("portaal")
    with pytest.raises(ValidationError):
        known_theme("nergens")
