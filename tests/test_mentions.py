"""Whom a remark names with an @."""

from __future__ import annotations

import pytest

from assessments.threads.mentions import named

PEOPLE = {1: "Bram Bakker", 2: "Jan", 3: "Jan de Wit", 4: "Jan-Willem Smit", 5: "Ömer Yildirim"}


@pytest.mark.parametrize(
    "text, found",
    [
        ("Wat denkt u, @Bram Bakker?", {1}),
        ("Wat denkt u, @bram?", {1}),
        ("@BRAM BAKKER en @Ömer", {1, 5}),
        ("@Bram Bakkers auto", {1}),  # the first name stands there by itself
        ("@Brams auto", set()),
        ("@Bramble", set()),
        ("Bram zei het", set()),
        ("mail@Bram", {1}),
        ("@Jan", {2}),
        ("@Jan de Wit", {3}),
        ("@Jan de Witte", {2}),
        ("@Jan-Willem", {4}),
        ("@ Bram", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_who_is_named_with_an_at_is_found(text: str, found: set[int]) -> None:
    assert named(text, PEOPLE) == found


def test_a_first_name_that_two_people_have_names_nobody() -> None:
    people = {1: "Bram Bakker", 2: "Bram Nijland"}
    assert named("@Bram kijkt u?", people) == set()
    assert named("@Bram Nijland kijkt u?", people) == {2}


def test_two_people_of_the_same_name_are_both_named() -> None:
    assert named("@Jan Smit", {1: "Jan Smit", 2: "Jan Smit"}) == {1, 2}


def test_somebody_without_a_name_is_never_named() -> None:
    assert named("@ @@ hallo", {1: ""}) == set()
