"""A correction: adopted results are looked at again, and a next version comes beside the earlier one."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    AgreedLevel,
    Assessment,
    Assignment,
    Edition,
    EvidencedLevel,
    JudgementRefused,
    RoundIsClosed,
    Sample,
    SentBack,
    StepRefused,
)
from assessments.models.edition import Standing, supplement
from assessments.status import FROZEN, Status, steps_from
from organisations.models import User
from organisations.roles import Role
from reports.models import report_of
from tests.cast import bring_to, make_adopted, say

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
REASON = "De score van PA-01 was verkeerd overgenomen."


def reopen(round_: Assessment, by: User) -> None:
    steps = steps_from(round_.status, [Role.COORDINATOR])
    step = next(step for step in steps if step.target == Status.VALIDATION)
    round_.take(step, by, REASON)


def correct(round_: Assessment, cast: dict[str, User], level: int = 3) -> None:
    """Reopens the round, agrees on another level for one question, and adopts again."""
    reopen(round_, cast["anna"])
    AgreedLevel.record(round_, "PA-01", level, "Samen nagekeken.", cast["anna"])
    bring_to(round_, Status.ADOPTED, cast["anna"])


def fresh(round_: Assessment) -> Assessment:
    return Assessment.objects.get(pk=round_.pk)


def level_of(document: object) -> object:
    return next(one["claimed"] for one in document["questions"] if one["id"] == "PA-01")  # type: ignore[index]


# Reopening


@pytest.mark.parametrize("status", ["adopted", "executive", "submitted", "discussed", "published"])
def test_the_coordinator_reopens_with_a_reason(
    status: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status(status))
    page = reverse("assessments:transition", args=[round_.pk, "validation"])
    assert client_of("guus").post(page, {"reason": REASON}).status_code == 404
    assert client_of("anna").post(page, {"reason": " "}).status_code == 422
    assert fresh(round_).status == status
    assert client_of("anna").post(page, {"reason": REASON}).status_code == 302
    change = fresh(round_).history.last()
    assert change and (change.source, change.target, change.reason) == (status, "validation", REASON)


def test_what_is_archived_is_not_reopened(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.ARCHIVED)
    page = reverse("assessments:transition", args=[round_.pk, "validation"])
    assert client_of("anna").post(page, {"reason": REASON}).status_code == 404


def test_the_coordinator_sees_that_and_why_it_is_corrected(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast)
    page = reverse("assessments:detail", args=[round_.pk])
    assert "Heropenen voor een correctie" in client_of("anna").get(page).content.decode()
    reopen(round_, cast["anna"])
    text = client_of("anna").get(page).content.decode()
    assert "U kijkt de vastgestelde resultaten na." in text and REASON in text
    assert "Verslag voor de raad" in text and "Heropenen voor een correctie" not in text


# Who reads what meanwhile


@pytest.mark.parametrize("name, level", [("anna", 4), ("vera", 4), ("bram", 2), ("fatima", 2), ("guus", 2)])
def test_during_a_correction_only_coordinator_and_validator_see_how_it_stands(
    name: str, level: int, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    reopen(round_, cast["anna"])
    AgreedLevel.record(round_, "PA-01", 4, "Samen nagekeken.", cast["anna"])
    response = client_of(name).get(reverse("reports:dashboard", args=[round_.pk]))
    assert level_of(response.context["shown"].results) == level
    frozen = "de coördinator kijkt deze cijfers nu na" in response.content.decode()
    assert frozen == (level == 2)


@pytest.mark.parametrize("name", ["anna", "bram", "guus", "greet"])
def test_the_earlier_report_stays_to_be_read(name: str, cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    adoption, document = round_.adoptions.get(), round_.adoptions.get().document
    reopen(round_, cast["anna"])
    browser = client_of(name)
    assert browser.get(reverse("reports:report", args=[adoption.pk])).status_code == 200
    assert browser.get(reverse("reports:document", args=[adoption.pk])).content.decode() == document
    assert str(round_) in browser.get(reverse("reports:list")).content.decode()


def test_a_clerk_finds_a_round_that_is_corrected_among_the_reports(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast)
    reopen(round_, cast["anna"])
    text = client_of("greet").get(reverse("assessments:list")).content.decode()
    assert f'<a href="{reverse("reports:list")}">{round_}</a>' in text


def test_a_correction_that_is_withdrawn_leaves_the_earlier_results(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    before = json.loads(round_.adoptions.get().document)["results"]
    reopen(round_, cast["anna"])
    AgreedLevel.record(round_, "PA-01", 4, "Samen nagekeken.", cast["anna"])
    step = next(s for s in steps_from("validation", [Role.COORDINATOR]) if s.target == Status.WITHDRAWN)
    round_.take(step, cast["anna"], "Te veel fouten.")
    assert fresh(round_).is_frozen and fresh(round_).results() == before


# The second version


def test_adopting_again_makes_a_second_version_beside_the_first(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    first = round_.adoptions.get().document
    correct(round_, cast)
    one, two = fresh(round_).adoptions.all()
    assert (one.number, one.document) == (1, first)
    assert two.number == 2 and two.frozen()["round"]["version"] == 2
    assert (level_of(one.results()), level_of(two.results())) == (2, 3)
    assert fresh(round_).results() == two.results()


def test_the_account_of_a_correction_has_the_newest_day_of_adoption(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast)
    round_.history.update(at="2026-03-01T12:00Z")
    correct(round_, cast)
    days = fresh(round_).adoptions.get(number=2).frozen()["round"]
    newest = round_.history.filter(target="adopted").last()
    assert newest and days["adopted"] == newest.day.isoformat() and days["opened"] == "2026-03-01"


def test_the_second_edition_says_why_and_supersedes_the_first(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    first = Edition.objects.get()
    frozen = first.document
    assert (first.standing, first.frozen()["edition"]["corrects"]) == (Standing.PUBLISHED, "")
    correct(round_, cast)
    assert supplement(round_.adoptions.get(number=2))["edition"]["corrects"] == REASON
    assert report_of(round_.adoptions.get(number=2)).account.is_concept
    assert Edition.objects.get().standing == Standing.PUBLISHED  # until the council has the next one
    bring_to(round_, Status.SUBMITTED, cast["anna"])
    first, second = Edition.objects.order_by("pk")
    assert first.document == frozen and second.frozen()["edition"]["corrects"] == REASON
    assert first.code != second.code and first.superseded_by == second
    assert (first.standing, second.standing) == (Standing.SUPERSEDED, Standing.OFFERED)
    assert list(Edition.objects.current()) == [second] and list(Edition.objects.published()) == [first]
    bring_to(round_, Status.PUBLISHED, cast["anna"])
    assert Edition.objects.get(pk=second.pk).standing == Standing.PUBLISHED
    assert Edition.objects.published().count() == 2


def test_publishing_a_correction_does_not_publish_what_never_was(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    correct(round_, cast)
    bring_to(round_, Status.PUBLISHED, cast["anna"])
    first, second = Edition.objects.order_by("pk")
    assert first.published_at is None and second.published_at is not None


def test_each_version_has_its_own_reason(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast)
    correct(round_, cast)
    correct(round_, cast, 4)
    round_.history.filter(target="validation").filter(source__in=FROZEN).order_by("-pk").update(
        reason="Weer."
    )
    last = round_.history.filter(target="validation", source__in=FROZEN).earliest("pk")
    last.reason = "Eerst."
    last.save()
    assert [round_.why_corrected(number) for number in (1, 2, 3, 4)] == ["", "Eerst.", "Weer.", ""]


def test_withdrawing_the_round_withdraws_its_editions(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    step = next(s for s in steps_from("published", [Role.COORDINATOR]) if s.target == Status.WITHDRAWN)
    round_.take(step, cast["anna"], "Fout.")
    edition = Edition.objects.get()
    assert (edition.standing, edition.is_withdrawn) == (Standing.WITHDRAWN, True)
    assert not Edition.objects.current().exists() and Edition.objects.published().exists()


# What the college, the griffier and the council get, nobody changes


def _agree(round_: Assessment, cast: dict[str, User]) -> None:
    AgreedLevel.record(round_, "PA-01", 4, "Toch.", cast["anna"])


def _evidence(round_: Assessment, cast: dict[str, User]) -> None:
    EvidencedLevel.record(round_, "PA-01", 1, "Toch.", cast["vera"])


def _send_back(round_: Assessment, cast: dict[str, User]) -> None:
    SentBack.send(round_, "PA-01", cast["bram"], "Waarom?", cast["vera"])


def _settle(round_: Assessment, cast: dict[str, User]) -> None:
    sent = SentBack.objects.create(
        assessment=round_, question="PA-02", contributor=cast["bram"], text="Waarom?", by=cast["vera"]
    )
    sent.settle(cast["bram"], "Daarom.")


def _draw(round_: Assessment, cast: dict[str, User]) -> None:
    Sample.draw(round_, 2, cast["vera"])


def _answer(round_: Assessment, cast: dict[str, User]) -> None:
    say(round_, cast["bram"], "PA-01", 1, level=4)


def _delegate(round_: Assessment, cast: dict[str, User]) -> None:
    round_.delegate({("pro-actie", "richting-en-voorbeeld"): {cast["fatima"].pk}})


def _rename(round_: Assessment, cast: dict[str, User]) -> None:
    round_.change(title="Anders")


@pytest.mark.parametrize("status", FROZEN)
@pytest.mark.parametrize(
    "change", [_agree, _evidence, _send_back, _settle, _draw, _answer, _delegate, _rename]
)
def test_no_score_changes_once_the_results_are_adopted(
    change: Callable[[Assessment, dict[str, User]], None], status: Status, cast: dict[str, User]
) -> None:
    round_ = make_adopted(cast, status)
    before = (fresh(round_).gather().answers_file(), Assignment.objects.count())
    with pytest.raises((JudgementRefused, RoundIsClosed, StepRefused)):
        change(fresh(round_), cast)
    assert (fresh(round_).gather().answers_file(), Assignment.objects.count()) == before


def test_an_edition_has_the_days_of_its_steps(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    edition = Edition.objects.get()
    days = {change.target: change.at for change in round_.history.all()}
    assert (edition.made_at, edition.published_at) == (days[Status.SUBMITTED], days[Status.PUBLISHED])
    assert edition.frozen()["edition"]["date"] == timezone.localdate(days[Status.SUBMITTED]).isoformat()
