"""Saving one answer, the moment it is given: what is stored, what is refused, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from assessments.models import Answer, AnswerConflict, AnswerRevision, Assessment, Content
from assessments.status import Status
from chain.questionnaire import Question
from organisations.models import User
from tests.cast import make_round, questionnaire, say
from tests.pages import answer_url, fields

ClientOf = Callable[[str], Client]
ORDINARY = next(one.id for one in questionnaire().questions if not one.cases_only)
CASES_ONLY = next(one.id for one in questionnaire().questions if one.cases_only)


def post(client: Client, round_: Assessment, question: str = ORDINARY, **given: object) -> tuple[int, str]:
    """Saves as the script does; the status and the line beside the question."""
    digest = given.pop("questionnaire", round_.questionnaire_id)
    data = {"questionnaire": digest, **fields(question, **given)}
    response = client.post(answer_url(round_, question), data, headers={"HX-Request": "true"})
    return response.status_code, " ".join(response.content.decode().split())


def stored(round_: Assessment, question: str = ORDINARY) -> Content:
    return round_.answers.get(question=question).content


# What is stored


def test_an_answer_is_stored_with_its_first_version(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    status, line = post(client_of("bram"), round_, choice="3", helps="partly", explanation="Wij doen dit.")
    answer = round_.answers.get()
    assert status == 200 and "Opgeslagen om " in line and 'value="1"' in line
    assert answer.content == Content(3, "", "", "Wij doen dit.", "partly")
    assert (answer.version, answer.contributor) == (1, cast["bram"])


@pytest.mark.parametrize(
    "given, content",
    [
        ({"choice": "0"}, Content(level=0)),
        ({"choice": "4", "helps": "no"}, Content(level=4, helps="no")),
        ({"choice": "unknown"}, Content(state="unknown")),
        (
            {"choice": "not_applicable", "reason": "Geen haven."},
            Content(None, "not_applicable", "Geen haven."),
        ),
        ({"choice": "not_occurred"}, Content(state="not_occurred")),
        ({"explanation": "Ik zoek het nog uit."}, Content(explanation="Ik zoek het nog uit.")),
        ({"choice": "1", "helps": "yes"}, Content(level=1)),  # whether it helps is asked from level 2
        ({"choice": "2", "reason": "Vergeten."}, Content(level=2)),  # a reason belongs to not applicable
    ],
    ids=str,
)
def test_each_kind_of_answer_is_stored(
    given: dict[str, str], content: Content, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    assert post(client_of("bram"), round_, CASES_ONLY, **given)[0] == 200
    assert stored(round_, CASES_ONLY) == content


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("regel 1\r\nregel 2\rregel 3", "regel 1\nregel 2\nregel 3"),
        (
            "\n begint met een lege regel, eindigt met spaties  ",
            "\n begint met een lege regel, eindigt met spaties  ",
        ),
        ("klaar 👍🏽 naïef café ﷽", "klaar 👍🏽 naïef café ﷽"),
        ('<script>alert(1)</script> & "zo"', '<script>alert(1)</script> & "zo"'),
        ("\ttab mag", "\ttab mag"),
        ("é" * 4000, "é" * 4000),
        ("👍" * 4000, "👍" * 4000),
        ("a\r\n" * 2000, "a\n" * 2000),
    ],
    ids=["lines", "spaces", "emoji", "markup", "tab", "4000", "4000 emoji", "4000 with line ends"],
)
def test_a_text_is_kept_as_it_was_typed(
    typed: str, kept: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    assert post(client_of("bram"), round_, choice="2", explanation=typed)[0] == 200
    assert stored(round_).explanation == kept


def test_each_value_leaves_a_revision(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    post(bram, round_, choice="1")
    post(bram, round_, choice="3", version=1, helps="yes")
    status, line = post(bram, round_, version=2, explanation="Toch niet zeker.")
    assert status == 200 and 'value="3"' in line
    kept = [(one.version, one.content, one.actor.name) for one in round_.answers.get().revisions.all()]
    assert kept == [
        (1, Content(1), "Bram"),
        (2, Content(3, helps="yes"), "Bram"),
        (3, Content(explanation="Toch niet zeker."), "Bram"),
    ]


def test_sending_the_same_twice_is_acknowledged_and_stored_once(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram = make_round(cast), client_of("bram")
    first = post(bram, round_, choice="2", explanation="Zo.")
    again = post(bram, round_, choice="2", explanation="Zo.")  # the first reply was lost on the way
    assert first == again and again[0] == 200
    assert AnswerRevision.objects.count() == 1


def test_two_people_answer_the_same_question_side_by_side(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    assert post(client_of("bram"), round_, choice="1")[0] == 200
    assert post(client_of("fatima"), round_, choice="4")[0] == 200
    assert sorted(round_.answers.values_list("contributor__name", "level")) == [("Bram", 1), ("Fatima", 4)]


# Two windows on one answer


def test_an_older_version_gets_the_conflict_with_both_values(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram = make_round(cast), client_of("bram")
    say(round_, cast["bram"], ORDINARY, level=1)
    say(round_, cast["bram"], ORDINARY, 1, level=2, explanation="Uit het andere venster.")
    status, line = post(bram, round_, choice="4", version=1, explanation="Uit dit venster.")
    assert status == 409
    assert "Uit het andere venster." in line and "Uit dit venster." in line
    # What this window goes on sending stays about the version it showed, until the person chooses.
    assert f'name="{ORDINARY}-version" value="1"' in line and 'data-keep-mine data-version="2"' in line
    assert stored(round_) == Content(2, explanation="Uit het andere venster.")
    assert AnswerRevision.objects.count() == 2


def test_after_a_conflict_ones_own_value_can_be_kept(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    say(round_, cast["bram"], ORDINARY, level=1)
    assert post(bram, round_, choice="4")[0] == 409
    assert post(bram, round_, choice="4", version=1)[0] == 200
    assert stored(round_).level == 4


def test_after_a_conflict_the_stored_value_can_be_taken(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    say(round_, cast["bram"], ORDINARY, level=1, explanation="Dit staat er.")
    assert post(bram, round_, choice="4")[0] == 409
    card = bram.get(answer_url(round_, ORDINARY), headers={"HX-Request": "true"}).content.decode()
    assert "Dit staat er." in card and 'value="1"' in card
    assert stored(round_).level == 1


def test_a_version_from_the_future_is_a_conflict_too(cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], ORDINARY, level=1)
    with pytest.raises(AnswerConflict):
        say(round_, cast["bram"], ORDINARY, 7, level=2)


# Bad input: said at the field, and nothing stored

REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "level 5": ({"choice": "5"}, "Kies een van de antwoorden"),
    "level -1": ({"choice": "-1"}, "Kies een van de antwoorden"),
    "level 2.5": ({"choice": "2.5"}, "Kies een van de antwoorden"),
    "another script's digit": ({"choice": "٣"}, "Kies een van de antwoorden"),
    "unknown state": ({"choice": "unanswered"}, "Kies een van de antwoorden"),
    "state not allowed here": ({"choice": "not_occurred"}, "Kies een van de antwoorden"),
    "no reason": ({"choice": "not_applicable"}, "Schrijf op waarom deze vraag niet van toepassing is."),
    "reason of spaces": ({"choice": "not_applicable", "reason": " \n "}, "Schrijf op waarom deze vraag niet"),
    "4001 characters": ({"choice": "2", "explanation": "x" * 4001}, "De tekst is te lang: 4001 tekens."),
    "reason too long": ({"choice": "not_applicable", "reason": "x" * 4001}, "De tekst is te lang"),
    "NUL": ({"choice": "2", "explanation": "a\x00b"}, "onleesbare tekens"),
    "escape": ({"choice": "2", "explanation": "a\x1b[31mb"}, "onleesbare tekens"),
    "C1 control": ({"choice": "2", "explanation": "a\x85b"}, "onleesbare tekens"),
    "control in reason": ({"choice": "not_applicable", "reason": "a\x07b"}, "onleesbare tekens"),
    "unknown help": ({"choice": "3", "helps": "maybe"}, "Selecteer een geldige keuze"),
    "version of no number": ({"choice": "3", "version": "x"}, "Nog niet opgeslagen."),
    "version below zero": ({"choice": "3", "version": "-1"}, "Nog niet opgeslagen."),
    "no version": ({"choice": "3", "version": ""}, "Nog niet opgeslagen."),
    "version beyond counting": ({"choice": "3", "version": "9" * 30}, "Nog niet opgeslagen."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_words_and_nothing_is_stored(
    case: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    given, message = REFUSED[case]
    round_ = make_round(cast)
    say(round_, cast["bram"], ORDINARY, level=1, explanation="Dit stond er.")
    status, line = post(client_of("bram"), round_, ORDINARY, **{"version": 1, **given})
    assert (status, message in line) == (422, True), line
    assert stored(round_) == Content(1, explanation="Dit stond er.")
    assert AnswerRevision.objects.count() == 1


def test_a_round_that_is_closed_refuses_in_words(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.CLOSED)
    status, line = post(client_of("bram"), round_, choice="2")
    assert status == 409 and "De ronde is intussen gesloten. Dit antwoord is niet opgeslagen." in line
    assert not Answer.objects.exists()


@pytest.mark.parametrize("digest", ["", "0" * 64, None])
def test_an_answer_to_another_version_of_the_questionnaire_is_refused(
    digest: str | None, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    data = fields(ORDINARY, choice="2") | ({} if digest is None else {"questionnaire": digest})
    response = client_of("bram").post(answer_url(round_, ORDINARY), data)
    assert (
        response.status_code == 409 and "De vragenlijst is intussen vervangen." in response.content.decode()
    )
    assert not Answer.objects.exists()


def _elsewhere(question: Question) -> str:
    """The address of a question, as if it belonged to another theme."""
    link = questionnaire().link_of(question.id)
    other = next(theme for theme in link.themes if question not in theme.questions)
    return f"{link.slug}/{other.slug}/{question.id}"


@pytest.mark.parametrize(
    "address",
    [
        "pro-actie/richting-en-voorbeeld/PA-99",
        "pro-actie/richting-en-voorbeeld/pa-01",
        "pro-actie/onzin/PA-01",
        "onzin/richting-en-voorbeeld/PA-01",
        "pro-actie/richting-en-voorbeeld/%00",
        _elsewhere(questionnaire().question(ORDINARY)),
    ],
)
def test_a_question_that_is_not_there_is_not_found(
    address: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    data = {"questionnaire": round_.questionnaire_id, **fields(ORDINARY, choice="2")}
    assert client_of("bram").post(f"/rondes/{round_.pk}/vragen/{address}/", data).status_code == 404
    assert not Answer.objects.exists()


@pytest.mark.parametrize("pk", ["0", "999999999", "9" * 30])
def test_a_round_that_is_not_there_is_not_found(pk: str, client_of: ClientOf) -> None:
    for page in (
        "",
        "vragen/",
        "vragen/pro-actie/richting-en-voorbeeld/PA-01/",
        "status/open/",
        "resultaat/",
    ):
        assert client_of("bram").get(f"/rondes/{pk}/{page}").status_code == 404, page


def test_a_theme_given_to_somebody_else_cannot_be_answered(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("fatima",))
    assert post(client_of("bram"), round_, choice="2")[0] == 404
    assert not Answer.objects.exists()


def test_a_round_of_another_organisation_cannot_be_answered(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, organisation="hoogezand", leader="chris", people=("chris", "bram"))
    assert post(client_of("bram"), round_, choice="2")[0] == 404
    assert not Answer.objects.exists()


# What the database itself refuses


@pytest.mark.parametrize(
    "columns",
    [
        {"level": 5},
        {"level": 2, "state": "unknown"},
        {"state": "unanswered"},
        {"state": "not_applicable"},
        {"level": 1, "helps": "yes"},
        {"state": "unknown", "helps": "yes"},
        {"level": 3, "helps": "maybe"},
    ],
    ids=str,
)
def test_the_database_keeps_no_answer_that_cannot_be(
    columns: dict[str, object], cast: dict[str, User]
) -> None:
    round_ = make_round(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        say(round_, cast["bram"], ORDINARY, 0, **columns)
    assert not Answer.objects.exists()
