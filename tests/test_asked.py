"""Which questions somebody was given, and what that opens: whole themes, or single questions of one."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client

from assessments.asked import Key, in_theme, questions
from assessments.models import Assessment, Assignment
from assessments.standing import Standing, standing
from organisations.models import User
from tests.cast import THEME, make_answers, make_round, questionnaire
from tests.evidence import evidence_url
from tests.pages import answer_url, fields, theme_url

ClientOf = Callable[[str], Client]
CONTENT = questionnaire()
PART = CONTENT.theme(*THEME)
IDS = [question.id for question in PART.questions]
WHOLE: Key = (*THEME, "")
OTHER: Key = (CONTENT.links[-1].slug, CONTENT.links[-1].themes[-1].slug, "")


def one(question: str, theme: tuple[str, str] = THEME) -> Key:
    return (*theme, question)


@pytest.mark.parametrize(
    "keys, given",
    [
        ([], []),
        ([WHOLE], IDS),
        ([one(IDS[2])], [IDS[2]]),
        ([one(IDS[2]), one(IDS[0]), one(IDS[2])], [IDS[0], IDS[2]]),
        ([WHOLE, one(IDS[1])], IDS),
        ([OTHER], []),
        ([one("ZZ-99")], []),
        ([one(IDS[0], ("nazorg", THEME[1]))], []),
    ],
    ids=[
        "nothing",
        "the theme",
        "a question",
        "two, in order",
        "both",
        "elsewhere",
        "unknown",
        "no such link",
    ],
)
def test_a_key_gives_a_theme_or_one_question_of_it(keys: list[Key], given: list[str]) -> None:
    assert [question.id for question in in_theme(THEME[0], PART, keys)] == given


def test_all_that_is_given_comes_once_in_the_order_of_the_questionnaire() -> None:
    given = questions(CONTENT, [OTHER, one(IDS[1]), OTHER])
    assert [question.id for question in given] == [
        IDS[1],
        *(question.id for question in CONTENT.theme(*OTHER[:2]).questions),
    ]


def test_what_the_track_leaves_out_is_not_given() -> None:
    light = CONTENT.for_track("light")
    every = [(link.slug, theme.slug, "") for link in CONTENT.links for theme in link.themes]
    assert len(questions(light, every)) == sum(question.light_track for question in CONTENT.questions)


@pytest.mark.parametrize(
    "touched, handed_in, sent_back, validated, word",
    [
        (False, False, False, False, Standing.NOT_STARTED),
        (True, False, False, False, Standing.BUSY),
        (True, True, False, False, Standing.HANDED_IN),
        (False, True, False, False, Standing.HANDED_IN),
        (True, True, False, True, Standing.VALIDATED),
        (True, True, True, False, Standing.SENT_BACK),
        (True, True, True, True, Standing.SENT_BACK),
    ],
)
def test_an_answer_is_at_one_station(
    touched: bool, handed_in: bool, sent_back: bool, validated: bool, word: Standing
) -> None:
    found = standing(touched=touched, handed_in=handed_in, sent_back=sent_back, validated=validated)
    assert found == word


# On the pages


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """Bram was given the second question of the theme and nothing else; Fatima has all themes."""
    round_ = make_round(cast, people=("fatima",))
    link, theme, question = one(IDS[1])
    Assignment.objects.create(assessment=round_, link=link, theme=theme, question=question, user=cast["bram"])
    return round_


def test_the_theme_page_asks_only_what_was_given(round_: Assessment, client_of: ClientOf) -> None:
    page = html.unescape(client_of("bram").get(theme_url(round_, IDS[0])).content.decode())
    assert [f'id="{question}-title"' in page for question in IDS[:3]] == [False, True, False]
    assert "Ook gevraagd: Fatima." in page


def test_a_colleague_with_another_question_is_not_named(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_.assignments.filter(user=cast["fatima"], theme=THEME[1]).update(question=IDS[0])
    assert "Ook gevraagd" not in client_of("bram").get(theme_url(round_, IDS[0])).content.decode()


def test_saving_works_for_ones_own_question_alone(round_: Assessment, client_of: ClientOf) -> None:
    bram = client_of("bram")
    for question, status in ((IDS[1], 200), (IDS[0], 404)):
        data = {"questionnaire": round_.questionnaire_id, **fields(question, choice="2")}
        reply = bram.post(answer_url(round_, question), data, headers={"HX-Request": "true"})
        assert reply.status_code == status
    assert [answer.question for answer in round_.answers.all()] == [IDS[1]]


@pytest.mark.parametrize("question, status", [(IDS[1], 200), (IDS[0], 404)])
def test_evidence_and_life_open_with_the_question(
    question: str, status: int, round_: Assessment, client_of: ClientOf
) -> None:
    bram = client_of("bram")
    assert bram.get(evidence_url(round_, question)).status_code == status
    assert bram.get(f"{answer_url(round_, question)}verloop/").status_code == status


def test_the_list_and_the_front_page_count_what_was_given(round_: Assessment, client_of: ClientOf) -> None:
    for url in ("/", f"/rondes/{round_.pk}/vragen/"):
        assert "Nog 1 vraag voor u" in client_of("bram").get(url).content.decode()


def test_the_overviews_of_the_coordinator_count_what_was_given(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    make_answers(round_, cast["bram"], questions=[IDS[1]])
    anna = client_of("anna")
    page = " ".join(anna.get(f"/rondes/{round_.pk}/").content.decode().split())
    row = '<th scope="row">Bram</th> <td class="number" data-label="Gevraagd">1</td>'
    assert f'{row} <td class="number" data-label="Beantwoord">1</td>' in page
    overview = anna.get(f"/rondes/{round_.pk}/voortgang/").content.decode()
    assert overview.count("niet gevraagd</span>") == len(IDS) - 1
