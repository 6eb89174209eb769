"""A theme's page without script: one form, one button, and nothing that was typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Assessment, Content
from assessments.status import Status
from organisations.models import User
from tests.cast import THEME, make_answers, make_round, questionnaire, say
from tests.pages import fields, theme_url

ClientOf = Callable[[str], Client]
QUESTIONS = [question.id for question in questionnaire().theme(*THEME).questions]
FIRST, SECOND, THIRD = QUESTIONS[:3]


def send(client: Client, round_: Assessment, *cards: dict[str, object], **more: object) -> tuple[int, str]:
    """Sends the theme's form; a question without a card of its own comes as the empty page has it."""
    data: dict[str, object] = {"questionnaire": round_.questionnaire_id, **more}
    for question in QUESTIONS:
        data |= fields(question)
    for card in cards:
        data |= card
    response = client.post(theme_url(round_, FIRST), data)
    return response.status_code, html.unescape(response.content.decode())


def stored(round_: Assessment) -> dict[str, Content]:
    return {answer.question: answer.content for answer in round_.answers.all()}


def test_one_button_saves_all_questions_and_leads_on(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    cards = [fields(FIRST, choice="3", helps="yes"), fields(SECOND, choice="unknown")]
    cards += [fields(THIRD, choice="not_applicable", reason="Geen haven.", explanation="Zie de kaart.")]
    assert send(client_of("bram"), round_, *cards)[0] == 302
    assert stored(round_) == {
        FIRST: Content(3, helps="yes"),
        SECOND: Content(state="unknown"),
        THIRD: Content(None, "not_applicable", "Geen haven.", "Zie de kaart."),
    }


def test_questions_left_alone_are_not_stored(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], SECOND, level=2, explanation="Regel 1\nregel 2")
    untouched = fields(SECOND, 1, choice="2", explanation="Regel 1\r\nregel 2")
    assert send(client_of("bram"), round_, fields(FIRST, choice="1"), untouched)[0] == 302
    assert set(stored(round_)) == {FIRST, SECOND}
    assert AnswerRevision.objects.count() == 2


