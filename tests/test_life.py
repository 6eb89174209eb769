"""The life of an answer: every value it had, by whom and when, told in steps; nothing is edited in place."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from assessments.answering.life import Kept, steps
from assessments.models import Answer, AnswerRevision, Assessment
from assessments.status import Status
from organisations.models import User
from tests.cast import bring_to, make_round, say
from tests.pages import answer_url

ClientOf = Callable[[str], Client]
QUESTION = "PA-01"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def kept(*saves: tuple[int, float, str]) -> list[Kept[str]]:
    """Revisions: by whom, how many minutes after noon, and the value."""
    return [Kept(actor, f"u{actor}", NOON + timedelta(minutes=at), value) for actor, at, value in saves]


@pytest.mark.parametrize(
    "saves, told",
    [
        ([], []),
        ([(1, 0, "a")], [(None, "a", 1)]),
        ([(1, 0, "a"), (1, 2, "ab"), (1, 5, "abc")], [(None, "abc", 3)]),
        ([(1, 0, "a"), (1, 5.01, "b")], [(None, "a", 1), ("a", "b", 1)]),
        ([(1, 0, "a"), (1, 4, "b"), (1, 8, "c"), (1, 9, "d")], [(None, "b", 2), ("b", "d", 2)]),
        ([(1, 0, "a"), (2, 1, "b"), (1, 2, "c")], [(None, "a", 1), ("a", "b", 1), ("b", "c", 1)]),
        ([(1, 0, "a"), (1, 9, "b"), (1, 10, "a")], [(None, "a", 1), ("a", "a", 2)]),
    ],
    ids=["nothing", "one", "within five minutes", "later", "from the first save", "two people", "put back"],
)
def test_what_one_person_saves_within_five_minutes_is_one_step(
    saves: list[tuple[int, float, str]], told: list[tuple[str | None, str, int]]
) -> None:
    assert [(step.before, step.after, step.saves) for step in steps(kept(*saves))] == told


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """Bram answered in the morning, typed on for a while, and changed his mind in the afternoon."""
    round_ = make_round(cast, people=("bram", "fatima"))
    say(round_, cast["bram"], QUESTION, level=1)
    say(round_, cast["bram"], QUESTION, 1, level=1, explanation="Wij beginnen.")
    say(round_, cast["bram"], QUESTION, 2, level=1, explanation="Wij beginnen <net>.")
    say(round_, cast["bram"], QUESTION, 3, level=3, helps="yes", explanation="Wij beginnen <net>.")
    for version, minutes in enumerate((0, 1, 2, 180), 1):
        at = NOON + timedelta(minutes=minutes)
        AnswerRevision.objects.filter(version=version).update(saved_at=at)
    return round_


def shown(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_author_reads_each_step_with_its_old_and_new_value(
    round_: Assessment, client_of: ClientOf
) -> None:
    page = shown(client_of("bram"), f"{answer_url(round_, QUESTION)}verloop/")
    assert "21 november 2026, 13:00 tot 13:02 · Bram" in page and "3 keer opgeslagen in deze stap" in page
    assert "21 november 2026, 16:00 · Bram" in page
    assert page.index("16:00") < page.index("13:00")  # the newest first
    assert "Was 1 Soms Werd 3 Gedaan" in page and "Helpt dit? Ingevuld Ja" in page
    assert "Toelichting Ingevuld Wij beginnen <net>." in page
    assert AnswerRevision.objects.count() == 4  # told together, stored apart


def test_nobody_reads_the_life_of_a_colleagues_answer(round_: Assessment, client_of: ClientOf) -> None:
    page = shown(client_of("fatima"), f"{answer_url(round_, QUESTION)}verloop/")
    assert "nog niets opgeslagen" in page and "Bram" not in page


def test_who_judges_reads_the_lives_of_all_answers(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    say(round_, cast["fatima"], QUESTION, level=2)
    say(round_, cast["fatima"], "PA-02", explanation="Alleen een notitie.")
    bring_to(round_, Status.VALIDATION, cast["anna"])
    for person in ("anna", "vera"):
        page = shown(client_of(person), f"/rondes/{round_.pk}/bewijs/{QUESTION}/verloop/")
        assert "Antwoord van Bram" in page and "Antwoord van Fatima" in page
        notes = shown(client_of(person), f"/rondes/{round_.pk}/bewijs/PA-02/verloop/")
        assert "nog niets opgeslagen" in notes
        judged = client_of(person).get(f"/rondes/{round_.pk}/bewijs/{QUESTION}/").content.decode()
        assert f"/rondes/{round_.pk}/bewijs/{QUESTION}/verloop/" in judged


@pytest.mark.parametrize("address", ["{theme}PA-99/verloop/", "/rondes/{pk}/bewijs/PA-99/verloop/"])
def test_a_question_that_is_not_there_has_no_life(
    address: str, cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    bring_to(round_, Status.VALIDATION, cast["anna"])
    theme = answer_url(round_, QUESTION).removesuffix(f"{QUESTION}/")
    person = "bram" if "{theme}" in address else "vera"
    assert client_of(person).get(address.format(theme=theme, pk=round_.pk)).status_code == 404


def test_a_question_of_another_theme_is_not_found_here(round_: Assessment, client_of: ClientOf) -> None:
    theme = answer_url(round_, QUESTION).removesuffix(f"{QUESTION}/")
    assert client_of("bram").get(f"{theme}PP-01/verloop/").status_code == 404


def test_the_card_of_an_answer_leads_to_its_life(round_: Assessment, client_of: ClientOf) -> None:
    card = client_of("bram").get(answer_url(round_, QUESTION)).content.decode()
    assert f'href="{answer_url(round_, QUESTION)}verloop/"' in card


def test_each_version_is_kept_and_none_is_changed(cast: dict[str, User], round_: Assessment) -> None:
    before = list(AnswerRevision.objects.values())
    say(round_, cast["bram"], QUESTION, 4, level=0)
    assert list(AnswerRevision.objects.values())[:4] == before
    assert Answer.objects.get().content == AnswerRevision.objects.get(version=5).content
