"""Working without a connection: a workbook is read back with a preview, and stored once one confirms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assessments.delegating.proposals import MAX_SENT
from assessments.models import Answer, AnswerRevision, Assessment, Assignment, SentBack
from assessments.offline.workbook.layout import ANSWER, EXPLANATION, HELPS_HERE, REASON
from assessments.status import Status
from organisations.models import User
from tests.cast import THEME, bring_to, make_guest, make_round, say
from tests.test_queries import statements
from tests.workbooks import cell, closed, downloaded, fact, filled, hidden, opened, page, sent

ClientOf = Callable[[str], Client]
GONE = {ANSWER: "", EXPLANATION: ""}


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def confirm(client: Client, round_: Assessment, preview: HttpResponse, **chosen: str) -> HttpResponse:
    response = client.post(page("read_back", round_), hidden(preview) | chosen)
    assert isinstance(response, HttpResponse)
    return response


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def groups(response: HttpResponse) -> dict[str, list[str]]:
    """Per group of the preview the questions in it."""
    context: Any = response.context  # type: ignore[attr-defined]  # which the test's client adds
    return {fate.name: [one.question.id for one in ones] for fate, ones in context["groups"]}


def stored(user: User, question: str) -> Answer:
    return Answer.objects.get(contributor=user, question=question)


# There and back


def test_what_is_filled_in_is_shown_first_and_stored_once_confirmed(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    say(round_, cast["bram"], "PA-02", level=1, explanation="Zo was het.")
    typed: dict[str, dict[str, object]] = {
        "PA-01": {ANSWER: "3 Gedaan", HELPS_HERE: "deels", EXPLANATION: "=1+1 is hier tekst\n\nen meer"},
        "PA-02": {ANSWER: 2},
        "PA-03": {ANSWER: "niet van toepassing", REASON: "Dat hebben wij niet."},
    }
    book = filled(downloaded(bram, round_), typed)
    reopened = opened(book)
    cell(reopened, "PA-01", EXPLANATION).data_type = "s"  # as typed in a cell for text
    preview = sent(bram, round_, closed(reopened))
    assert preview.status_code == 200
    assert groups(preview) == {"NEW": ["PA-01", "PA-03"], "CHANGED": ["PA-02"]}
    assert "79 vragen zijn niet veranderd" in text(preview) and "Er is nog niets opgeslagen." in text(preview)
    assert (Answer.objects.count(), AnswerRevision.objects.count()) == (1, 1)
    assert confirm(bram, round_, preview).status_code == 302
    found = {one.question: one.content for one in Answer.objects.all()}
    assert (found["PA-01"].level, found["PA-01"].helps) == (3, "partly")
    assert found["PA-01"].explanation == "=1+1 is hier tekst\n\nen meer"
    assert (found["PA-02"].level, found["PA-02"].explanation) == (2, "Zo was het.")
    assert (found["PA-03"].state, found["PA-03"].reason) == ("not_applicable", "Dat hebben wij niet.")
    assert (
        "3 antwoorden zijn uit het werkblad opgeslagen."
        in bram.get(page("questions", round_)).content.decode()
    )


def test_a_workbook_that_nobody_touched_changes_nothing(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    say(round_, cast["bram"], "PA-01", level=4, explanation=" met spaties \n", helps="no")
    book = downloaded(bram, round_)
    say(round_, cast["bram"], "PA-01", 1, level=0)
    say(round_, cast["bram"], "PA-02", level=0)
    preview = sent(bram, round_, book)
    assert groups(preview) == {} and "staat niets dat kan worden opgeslagen" in text(preview)
    assert "Sla dit op" not in text(preview)


def test_a_long_text_and_lines_come_through_the_preview_as_they_were(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram, long = client_of("bram"), ('\nRegel <één> & "twee" 👍\t\n' * 200)[:4000]
    book = filled(downloaded(bram, round_), {"PA-01": {ANSWER: "1 Soms", EXPLANATION: long}})
    confirm(bram, round_, sent(bram, round_, book))
    assert stored(cast["bram"], "PA-01").explanation == long


def test_an_emptied_cell_is_a_change_too(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    say(round_, cast["bram"], "PA-01", level=2, explanation="Weg.")
    preview = sent(bram, round_, filled(downloaded(bram, round_), {"PA-01": GONE}))
    assert groups(preview) == {"CHANGED": ["PA-01"]}
    confirm(bram, round_, preview)
    assert not stored(cast["bram"], "PA-01").content.is_answer


# Two versions of one answer


@pytest.fixture
def conflicting(round_: Assessment, cast: dict[str, User], client_of: ClientOf) -> HttpResponse:
    """The preview of a workbook after the same answer was changed in the portal."""
    bram = client_of("bram")
    say(round_, cast["bram"], "PA-01", level=1, explanation="Eerst.")
    book = filled(downloaded(bram, round_), {"PA-01": {EXPLANATION: "Uit het werkblad."}})
    say(round_, cast["bram"], "PA-01", 1, level=2, explanation="Uit het portaal.")
    return sent(bram, round_, book)


def test_a_conflict_shows_both_and_keeps_what_is_stored_unless_one_chooses(
    conflicting: HttpResponse, round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    assert groups(conflicting) == {"CONFLICT": ["PA-01"]}
    assert "Uit het werkblad." in text(conflicting) and "Uit het portaal." in text(conflicting)
    assert confirm(client_of("bram"), round_, conflicting).status_code == 302
    assert stored(cast["bram"], "PA-01").explanation == "Uit het portaal."


def test_the_closing_message_counts_what_was_saved_kept_and_refused(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    typed: dict[str, dict[str, object]] = {one: {ANSWER: 2} for one in ("PA-01", "PA-02", "PA-03")}
    book = filled(downloaded(bram, round_), {**typed, "PA-04": {ANSWER: "soms wel"}})
    say(round_, cast["bram"], "PA-01", level=4)
    preview = sent(bram, round_, book)
    assert confirm(bram, round_, preview).status_code == 302
    assert (
        "2 antwoorden zijn uit het werkblad opgeslagen. Bij 1 vraag blijft staan wat in het portaal staat. "
        "1 vraag uit het werkblad kon niet worden overgenomen."
    ) in text(bram.get(page("questions", round_)))  # type: ignore[arg-type]
    confirm(bram, round_, sent(bram, round_, book), refused="2")
    said = text(bram.get(page("questions", round_)))  # type: ignore[arg-type]
    assert "Er is niets veranderd. Bij 1 vraag blijft staan" in said
    assert "2 vragen uit het werkblad konden niet worden overgenomen." in said


def test_a_confirmation_that_fails_in_part_says_what_was_kept_too(
    conflicting: HttpResponse, round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    more = {"PA-02-version": "0", "PA-02-choice": "9"}
    again = confirm(client_of("bram"), round_, conflicting, **more)
    assert again.status_code == 409 and "Bij 1 vraag blijft staan wat in het portaal staat." in text(again)


def test_who_chooses_the_workbook_in_a_conflict_gets_that(
    conflicting: HttpResponse, round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    confirm(client_of("bram"), round_, conflicting, **{"PA-01-keep": "mine"})
    assert stored(cast["bram"], "PA-01").explanation == "Uit het werkblad."
    assert AnswerRevision.objects.count() == 3


def test_the_same_on_both_sides_is_no_conflict(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    book = filled(downloaded(bram, round_), {"PA-01": {ANSWER: 2}})
    say(round_, cast["bram"], "PA-01", level=2)
    assert groups(sent(bram, round_, book)) == {}


def test_a_change_between_preview_and_confirming_is_a_conflict_again(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    preview = sent(
        bram, round_, filled(downloaded(bram, round_), {"PA-01": {ANSWER: 2}, "PA-02": {ANSWER: 3}})
    )
    say(round_, cast["bram"], "PA-01", level=4)
    again = confirm(bram, round_, preview)
    assert again.status_code == 409 and groups(again) == {"CONFLICT": ["PA-01"]}
    assert "1 antwoord is opgeslagen." in text(again)
    assert (stored(cast["bram"], "PA-01").level, stored(cast["bram"], "PA-02").level) == (4, 3)
    assert confirm(bram, round_, again, **{"PA-01-keep": "mine"}).status_code == 302
    assert stored(cast["bram"], "PA-01").level == 2


# What is not taken over


@pytest.mark.parametrize(
    "typed, said",
    [
        ({ANSWER: "soms wel"}, "Het antwoord “soms wel” kennen wij niet."),
        ({ANSWER: "niet voorgekomen"}, "Het antwoord “niet voorgekomen” kennen wij niet."),
        ({ANSWER: "3", HELPS_HERE: "een beetje"}, "Bij Helpt dit? staat “een beetje”."),
        ({ANSWER: "niet van toepassing"}, "Schrijf op waarom deze vraag niet van toepassing is."),
        ({ANSWER: "3", EXPLANATION: "=A1"}, "In de kolom Toelichting staat een formule."),
        ({ANSWER: "3", EXPLANATION: "a" * 4001}, "De tekst is te lang: 4001 tekens."),
    ],
)
def test_a_fault_is_said_at_its_question_and_the_rest_goes_on(
    round_: Assessment, client_of: ClientOf, typed: dict[str, object], said: str
) -> None:
    bram = client_of("bram")
    preview = sent(bram, round_, filled(downloaded(bram, round_), {"PA-01": typed, "PA-02": {ANSWER: 1}}))
    assert groups(preview) == {"NEW": ["PA-02"], "REFUSED": ["PA-01"]}
    assert said in text(preview)
    confirm(bram, round_, preview)
    assert [one.question for one in Answer.objects.all()] == ["PA-02"]


def test_what_belongs_to_another_choice_is_said_to_be_left_out(
    round_: Assessment, client_of: ClientOf
) -> None:
    bram = client_of("bram")
    book = filled(downloaded(bram, round_), {"PA-01": {ANSWER: 1, REASON: "Omdat.", HELPS_HERE: "ja"}})
    said = text(sent(bram, round_, book))
    assert "Wordt niet overgenomen: de reden (hoort bij niet van toepassing) en of het helpt" in said


def taken_away(round_: Assessment, cast: dict[str, User]) -> None:
    Assignment.objects.filter(link=THEME[0], theme=THEME[1]).delete()


def handed_in(round_: Assessment, cast: dict[str, User]) -> None:
    Assignment.objects.filter(link=THEME[0], theme=THEME[1]).update(handed_in_at=timezone.now())


def waiting(round_: Assessment, cast: dict[str, User]) -> None:
    mine = Assignment.objects.filter(link=THEME[0], theme=THEME[1])
    mine.update(turn=2)
    Assignment.objects.create(assessment=round_, link=THEME[0], theme=THEME[1], user=cast["fatima"])


REFUSALS = [
    (taken_away, "niet meer aan u gesteld"),
    (handed_in, "U hebt deze vraag al ingediend."),
    (waiting, "nog niet aan de beurt"),
]


@pytest.mark.parametrize("what, said", REFUSALS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_question_that_is_not_ones_own_to_answer_now_is_refused_with_the_reason(
    round_: Assessment,
    cast: dict[str, User],
    client_of: ClientOf,
    what: Callable[[Assessment, dict[str, User]], None],
    said: str,
) -> None:
    bram = client_of("bram")
    book = filled(
        downloaded(bram, round_), {"PA-01": {ANSWER: 2, EXPLANATION: "Getypt."}, "PV-01": {ANSWER: 2}}
    )
    early = sent(bram, round_, book)
    what(round_, cast)
    preview = sent(bram, round_, book)
    assert groups(preview) == {"NEW": ["PV-01"], "REFUSED": ["PA-01"]}
    assert said in text(preview) and "Getypt." in text(preview)
    late = confirm(bram, round_, early)  # the preview came before
    assert late.status_code == 409 and groups(late) == {"REFUSED": ["PA-01"]} and said in text(late)
    assert [one.question for one in Answer.objects.all()] == ["PV-01"]


def test_a_round_that_closed_takes_nothing_and_says_so(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    book = filled(downloaded(bram, round_), {"PA-01": {ANSWER: 2}})
    early = sent(bram, round_, book)
    bring_to(round_, Status.CLOSED, cast["anna"])
    assert "Deze ronde is gesloten." in text(sent(bram, round_, book))
    assert "Deze ronde is gesloten." in text(confirm(bram, round_, early))
    assert not Answer.objects.exists()
    assert 'type="file"' not in text(bram.get(page("offline", round_)))  # type: ignore[arg-type]


def test_in_validation_only_what_was_sent_back_is_taken(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    book = filled(downloaded(bram, round_), {"PA-01": {ANSWER: 2}, "PA-02": {ANSWER: 2}})
    bring_to(round_, Status.VALIDATION, cast["anna"])
    SentBack.objects.create(
        assessment=round_, question="PA-01", contributor=cast["bram"], text="Waarom?", by=cast["vera"]
    )
    preview = sent(bram, round_, book)
    assert groups(preview) == {"NEW": ["PA-01"], "REFUSED": ["PA-02"]}
    confirm(bram, round_, preview)
    assert stored(cast["bram"], "PA-01").level == 2


# Whose workbook it is


def test_a_workbook_of_another_round_is_refused_by_name(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    other, bram = make_round(cast, year=2025), client_of("bram")
    response = sent(bram, round_, filled(downloaded(bram, other), {"PA-01": {ANSWER: 2}}))
    assert response.status_code == 422
    said = "Dit werkblad hoort bij Jaarronde 2025 van Gemeente Waterrijk. U bent nu in Jaarronde 2026"
    assert said in text(response)


def test_a_workbook_of_another_version_or_track_is_refused(round_: Assessment, client_of: ClientOf) -> None:
    bram = client_of("bram")
    book = downloaded(bram, round_)
    other = fact(fact(book, "digest", "0" * 64), "version", "2019.1")
    response = sent(bram, round_, other)
    assert response.status_code == 422 and "een andere vragenlijst: versie 2019.1." in text(response)
    assert sent(bram, round_, fact(book, "track", "light")).status_code == 422


def test_a_workbook_of_somebody_else_is_refused_without_a_name(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    response = sent(client_of("fatima"), round_, downloaded(client_of("bram"), round_))
    assert response.status_code == 422
    assert "Dit werkblad is voor iemand anders gemaakt." in text(response) and "Bram" not in text(response)


def test_nothing_and_something_else_is_refused_where_one_chose_it(
    round_: Assessment, client_of: ClientOf
) -> None:
    bram = client_of("bram")
    for content, said in [
        (b"", "Het bestand is leeg."),
        (b"PK\x03\x04", "beschadigd"),
        (b"abc", "nemen wij niet aan"),
    ]:
        response = sent(bram, round_, content)
        assert response.status_code == 422 and said in text(response)
    assert "Kies uw werkblad." in text(bram.post(page("read_back", round_)))  # type: ignore[arg-type]


def test_a_confirmation_for_another_questionnaire_stores_nothing(
    round_: Assessment, client_of: ClientOf
) -> None:
    bram = client_of("bram")
    preview = sent(bram, round_, filled(downloaded(bram, round_), {"PA-01": {ANSWER: 2}}))
    assert confirm(bram, round_, preview, questionnaire="0" * 64).url == page("offline", round_)  # type: ignore[attr-defined]
    assert not Answer.objects.exists()


@pytest.mark.parametrize("tampered", [{"PA-01-choice": "9"}, {"PA-01-version": "-1"}, {"PA-01-version": "x"}])
def test_what_was_tampered_with_after_the_preview_is_refused(
    round_: Assessment, client_of: ClientOf, tampered: dict[str, str]
) -> None:
    bram = client_of("bram")
    preview = sent(bram, round_, filled(downloaded(bram, round_), {"PA-01": {ANSWER: 2}}))
    assert confirm(bram, round_, preview, **tampered).status_code == 409
    assert not Answer.objects.exists()


# Which questions, and for whom


def test_a_workbook_of_one_link_has_only_that(round_: Assessment, client_of: ClientOf) -> None:
    bram = client_of("bram")
    book = opened(downloaded(bram, round_, schakel="nazorg"))
    assert book.sheetnames == ["Uitleg", "Nazorg", "Gegevens"]
    assert bram.get(page("workbook", round_), {"schakel": "bestaat-niet"}).status_code == 404


def test_somebody_with_one_question_gets_that_one(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    Assignment.objects.create(
        assessment=round_, link=THEME[0], theme=THEME[1], question="PA-10", user=cast["fatima"]
    )
    book = opened(downloaded(client_of("fatima"), round_))
    assert [row[0].value for row in book["Pro-actie"].iter_rows(2)] == ["PA-10"]


def test_a_guest_takes_the_question_along_and_reads_it_back(round_: Assessment) -> None:
    given, token = make_guest(round_)
    guest = Client()
    guest.post(f"/gast/{token}/")
    assert page("offline", round_) in text(guest.get(page("questions", round_)))  # type: ignore[arg-type]
    book = filled(downloaded(guest, round_), {"PA-01": {ANSWER: "3 Gedaan"}})
    preview = sent(guest, round_, book)
    assert groups(preview) == {"NEW": ["PA-01"]}
    assert confirm(guest, round_, preview).status_code == 302
    assert stored(given.user, "PA-01").level == 3


def test_the_coordinator_downloads_for_who_is_asked_something_and_that_person_reads_it_back(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    say(round_, cast["bram"], "PA-01", level=1)
    anna = client_of("anna")
    book = downloaded(anna, round_, persoon=str(cast["bram"].pk))
    assert cell(opened(book), "PA-01", ANSWER).value == "1 Soms"
    assert groups(sent(client_of("bram"), round_, filled(book, {"PA-01": {ANSWER: 2}}))) == {
        "CHANGED": ["PA-01"]
    }
    for person in (cast["fatima"].pk, "x", "9" * 30, "-1", 0):
        assert anna.get(page("workbook", round_), {"persoon": person}).status_code == 404
    for name in ("bram", "vera", "chris"):
        asked = {"persoon": cast["bram"].pk}
        assert client_of(name).get(page("workbook", round_), asked).status_code == 404


def test_more_than_one_form_can_send_is_confirmed_in_parts(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram, big = client_of("bram"), "👍" * 4000
    typed = {one.id: {ANSWER: 2, EXPLANATION: big} for one in round_.content.questions}
    book = filled(downloaded(bram, round_), typed)
    for _ in range(-(-len(typed) // (MAX_SENT // (4 * 4000)))):
        preview = sent(bram, round_, book)
        assert confirm(bram, round_, preview).status_code == 302
    assert groups(sent(bram, round_, book)) == {}
    assert set(Answer.objects.values_list("explanation", flat=True)) == {big}
    assert Answer.objects.count() == len(typed)


def test_the_page_for_reading_back_is_reached_by_its_form_only(
    round_: Assessment, client_of: ClientOf
) -> None:
    response = client_of("bram").get(page("read_back", round_))
    assert response.status_code == 302 and response.headers["Location"] == page("offline", round_)


# What it costs, and what looks along


def test_a_preview_asks_for_the_desk_and_what_the_workbook_was_made_from(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    for question in ("PA-01", "PA-02", "PA-03"):
        say(round_, cast["bram"], question, level=1)
    typed = {question: {ANSWER: 2} for question in ("PA-01", "PA-02", "PA-04")}
    book = filled(downloaded(bram, round_), typed)
    file = SimpleUploadedFile("vragen.xlsx", book)
    asked = statements(lambda: bram.post(page("read_back", round_), {"file": file}))
    assert len(asked) == 7, "\n".join(asked)  # session, user, desk, answers, revisions; two for the frame
    preview = sent(bram, round_, book)
    asked = statements(lambda: bram.post(page("read_back", round_), hidden(preview)), 302)
    assert len(asked) == 4 + 2 * len(typed), "\n".join(asked)


def test_without_an_answer_of_the_virus_scanner_nothing_is_read(
    round_: Assessment, client_of: ClientOf, settings: Settings
) -> None:
    bram = client_of("bram")
    book = downloaded(bram, round_)
    settings.CLAMAV_SOCKET = "/bestaat/niet"
    response = sent(bram, round_, book)
    assert response.status_code == 422 and "De virusscanner geeft geen antwoord." in text(response)