@pytest.mark.parametrize("button, there", [({}, False), ({"stay": "1"}, True)])
def test_the_second_button_stays_on_the_page(
    button: dict[str, str], there: bool, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram = make_round(cast), client_of("bram")
    data = {"questionnaire": round_.questionnaire_id, **fields(FIRST, choice="2"), **button}
    for question in QUESTIONS[1:]:
        data |= fields(question)
    response = bram.post(theme_url(round_, FIRST), data, follow=True)
    assert (response.redirect_chain[-1][0] == theme_url(round_, FIRST)) is there
    assert "is opgeslagen." in response.content.decode()


def test_the_last_theme_leads_to_the_overview(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    last = questionnaire().links[-1].themes[-1].questions
    data: dict[str, object] = {"questionnaire": round_.questionnaire_id}
    for question in last:
        data |= fields(question.id)
    response = client_of("bram").post(theme_url(round_, last[0].id), data)
    assert response.headers["Location"] == f"/rondes/{round_.pk}/vragen/"


# Faults


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"choice": "not_applicable"}, "Schrijf op waarom deze vraag niet van toepassing is."),
        ({"choice": "7"}, "Kies een van de antwoorden die bij deze vraag staan."),
        ({"choice": "2", "explanation": "y" * 4001}, "De tekst is te lang: 4001 tekens."),
        ({"choice": "2", "explanation": "a\x01b"}, "onleesbare tekens"),
    ],
    ids=str,
)
def test_a_fault_is_said_at_its_field_and_all_else_is_kept(
    wrong: dict[str, object], message: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    typed = {"explanation": '\nDit heb ik zelf getypt: 1 < 2 & "zo".'}
    cards = [
        fields(FIRST, choice="3", **typed),
        fields(SECOND, **{**typed, **wrong}),
        fields(THIRD, choice="1"),
    ]
    status, page = send(client_of("bram"), round_, *cards)
    assert status == 422
    assert page.count(message) >= 2  # in the summary and at the field
    assert f'href="#{SECOND}"' in page
    assert 'aria-invalid="true"' in page or "7" in wrong.values()
    assert page.count(f">\n{typed['explanation']}</textarea>") == (1 if "explanation" in wrong else 2)
    assert "De andere antwoorden van dit thema zijn bewaard." in page
    assert set(stored(round_)) == {FIRST, THIRD}


def test_after_a_fault_the_rest_can_be_sent_again(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    first = fields(FIRST, choice="3")
    assert send(bram, round_, first, fields(SECOND, choice="not_applicable"))[0] == 422
    good = fields(SECOND, choice="not_applicable", reason="Geen haven.")
    assert send(bram, round_, {**first, f"{FIRST}-version": 1}, good)[0] == 302
    assert set(stored(round_)) == {FIRST, SECOND} and AnswerRevision.objects.count() == 2


def test_a_closed_round_says_so_and_shows_what_was_typed(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    Assessment.objects.update(status=Status.CLOSED)
    status, page = send(client_of("bram"), round_, fields(FIRST, choice="3", explanation="Mijn werk."))
    assert status == 409 and "De ronde is intussen gesloten." in page
    assert "Mijn werk." in page
    assert stored(round_) == {}


def test_another_questionnaire_says_so_and_keeps_what_was_typed(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    card = fields(FIRST, choice="3", explanation="Mijn werk.")
    status, page = send(client_of("bram"), round_, card, questionnaire="0" * 64)
    assert status == 409 and "De vragenlijst is intussen vervangen." in page and "Mijn werk." in page
    assert stored(round_) == {}


# Two windows


def two_windows(cast: dict[str, User], bram: Client) -> tuple[Assessment, str]:
    """Bram sent an old page: the first question collides, the second does not."""
    round_ = make_round(cast)
    say(round_, cast["bram"], FIRST, level=1, explanation="Uit het andere venster.")
    cards = [fields(FIRST, choice="4", explanation="Uit dit venster."), fields(SECOND, choice="2")]
    status, page = send(bram, round_, *cards)
    assert status == 409
    return round_, page


def test_a_conflict_shows_both_values_and_saves_the_rest(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, page = two_windows(cast, client_of("bram"))
    assert "Uit het andere venster." in page and "Uit dit venster." in page
    assert f'name="{FIRST}-keep" value="mine"' in page and f'name="{FIRST}-keep" value="stored"' in page
    assert {question: content.level for question, content in stored(round_).items()} == {FIRST: 1, SECOND: 2}


@pytest.mark.parametrize("keep, level, revisions", [("mine", 4, 3), ("stored", 1, 2)])
def test_the_choice_in_a_conflict_is_followed(
    keep: str, level: int, revisions: int, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    round_, page = two_windows(cast, bram)
    assert f'name="{FIRST}-version" value="1"' in page
    mine = fields(FIRST, 1, choice="4", explanation="Uit dit venster.")
    assert send(bram, round_, mine, fields(SECOND, 1, choice="2"), **{f"{FIRST}-keep": keep})[0] == 302
    assert stored(round_)[FIRST].level == level
    assert AnswerRevision.objects.count() == revisions


def test_without_script_both_explanations_can_be_joined(cast: dict[str, User], client_of: ClientOf) -> None:
    bram = client_of("bram")
    round_, page = two_windows(cast, bram)
    assert f'name="{FIRST}-keep" value="join"' in page and "Door u, in een ander venster" in page
    mine = fields(FIRST, 1, choice="4", explanation="Uit dit venster.")
    for _ in range(2):  # sent again after a lost reply it joins nothing twice
        assert send(bram, round_, mine, fields(SECOND, 1, choice="2"), **{f"{FIRST}-keep": "join"})[0] == 302
    assert stored(round_)[FIRST] == Content(4, explanation="Uit dit venster.\n\nUit het andere venster.")
    assert AnswerRevision.objects.filter(answer__question=FIRST).count() == 2


def test_without_a_second_text_there_is_nothing_to_join(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], FIRST, level=1)
    page = send(client_of("bram"), round_, fields(FIRST, choice="4", explanation="Mijn tekst."))[1]
    assert f'name="{FIRST}-keep" value="stored"' in page and 'value="join"' not in page


# Colleagues


@pytest.mark.parametrize("minutes, hint", [(0, True), (9, True), (11, False)])
def test_the_page_says_who_works_in_this_theme_now(
    minutes: int, hint: bool, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    say(round_, cast["fatima"], SECOND, level=2)
    Answer.objects.update(saved_at=timezone.now() - timedelta(minutes=minutes))
    page = client_of("bram").get(theme_url(round_, FIRST)).content.decode()
    assert ("Fatima werkt nu ook in dit thema." in page) is hint
    elsewhere = questionnaire().links[-1].themes[-1].questions[0].id
    assert "werkt nu ook" not in client_of("bram").get(theme_url(round_, elsewhere)).content.decode()
    assert "werkt nu ook" not in client_of("fatima").get(theme_url(round_, FIRST)).content.decode()


def test_who_handed_in_or_cannot_go_on_does_not_work_here_now(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    say(round_, cast["fatima"], SECOND, level=2)
    round_.assignments.filter(user=cast["fatima"]).update(handed_in_at=timezone.now())
    assert "werkt nu ook" not in client_of("bram").get(theme_url(round_, FIRST)).content.decode()
    round_.assignments.update(handed_in_at=None)
    Assessment.objects.update(status=Status.CLOSED)
    assert "werkt nu ook" not in client_of("bram").get(theme_url(round_, FIRST)).content.decode()


def test_the_key_of_what_the_browser_keeps_is_ones_own(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    keys = []
    for person in ("bram", "bram", "fatima"):
        page = client_of(person).get(theme_url(round_, FIRST)).content.decode()
        keys += re.findall(r'data-keep-key="([0-9a-f]{64})"', page)
    assert keys[0] == keys[1] != keys[2]


# What the page shows


def test_the_page_shows_what_is_stored(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], FIRST, level=3, helps="partly", explanation="\nBegint leeg.")
    page = html.unescape(client_of("bram").get(theme_url(round_, FIRST)).content.decode())
    chosen = [tag for tag in page.split("<input")[1:] if " checked" in tag.split(">")[0]]
    assert len(chosen) == 2 and 'value="3"' in chosen[0] and 'value="partly"' in chosen[1]
    assert ">\n\nBegint leeg.</textarea>" in page  # the browser drops the first of these line ends
    assert "Opgeslagen op " in page


def test_nobody_sees_the_answers_of_a_colleague_here(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    make_answers(round_, cast["fatima"])
    page = client_of("bram").get(theme_url(round_, FIRST)).content.decode()
    assert "Ook gevraagd: Fatima." in page and "Zo is " not in page and " checked" not in page


def test_a_question_shows_all_that_answering_it_takes(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    page = html.unescape(client_of("bram").get(theme_url(round_, FIRST)).content.decode())
    question = questionnaire().question(FIRST)
    theme = questionnaire().theme(*THEME)
    for text in [question.text, *question.levels, *question.evidence, theme.why, theme.when_weak]:
        assert str(text) in page, text
    for words in ("Weet ik niet", "Niet van toepassing", "Helpt dit in de praktijk?", "Toelichting"):
        assert words in page
    for basis in question.legal_basis:
        assert f"{basis.law}, {basis.article}" in page


def test_not_occurred_is_offered_only_where_it_can_be(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    for question in questionnaire().questions:
        if question.cases_only or question.id == FIRST:
            page = client_of("bram").get(theme_url(round_, question.id)).content.decode()
            assert (f'id="id_{question.id}-choice_7"' in page) is question.cases_only, question.id


def test_a_closed_round_can_be_read_and_not_changed(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], FIRST, level=3, explanation="Mijn woorden.")
    Assessment.objects.update(status=Status.CLOSED)
    page = client_of("bram").get(theme_url(round_, FIRST)).content.decode()
    assert "Mijn woorden." in page and "<textarea" not in page and "data-autosave" not in page
