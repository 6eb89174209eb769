"""Two people at one round: neither undoes the other's work, and nothing that was told disappears."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from assessments.models import (
    AgreedLevel,
    Answer,
    Assessment,
    Assignment,
    EvidencedLevel,
    JudgementRefused,
    JudgementRevision,
    StepRefused,
)
from assessments.status import Status
from organisations.models import Membership, User
from organisations.roles import Role
from tests.cast import THEME, bring_to, make_adopted, make_answers, make_round

ClientOf = Callable[[str], Client]
QUESTION = "PA-01"


@pytest.fixture
def judged(cast: dict[str, User]) -> Assessment:
    """A round in validation in which Bram said level 3 everywhere."""
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], level=3)
    bring_to(round_, Status.VALIDATION, cast["anna"])
    return round_


def test_evidence_is_held_against_the_level_as_it_is_now(cast: dict[str, User], judged: Assessment) -> None:
    AgreedLevel.record(judged, QUESTION, 1, "Samen besproken.", cast["anna"])
    with pytest.raises(JudgementRefused, match="niet meer laten zien dan het niveau zelf: 1"):
        EvidencedLevel.record(judged, QUESTION, 3, "", cast["vera"])
    assert judged.results()["questions"][0]["claimed"] == 1


def test_an_agreement_below_the_evidence_is_refused(cast: dict[str, User], judged: Assessment) -> None:
    EvidencedLevel.record(judged, QUESTION, 3, "Gezien.", cast["vera"])
    with pytest.raises(JudgementRefused, match="bewijs voor niveau 3"):
        AgreedLevel.record(judged, QUESTION, 2, "Toch lager.", cast["anna"])


def test_a_page_that_was_open_while_the_round_was_adopted_judges_nothing(
    cast: dict[str, User], judged: Assessment
) -> None:
    opened_earlier = Assessment.objects.get(pk=judged.pk)
    bring_to(judged, Status.ADOPTED, cast["anna"])
    with pytest.raises(JudgementRefused, match="in validatie"):
        EvidencedLevel.record(opened_earlier, QUESTION, 2, "", cast["vera"])
    with pytest.raises(JudgementRefused, match="in validatie"):
        AgreedLevel.record(opened_earlier, QUESTION, 2, "Te laat.", cast["anna"])


def test_every_judgement_stays_in_the_history(cast: dict[str, User], judged: Assessment) -> None:
    EvidencedLevel.record(judged, QUESTION, 3, "Eerst.", cast["vera"])
    EvidencedLevel.record(judged, QUESTION, 2, "Beter gekeken.", cast["vera"])
    AgreedLevel.record(judged, QUESTION, 3, "Besproken.", cast["anna"])
    kept = JudgementRevision.objects.values_list("kind", "level", "words", "by__name")
    assert list(kept) == [
        ("evidencedlevel", 3, "Eerst.", "Vera"),
        ("evidencedlevel", 2, "Beter gekeken.", "Vera"),
        ("agreedlevel", 3, "Besproken.", "Anna"),
    ]
    assert EvidencedLevel.objects.get().level == 2


def test_an_agreement_needs_its_reason_at_the_field(
    cast: dict[str, User], judged: Assessment, client_of: ClientOf
) -> None:
    page = client_of("anna").post(
        f"/rondes/{judged.pk}/bewijs/{QUESTION}/",
        {"which": "agreed", "agreed-level": "2", "agreed-words": ""},
    )
    assert page.status_code == 422
    assert "Schrijf hier iets op." in page.content.decode()
    assert not AgreedLevel.objects.exists()


def test_what_a_minority_thinks_is_kept_beside_the_agreement_and_in_its_history(
    cast: dict[str, User], judged: Assessment, client_of: ClientOf
) -> None:
    anna, address = client_of("anna"), f"/rondes/{judged.pk}/bewijs/{QUESTION}/"
    sent = {"which": "agreed", "agreed-level": "2", "agreed-words": "Besproken."}
    anna.post(address, sent | {"agreed-minority": " Het is <eigenlijk> 3. "})
    assert AgreedLevel.objects.get().minority == "Het is <eigenlijk> 3."
    page = anna.get(address).content.decode()
    assert page.count("Het is &lt;eigenlijk&gt; 3.") == 2, "as it was agreed, and in the form to change it"
    anna.post(address, sent | {"agreed-level": "3", "agreed-minority": ""})
    assert AgreedLevel.objects.get().minority == ""
    kept = JudgementRevision.objects.values_list("level", "minority")
    assert list(kept) == [(2, "Het is <eigenlijk> 3."), (3, "")]
    life = client_of("vera").get(f"{address}verloop/").content.decode()
    assert "Een minderheid vindt" in life and "Het is &lt;eigenlijk&gt; 3." in life
    assert Answer.objects.get(question=QUESTION).level == 3, "what Bram said stays"


def test_the_validator_is_offered_no_level_above_the_claimed_one(
    judged: Assessment, client_of: ClientOf
) -> None:
    page = client_of("vera").get(f"/rondes/{judged.pk}/bewijs/{QUESTION}/").content.decode()
    assert 'name="evidenced-level" value="3"' in page
    assert 'name="evidenced-level" value="4"' not in page


def test_changing_a_name_does_not_open_what_was_closed_meanwhile(cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    opened_earlier = Assessment.objects.get(pk=round_.pk)
    bring_to(round_, Status.CLOSED, cast["anna"])
    with pytest.raises(StepRefused, match="gesloten"):
        opened_earlier.change(title="Hermeting")
    assert Assessment.objects.get().status == Status.CLOSED
    assert Assessment.objects.get().title == "Jaarronde"


def test_a_delegation_that_changed_meanwhile_is_not_overwritten(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.DRAFT, people=())
    shown = round_.delegation()
    round_.delegate({THEME: {cast["bram"].pk}}, shown)
    page = client_of("anna").post(
        f"/rondes/{round_.pk}/verdeling/", {"shown": shown, "/".join(THEME): [cast["fatima"].pk]}
    )
    assert "Iemand anders heeft de verdeling intussen veranderd." in page.content.decode()
    assert [one.user.name for one in Assignment.objects.all()] == ["Bram"]


def test_who_is_no_contributor_any_more_is_named_and_does_not_count(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.DRAFT)
    assert round_.facts().themes_without_people == 0
    Membership.objects.get(user=cast["bram"]).set_roles([Role.EXECUTIVE])
    assert round_.facts().themes_without_people == 28
    page = client_of("anna").get(f"/rondes/{round_.pk}/verdeling/").content.decode()
    assert "Bram (geen functionaris meer)" in page


def test_a_report_that_was_told_stays_to_be_read_after_withdrawing(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    step = round_.step_to(Status.WITHDRAWN, cast["anna"])
    assert step and "Het verslag blijft te lezen" in step.consequence
    round_.take(step, cast["anna"], "Er zat een fout in de vragenlijst.")
    adoption = round_.adoptions.get()
    page = client_of("greet").get(f"/verslagen/{adoption.pk}/")
    assert page.status_code == 200
    assert "Er zat een fout in de vragenlijst." in page.content.decode()
    frozen = client_of("anna").get(f"/rondes/{round_.pk}/resultaat/").content.decode()
    assert "Dit is de stand van nu" not in frozen


def test_home_counts_questions_and_not_rounds(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    make_answers(round_, cast["bram"], questions=["PA-01", "PA-10", "PV-01"])
    make_answers(round_, cast["fatima"], questions=["PA-01"])
    assert "3 van de 82 vragen beantwoord" in client_of("anna").get("/").content.decode()


def test_a_form_sent_after_the_session_ended_gives_back_what_was_typed(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    text = "Wij bespreken dit elk jaar <met> het team."
    address = f"/rondes/{round_.pk}/vragen/{THEME[0]}/{THEME[1]}/"
    page = Client().post(address, {"PA-01-explanation": text, "csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 401
    assert "Wij bespreken dit elk jaar &lt;met&gt; het team." in page.content.decode()
    assert "x" * 32 not in page.content.decode()


def test_a_form_with_an_old_token_gives_back_what_was_typed(cast: dict[str, User]) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(
        "/account/login/", {"login": "bram@waterrijk.example", "password": "geheim en lang genoeg"}
    )
    assert page.status_code == 403
    assert "Deze pagina was verlopen" in page.content.decode()
    assert "geheim en lang genoeg" not in page.content.decode()
