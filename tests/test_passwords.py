"""Which passwords are refused: short ones and known ones, and none for what it is made of."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from organisations.models import User

pytestmark = pytest.mark.anywhere

OWNER = User(email="noor@waterrijk.example", name="Noor Nieuw")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234",
        "PASSWORD1234!!",
        "wachtwoord123",
        "welkomwelkom",
        "Amsterdam1234!?",
        "aaaaaaaaaaaa",
        "qwertyuiop12",
        "integriteit-is-een-ketting",
        "Integriteitsportaal2026",
        "kort",
        "noor@waterrijk.example",
    ],
)
def test_what_many_use_or_this_portal_says_aloud_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, OWNER)


@pytest.mark.parametrize(
    "password",
    [
        "een zin van woorden",
        "zwemmende olifanten dansen",
        "ÿ" * 6 + "øåß漢字한글",
        "k7#Qz!pW2$vL9x",
        "x" * 9 + "yq zt",
    ],
)
def test_anything_else_of_twelve_characters_will_do(password: str) -> None:
    validate_password(password, OWNER)
