"""The confidential annex: who answered and what they explained, frozen with the results, for few to read."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.annex import IMPOSED, grounds
from assessments.models import (
    Adoption,
    AgreedLevel,
    Annex,
    Answer,
    Assessment,
    EvidencedLevel,
    Meeting,
    Sample,
    Thread,
)
from assessments.status import Status
from chain.documents import digest
from organisations.models import Membership, Organisation, User
from reports.annex import AnnexPaper
from reports.models import report_of
from tests.cast import bring_to, make_answers, make_guest, make_round

ClientOf = Callable[[str], Client]


def make_judged(cast: dict[str, User]) -> Assessment:
    """A round with two people, a guest, a meeting, an agreement, a sample and a note of the validator."""
    Membership.objects.filter(user=cast["bram"]).update(job="Bedrijfsjurist", functions=["JUR"])
    round_ = make_round(cast, people=("bram", "fatima"))
    guest, _ = make_guest(round_)
    make_answers(round_, cast["bram"])
    make_answers(round_, cast["fatima"], 3, ["PA-01", "NZ-01"])
    make_answers(round_, guest.user, 1, ["PA-01"])
    Answer.objects.filter(question="PA-02", contributor=cast["bram"]).update(
        level=None, state="not_applicable", reason="Dat speelt hier niet."
    )
    bring_to(round_, Status.VALIDATION, cast["anna"])
    meeting = Meeting.begin(round_, "pro-actie", [cast["bram"]], chair=cast["anna"], others="Piet van buiten")
    AgreedLevel.record(round_, "PA-01", 2, "Zo is het.", cast["anna"], minority="Het is minder.")
    meeting.end("Volgende keer eerder.")
    EvidencedLevel.record(round_, "NZ-01", 1, "Het stuk is oud.", cast["vera"])
    Sample.draw(round_, 1, cast["vera"])
    return round_


@pytest.fixture
def adoption(cast: dict[str, User]) -> Adoption:
    round_ = make_judged(cast)
    bring_to(round_, Status.ADOPTED, cast["anna"])
    return round_.adoptions.get()


def paper(adoption: Adoption) -> AnnexPaper:
    return AnnexPaper.of(report_of(adoption), adoption.annex.frozen(), adoption.annex.digest)


def test_it_is_frozen_with_the_results_and_names_them(adoption: Adoption) -> None:
    annex = Annex.objects.get()
    assert annex.digest == digest(annex.document)
    assert annex.frozen()["account"] == {"digest": adoption.digest, "version": 1}
    Answer.objects.update(explanation="Later bedacht.")
    assert "Later bedacht" not in json.dumps(Annex.objects.get().frozen())


def test_it_says_who_answered_under_the_code_of_the_open_data(adoption: Adoption) -> None:
    shown = {person.name: person for person in paper(adoption).people}
    assert list(shown) == ["Bram", "Fatima", "Gerda Gast"]
    assert shown["Bram"].job == "Bedrijfsjurist, Juridische zaken"
    assert shown["Gerda Gast"].job == "van buiten"
    assert len(shown["Fatima"].themes) == 2 and len(shown["Gerda Gast"].themes) == 1
    codes = {row["contributor"] for row in adoption.frozen()["answers"] if row["question"] == "NZ-01"}
    assert {shown[name].code for name in ("Bram", "Fatima")} == {f"deelnemer {code[1:]}" for code in codes}


def test_each_question_has_what_was_explained_agreed_and_noted(adoption: Adoption) -> None:
    points = {point.id: point for part in paper(adoption).parts for point in part.points}
    assert len(points) == 82
    assert {one.name: one.choice for one in points["PA-01"].told} == {
        "Bram": "2 Vastgelegd",
        "Fatima": "3 Gedaan",
        "Gerda Gast": "1 Soms",
    }
    agreed, checked = points["PA-01"].agreed, points["NZ-01"].checked
    assert agreed and (agreed["reason"], agreed["minority"], agreed["by"]) == (
        "Zo is het.",
        "Het is minder.",
        "Anna",
    )
    assert checked and (checked["remark"], checked["by"]) == ("Het stuk is oud.", "Vera")
    assert points["PA-02"].told[0].reason == "Dat speelt hier niet."


def test_it_says_who_met_and_what_was_drawn(adoption: Adoption) -> None:
    shown = paper(adoption)
    meeting, draw = shown.meetings[0], shown.draws[0]
    assert (meeting.chair, meeting.present) == ("Anna", "Bram en Piet van buiten")
    assert meeting.closing == "Volgende keer eerder."
    assert draw.by == "Vera" and draw.size == 1 and not draw.reason


def test_threads_stay_out(cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    thread = Thread.objects.create(assessment=round_, question="PA-01")
    thread.remarks.create(author=cast["bram"], text="Onder ons gezegd.", at=timezone.now())
    bring_to(round_, Status.ADOPTED, cast["anna"])
    assert "Onder ons" not in Annex.objects.get().document


@pytest.mark.parametrize("kind", Organisation.Kind.values)
def test_every_kind_of_organisation_has_its_legal_ground(kind: str) -> None:
    privacy, deliberation, secrecy = grounds(kind)
    assert "5.1, tweede lid, onder e" in privacy and "5.2, eerste lid" in deliberation
    assert all(part in secrecy for part in IMPOSED[kind]) and "niet artikel 5.2" in secrecy


def test_an_annex_of_other_results_is_refused(adoption: Adoption) -> None:
    other = {**adoption.annex.frozen(), "account": {"digest": "0" * 64, "version": 1}}
    with pytest.raises(ValueError, match="of another account"):
        AnnexPaper.of(report_of(adoption), other, "")  # type: ignore[arg-type]  # the rest is as it was


def test_a_document_that_was_changed_is_not_shown(adoption: Adoption, client_of: ClientOf) -> None:
    Annex.objects.update(document=adoption.annex.document.replace("Zo is het.", "Zo is het niet."))
    with pytest.raises(ValueError, match="no longer has the digest"):
        client_of("anna").get(reverse("reports:annex", args=[adoption.pk]))


def test_the_page_is_marked_with_its_ground(adoption: Adoption, client_of: ClientOf) -> None:
    page = client_of("vera").get(reverse("reports:annex", args=[adoption.pk])).content.decode()
    assert "VERTROUWELIJK · artikel 5.1" in page and "artikel 87 van de Gemeentewet" in page
    assert "Het is minder." in page and "Gerda Gast" in page


def test_a_correction_has_an_annex_of_its_own(adoption: Adoption) -> None:
    again = adoption.assessment.freeze(adoption.adopted_by)
    assert again.annex.frozen()["account"]["version"] == 2
    assert Annex.objects.count() == 2
