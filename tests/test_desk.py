"""One after the other: who waits, what is handed in or sent back, and what a question takes in each state."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.test import Client

from assessments import turns
from assessments.models import Assessment, Assignment, EvidencedLevel, SentBack, Thread
from assessments.standing import Shut, shut
from assessments.status import Status
from organisations.models import User
from tests.cast import THEME, make_answers, make_round, questionnaire, say
from tests.evidence import make_evidence
from tests.pages import answer_url, fields, theme_url
from tests.test_queries import statements

ClientOf = Callable[[str], Client]
IDS = [question.id for question in questionnaire().theme(*THEME).questions]
FIRST, SECOND = IDS[:2]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def row(user: int, turn: int = 1, question: str = "", handed_in: bool = False) -> turns.Given:
    return turns.Given(user, f"u{user}", *THEME, question, turn, "", None, NOON if handed_in else None)


def test_the_theme_or_the_question_itself_gives_a_question() -> None:
    rows = [row(1, question=SECOND), row(2)]
    assert turns.giving(rows, 1, SECOND) == rows[0] and turns.giving(rows, 1, FIRST) is None
    assert turns.giving(rows, 2, FIRST) == rows[1]


def test_turns_are_compared_at_the_same_thing_only() -> None:
    mine = row(1, turn=2)
    rows = [row(2), row(3, question=FIRST), mine, row(4, turn=2), row(5, turn=3)]
    assert turns.names(turns.before(mine, rows)) == ["u2"]
    assert turns.names(turns.after(mine, rows)) == ["u5"]


@pytest.mark.parametrize(
    "status, sent_back, handed_in, waiting, why",
    [
        (Status.OPEN, False, False, False, None),
        (Status.OPEN, False, True, False, Shut.HANDED_IN),
        (Status.OPEN, False, False, True, Shut.WAITING),
        (Status.OPEN, False, True, True, Shut.HANDED_IN),
        (Status.VALIDATION, True, True, False, None),
        (Status.VALIDATION, False, False, False, Shut.VALIDATION),
        (Status.CLOSED, False, False, True, Shut.CLOSED),
        (Status.ADOPTED, True, False, False, Shut.CLOSED),
    ],
)
def test_why_a_question_takes_no_answer(
    status: Status, sent_back: bool, handed_in: bool, waiting: bool, why: Shut | None
) -> None:
    assert shut(status=status, sent_back=sent_back, handed_in=handed_in, waiting=waiting) == why


# On the page


def page_of(client: Client, round_: Assessment) -> str:
    return " ".join(html.unescape(client.get(theme_url(round_, FIRST)).content.decode()).split())


def here(round_: Assessment, user: User) -> Any:
    return round_.assignments.filter(user=user, link=THEME[0], theme=THEME[1])


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """In the first theme it is Bram's turn, then Fatima's."""
    round_ = make_round(cast, people=("bram", "fatima"))
    here(round_, cast["fatima"]).update(turn=2)
    return round_


def test_who_waits_reads_for_whom(round_: Assessment, cast: dict[str, User], client_of: ClientOf) -> None:
    say(round_, cast["bram"], FIRST, level=2, explanation="Nog niet af.")
    page = page_of(client_of("fatima"), round_)
    assert "U bent aan de beurt als Bram klaar is." in page and page.count("aan de beurt als") == 1
    assert "<textarea" not in page and "data-keep-closed" in page and "Nog niet af." not in page


def test_whose_turn_it_is_knows_who_reads_it_next(round_: Assessment, client_of: ClientOf) -> None:
    page = page_of(client_of("bram"), round_)
    assert "Na u aan de beurt: Fatima." in page and "Ook gevraagd" not in page and "<textarea" in page


def test_in_turn_one_reads_what_was_said_before(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    say(round_, cast["bram"], FIRST, level=2, explanation="Zo doen wij het <nu>.")
    here(round_, cast["bram"]).update(handed_in_at=NOON)
    page = page_of(client_of("fatima"), round_)
    assert f"Wat eerder is geantwoord op {FIRST} (1)" in page and "Zo doen wij het <nu>." in page
    assert f"Wat eerder is geantwoord op {SECOND}" not in page
    assert page.count("<textarea") == 2 * len(IDS)


def test_nobody_waits_for_who_left(round_: Assessment, cast: dict[str, User], client_of: ClientOf) -> None:
    round_.organisation.memberships.get(user=cast["bram"]).roles.all().delete()
    assert "<textarea" in page_of(client_of("fatima"), round_)


def test_what_is_handed_in_is_read_only(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    say(round_, cast["bram"], FIRST, level=2, explanation="Mijn woorden.")
    here(round_, cast["bram"]).update(handed_in_at=NOON)
    page = page_of(client_of("bram"), round_)
    assert "U diende dit in op 21 november 2026 om 13:00." in page and "Mijn woorden." in page
    assert "<textarea" not in page and page.count(">ingediend<") == len(IDS)


def test_the_other_questions_go_on(round_: Assessment, cast: dict[str, User], client_of: ClientOf) -> None:
    """Bram has two questions apart, of which he handed in one; one button saves the other."""
    here(round_, cast["bram"]).update(question=FIRST, handed_in_at=NOON)
    Assignment.objects.create(
        assessment=round_, link=THEME[0], theme=THEME[1], question=SECOND, user=cast["bram"]
    )
    bram = client_of("bram")
    page = page_of(bram, round_)
    assert page.count("U diende dit in") == 1 and page.count("data-autosave") == 1
    data = {"questionnaire": round_.questionnaire_id, **fields(SECOND, choice="3")}
    assert bram.post(theme_url(round_, FIRST), data).status_code == 302
    assert [answer.question for answer in round_.answers.all()] == [SECOND]


@pytest.mark.parametrize(
    "person, state, said",
    [
        (
            "bram",
            {"handed_in_at": NOON},
            "U hebt deze vraag intussen ingediend. Dit antwoord is niet opgeslagen.",
        ),
        (
            "fatima",
            {"handed_in_at": None},
            "Een collega is nu eerst aan de beurt. Dit antwoord is niet opgeslagen.",
        ),
    ],
)
def test_what_comes_too_late_is_refused_and_given_back(
    person: str,
    state: dict[str, Any],
    said: str,
    round_: Assessment,
    cast: dict[str, User],
    client_of: ClientOf,
) -> None:
    here(round_, cast["bram"]).update(**state)
    client = client_of(person)
    data = {"questionnaire": round_.questionnaire_id, **fields(FIRST, choice="3", explanation="Mijn werk.")}
    line = client.post(answer_url(round_, FIRST), data, headers={"HX-Request": "true"})
    whole = client.post(theme_url(round_, FIRST), data)
    for reply in (line, whole):
        assert reply.status_code == 409 and said in html.unescape(reply.content.decode())
    assert ">\nMijn werk.</textarea>" in whole.content.decode()
    assert not round_.answers.exists()


def test_in_validation_only_what_was_sent_back_is_open(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    make_answers(round_, cast["bram"])
    here(round_, cast["bram"]).update(handed_in_at=NOON)
    Assessment.objects.update(status=Status.VALIDATION)
    EvidencedLevel.record(round_, IDS[2], 1, "", cast["vera"])
    SentBack.send(round_, SECOND, cast["bram"], "Waar staat dit?\nNoem het stuk.", cast["vera"])
    bram = client_of("bram")
    page = page_of(bram, round_)
    assert f'Aan u teruggegeven: <a href="#{SECOND}">{SECOND}</a>.' in page
    assert "Vera gaf dit antwoord aan u terug" in page and "Waar staat dit? Noem het stuk." in page
    for word, times in (("teruggegeven", 1), ("gevalideerd", 1), ("ingediend", len(IDS) - 2)):
        assert page.count(f">{word}</span>") == times, word
    assert page.count("<textarea") == 2
    for question, status in ((SECOND, 200), (FIRST, 409)):
        data = {"questionnaire": round_.questionnaire_id, **fields(question, 1, choice="1")}
        reply = bram.post(answer_url(round_, question), data, headers={"HX-Request": "true"})
        assert reply.status_code == status
    assert "U kunt alleen een antwoord veranderen dat de validator" in page_of(client_of("fatima"), round_)


def test_a_note_comes_with_who_handed_over(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    here(round_, cast["bram"]).update(handed_over_by=cast["fatima"], note="Jij weet dit <beter>.")
    page = page_of(client_of("bram"), round_)
    assert "<strong>Fatima</strong> gaf dit aan u door:" in page and page.count("Jij weet dit <beter>.") == 1


def test_a_question_tells_how_far_it_is(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    say(round_, cast["bram"], FIRST, explanation="Alleen een notitie.")
    page = page_of(client_of("bram"), round_)
    assert page.count(">bezig</span>") == 1 and page.count(">niet begonnen</span>") == len(IDS) - 1


# What it costs


def test_a_theme_page_asks_at_most_nine_statements(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    make_answers(round_, cast["bram"])
    make_evidence(round_, cast["bram"])
    Thread.say(round_, FIRST, cast["anna"], "Kijk hier nog eens naar.")
    fatima = client_of("fatima")
    ask = partial(fatima.get, theme_url(round_, FIRST))
    ask()
    assert len(statements(ask)) == 9  # she waits
    here(round_, cast["bram"]).update(handed_in_at=NOON)
    assert len(statements(ask)) == 8  # it is her turn
    Assessment.objects.update(status=Status.VALIDATION)
    assert len(statements(ask)) == 9


def test_saving_in_a_later_turn_asks_at_most_six(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    here(round_, cast["bram"]).update(handed_in_at=NOON)
    data = {"questionnaire": round_.questionnaire_id, **fields(FIRST, choice="3")}
    save = partial(client_of("fatima").post, answer_url(round_, FIRST), data, headers={"HX-Request": "true"})
    assert len(statements(save)) == 6
