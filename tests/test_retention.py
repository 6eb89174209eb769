"""What is kept goes when its period is over: no earlier, nothing else, and with a statement."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Action, Answer, Assessment, Evidence, GuestPass
from assessments.models.evidence import evidence_storage
from assessments.status import Status
from integrity_portal.leaving.tables import LEFT, TABLES
from organisations import walls
from organisations.letter import Kind as Mail
from organisations.log.acts import Act
from organisations.models import Invitation, LogEntry, Message, Organisation, RightsReview, User
from organisations.models.log import end_chain, write
from retention.accounts import forget
from retention.destroying import destroy, destroy_due, repeat_statements
from retention.due import due
from retention.files import remove_lost_files
from retention.kinds import LIST, SHORT, TASK_DAYS, Kind
from retention.models import Hold, HoldRefused, Period, PeriodRefused, Statement
from retention.night import close_portal_log, night
from retention.periods import began_before, due_on, in_words, months_after
from retention.rounds import RECORD, WHOLE, WORKING, counts, remove
from surveys.models.life import destroy as destroy_survey
from tests.actions import make_action
from tests.cast import make_message, make_round
from tests.evidence import folder, kept, make_evidence
from tests.restricted import as_owner
from tests.retention import end, kinds_due, make_ended, paths_to, waterrijk, years_ago
from tests.test_log import verified
from tests.world import addresses, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]
TODAY = timezone.localdate


def destroyed() -> list[str]:
    """What goes tonight in Waterrijk."""
    return [f"{one.kind} {one.what}" for one in destroy_due(waterrijk(), TODAY())]


# Periods


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 600))
def test_what_is_due_by_the_one_rule_is_due_by_the_other(day: date, months: int) -> None:
    before = began_before(day, months)
    assert before is not None
    last = due_on(before, months)
    assert last is not None and last <= day
    later = due_on(before + timedelta(days=4), months)
    assert later is not None and later > day


def test_a_month_that_lacks_the_day_ends_on_its_last() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2024, 2, 29), -12) == date(2023, 2, 28)
    words = [in_words(months) for months in (None, 1, 12, 18, 60)]
    assert words == ["altijd", "1 maand", "1 jaar", "18 maanden", "5 jaar"]


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_default_within_its_own_bounds(kind: Kind) -> None:
    rule = kind.rule
    assert rule.objection(rule.months) == "" and rule.source and rule.since
    assert rule.objection(rule.least) == rule.objection(rule.most) == ""
    assert rule.objection(rule.least - 1) and rule.objection(rule.most + 1)
    assert bool(rule.objection(None)) != rule.may_stay


def test_a_shorter_period_waits_and_a_longer_one_does_not(cast: dict[str, User]) -> None:
    def now(day: date) -> int | None:
        return Period.objects.in_force(waterrijk(), day)[Kind.WORKING].months

    soon = TODAY() + timedelta(days=14)
    assert now(soon) == 60
    Period.set(waterrijk(), Kind.WORKING, 24, cast["bea"])
    assert (now(TODAY()), now(soon - timedelta(days=1)), now(soon)) == (60, 60, 24)
    Period.set(waterrijk(), Kind.WORKING, 60, cast["bea"])  # it was a mistake
    assert (now(TODAY()), now(soon)) == (60, 60)
    Period.set(waterrijk(), Kind.WORKING, 120, cast["bea"])
    assert now(TODAY()) == 120
    assert Period.set(waterrijk(), Kind.WORKING, 120, cast["bea"]) is None
    told = LogEntry.objects.filter(act=Act.SETTINGS, what__startswith="bewaartermijn").order_by("pk")
    assert [one.detail["naar"] for one in told] == ["2 jaar", "5 jaar", "10 jaar"]


def test_a_period_that_was_replaced_while_it_waited_never_counts(cast: dict[str, User]) -> None:
    """Two years was a mistake, and four were meant: also shorter, so that waits from then."""
    Period.set(waterrijk(), Kind.WORKING, 24, cast["bea"])
    began = TODAY() + timedelta(days=12)
    Period.objects.update(at=timezone.now() - timedelta(days=2), starts_on=began)
    Period.set(waterrijk(), Kind.WORKING, 48, cast["bea"])
    days = [began, began + timedelta(days=1), began + timedelta(days=2)]
    assert [Period.objects.in_force(waterrijk(), day)[Kind.WORKING].months for day in days] == [60, 60, 48]


def test_a_period_outside_its_bounds_is_refused(cast: dict[str, User]) -> None:
    for kind, months in ((Kind.LOG, 6), (Kind.WORKING, None), (Kind.RECORD, 12)):
        with pytest.raises(PeriodRefused):
            Period.set(waterrijk(), kind, months, cast["bea"])
    fields = {"organisation": waterrijk(), "starts_on": TODAY(), "by": cast["bea"]}
    for kind, months in ((Kind.WORKING, None), (Kind.WORKING, 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Period.objects.create(kind=kind, months=months, **fields)


# What goes


def test_every_table_of_a_round_is_in_the_lists_and_filled_by_these_tests(cast: dict[str, User]) -> None:
    """A new table that hangs on a round fails here, until somebody says when it goes."""
    lists = {model for model, _ in WHOLE}
    assert lists == {*paths_to(Assessment), Assessment, Hold._meta.model}
    round_ = make_ended(cast, 6)
    empty = [
        f"{model._meta.label} by {path}"
        for model, path in WORKING
        if not model._default_manager.filter(**{path: round_.pk}).exists()
    ]
    assert empty == []


# What of an organisation no period is over, and why.
NO_PERIOD = {
    "goes when its person is no member any more, or changes with them": """
        organisations.Membership organisations.MembershipRole organisations.Muted
        organisations.SignOnAccount organisations.EmergencyAccount organisations.User
    """,
    "is the organisation itself, for as long as it is here": """
        organisations.Organisation organisations.Team organisations.HouseStyle organisations.Logo
        organisations.SignOn organisations.SignOnDomain
    """,
    "names nobody but who set it, and accounts for what is gone": "retention.Period retention.Statement",
    "is of all organisations together": "chain.PublishedQuestionnaire chain.PublishedStatements",
}
SMALL = {"organisations.Invitation", "organisations.RightsReview", "organisations.Message"}


@pytest.mark.anywhere
def test_every_table_of_an_organisation_has_a_period_or_a_reason_why_not() -> None:
    """A new table fails here, until somebody says when it goes."""
    reasons = [name for names in NO_PERIOD.values() for name in names.split()]
    with_period = {*SMALL, "organisations.LogEntry", *(model._meta.label for model, _ in WHOLE)}
    of_organisation = {table.model for table in (*TABLES, *LEFT)}
    assert len(reasons) == len(set(reasons)) and not with_period & set(reasons)
    assert of_organisation == {*with_period, *reasons}


def test_a_round_that_goes_on_is_never_touched(cast: dict[str, User]) -> None:
    """Whatever its age, in every state but the two last."""
    round_ = make_ended(cast, 30)
    for status in Status:
        Assessment.objects.filter(pk=round_.pk).update(status=status)
        if status not in (Status.ARCHIVED, Status.WITHDRAWN):
            assert kinds_due() == {}, status
            assert destroyed() == [], status
    assert Answer.objects.filter(assessment=round_).exists()


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (0.9, set()),
        (1.1, {Kind.GUESTS}),
        (4.9, {Kind.GUESTS}),
        (5.1, {Kind.GUESTS, Kind.WORKING, Kind.EVIDENCE}),
        (40, {Kind.GUESTS, Kind.WORKING, Kind.EVIDENCE}),
    ],
)
def test_each_kind_goes_after_its_own_period(
    years: float, expected: set[Kind], cast: dict[str, User]
) -> None:
    make_ended(cast, years)
    assert set(kinds_due()) == expected


def test_the_day_before_nothing_goes_and_on_the_day_it_does(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 3)
    ended_on = timezone.localdate(round_.history.filter(target=Status.ARCHIVED).last().at)  # type: ignore[union-attr]
    on = months_after(ended_on, 60)
    assert Kind.WORKING not in kinds_due(on - timedelta(days=1))
    assert Kind.WORKING in kinds_due(on)


def test_working_material_goes_and_the_record_stays(
    cast: dict[str, User], django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    round_ = make_ended(cast, 6)
    files = {folder() / name for name in Evidence.objects.values_list("file", flat=True)}
    assert files and files <= kept()
    later = make_round(cast, year=2026)
    stays = folder() / str(make_evidence(later, cast["bram"], content=b"Van nu.").file)
    before = {model: model._default_manager.count() for model, _ in RECORD}
    with django_capture_on_commit_callbacks(execute=True):
        assert destroyed() == [
            "working Jaarronde 2019",
            "evidence Jaarronde 2019",
            "guests Jaarronde 2019",
        ]
    assert counts(WORKING, round_) == {} and not round_.evidence.exists()
    assert {model: model._default_manager.count() for model, _ in RECORD} == before
    assert not kept() & files and stays in kept()  # the bytes went too, those of a later round stayed
    assert destroyed() == []


def test_the_page_of_a_round_without_its_working_material_still_opens(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    """Every address of an archived round, before and after: what opened may be gone, and nothing breaks."""
    world = make_world(cast, "archived")
    round_ = world.round
    assert round_
    end(round_, Status.ARCHIVED, cast["anna"], years_ago(6))
    Hold.objects.get().lift(cast["bea"])
    assert destroy_due(waterrijk(), TODAY())
    own = [name for name, _ in addresses(get_resolver()) if name.startswith(("assessments:", "reports:"))]
    for person in ("anna", "bram", "vera", "guus", "greet"):
        client = client_of(person)
        for name in own:
            status = client.get(world.address(name)).status_code
            assert status in (200, 302, 404, 405, 409), (person, name, status)
    report = client_of("greet").get(world.address("reports:report"))
    assert report.status_code == 200


def test_a_disk_that_refuses_one_file_keeps_no_other(
    cast: dict[str, User],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And what it kept goes a later night, when no row names it any more."""
    first = make_ended(cast, 6)
    make_evidence(first, cast["bram"], content=b"Nog een stuk.")
    stays = folder() / str(make_evidence(make_round(cast, year=2026), cast["bram"]).file)
    lost = sorted(Evidence.objects.filter(assessment=first).values_list("file", flat=True))
    for file in [stays, *(folder() / name for name in lost)]:
        os.utime(file, (0, 0))
    delete = FileSystemStorage.delete

    def refuse(storage: FileSystemStorage, name: str) -> None:
        if name == lost[0]:
            raise PermissionError
        delete(storage, name)

    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(FileSystemStorage, "delete", refuse)
        assert "evidence Jaarronde 2019" in destroyed()
    assert folder() / lost[0] in kept() and folder() / lost[1] not in kept()
    fresh = folder() / evidence_storage().save("ab/vers", ContentFile(b"x"))
    with walls.scope(walls.Scope()):
        assert remove_lost_files(timezone.now() - timedelta(days=TASK_DAYS)) >= 1
    assert folder() / lost[0] not in kept() and {stays, fresh} <= kept()
    fresh.unlink()


def test_evidence_that_a_later_round_uses_stays_there(
    cast: dict[str, User], django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    make_ended(cast, 6)
    source = Evidence.objects.get()
    again = source.reuse(make_round(cast, year=2026), cast["bram"])
    with django_capture_on_commit_callbacks(execute=True):
        assert "evidence Jaarronde 2019" in destroyed()
    again.refresh_from_db()
    assert again.reused_from is None
    with again.file.open() as content:
        assert content.read() == b"De code."


def test_a_guest_keeps_no_address_and_their_name_stays_with_their_answers(cast: dict[str, User]) -> None:
    make_ended(cast, 2)
    guest = GuestPass.objects.get().user
    assert destroyed() == ["guests Jaarronde 2019"]
    guest.refresh_from_db()
    assert (guest.name, guest.email) == ("Gerda Gast", f"vergeten-{guest.pk}@portaal.invalid")
    assert not GuestPass.objects.exists()


def test_a_guest_of_another_round_keeps_the_address(cast: dict[str, User]) -> None:
    make_ended(cast, 2)
    guest = GuestPass.objects.get()
    GuestPass.objects.create(
        assessment=make_round(cast, year=2026),
        user=guest.user,
        name="Gerda",
        token_digest="x",
        expires_at=timezone.now() + timedelta(days=9),
        made_by=cast["anna"],
    )
    assert destroyed() == ["guests Jaarronde 2019"]
    assert User.objects.get(pk=guest.user_id).email == "gast@buiten.example"


def test_a_round_that_came_to_nothing_goes_whole(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 1.1, Status.WITHDRAWN)
    assert not round_.adoptions.exists()
    assert "unused Jaarronde 2019" in destroyed()
    assert not Assessment.objects.exists() and not Evidence.objects.exists()


def test_a_withdrawn_report_is_a_record_and_stays(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 3)
    end(round_, Status.WITHDRAWN, cast["anna"], years_ago(3))
    assert destroyed() == ["guests Jaarronde 2019"]


def test_a_record_goes_only_after_a_period_that_somebody_set(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 11)
    Period.set(waterrijk(), Kind.RECORD, 120, cast["bea"])
    Period.objects.update(starts_on=TODAY())
    make_action(round_, cast["anna"], "proposed")
    assert [one.reasons for one in due(waterrijk(), TODAY()) if one.kind == Kind.RECORD] == [
        ["Een verbeteractie uit deze ronde loopt nog."]
    ]
    assert "record Jaarronde 2019" not in destroyed()
    Action.objects.update(status="dropped", reason="nee", closed_at=timezone.now())
    assert "record Jaarronde 2019" in destroyed()
    assert not Assessment.objects.exists()


def test_a_promise_that_is_open_keeps_its_round(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 11)
    Period.set(waterrijk(), Kind.RECORD, 120, cast["bea"])
    Period.objects.update(starts_on=TODAY())
    round_.council_promises.update(outcome="open", settled_on=None)
    assert "record Jaarronde 2019" not in destroyed()


def test_invitations_and_mail_go_by_the_month(cast: dict[str, User]) -> None:
    long_ago = timezone.now() - timedelta(days=500)
    fields = {"organisation": waterrijk(), "invited_by": cast["bea"], "email": "x@y.example"}
    for token, over in (("a", long_ago), ("b", timezone.now())):
        Invitation.objects.create(token_digest=token, expires_at=over, **fields)
    sent = {"sent_at": long_ago, "created_at": long_ago, "text": "", "html": ""}
    make_message(cast["bram"], key="oud", **sent)
    make_message(cast["bram"], key="wacht", created_at=long_ago)
    make_message(cast["bram"], key="nieuw")
    found = destroy_due(waterrijk(), TODAY())
    assert [(one.kind, one.counts) for one in found] == [
        ("invitations", {"uitnodigingen": 1}),
        ("mail", {"verstuurde berichten": 1}),
    ]
    assert Invitation.objects.get().token_digest == "b"
    assert sorted(Message.objects.values_list("key", flat=True)) == ["nieuw", "wacht"]


def test_reviews_of_rights_go_but_for_the_last_one(cast: dict[str, User]) -> None:
    def reviewed(years: float) -> None:
        done = RightsReview.record(waterrijk(), cast["bea"], [], {})
        RightsReview.objects.filter(pk=done.pk).update(at=timezone.now() - timedelta(days=365 * years))

    reviewed(7)
    assert destroyed() == []
    reviewed(6)
    (statement,) = destroy_due(waterrijk(), TODAY())
    assert (statement.kind, statement.counts) == (Kind.REVIEWS, {"herzieningen van rechten": 1})
    assert RightsReview.objects.get().at < timezone.now() - timedelta(days=365 * 5)
    reviewed(4)
    assert len(destroyed()) == 1 and RightsReview.objects.get().at > timezone.now() - timedelta(days=365 * 5)


def test_mail_of_a_round_that_goes_on_stays_so_that_nothing_is_sent_twice(cast: dict[str, User]) -> None:
    long_ago = timezone.now() - timedelta(days=500)
    sent = {"sent_at": long_ago, "created_at": long_ago, "text": "", "html": ""}
    make_message(cast["bram"], key="a", **sent)
    make_message(cast["bram"], key="b", kind=Mail.ACTION, **sent)
    round_ = make_round(cast)
    Assessment.objects.filter(pk=round_.pk).update(created_at=long_ago - timedelta(days=1))
    assert destroyed() == []
    Assessment.objects.filter(pk=round_.pk).update(status=Status.PUBLISHED)
    make_action(round_, cast["anna"], "decided", owner="P&O", due=TODAY() - timedelta(days=800))
    assert len(destroyed()) == 1
    assert Message.objects.get().key == "b"


def test_the_log_is_closed_off_and_still_proven(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(
            "organisations.models.log.timezone.now", lambda: timezone.now() - timedelta(days=1500)
        )
    long_ago = timezone.now() - timedelta(days=1500)
    organisation = Organisation.objects.create(name="Gemeente Oud", slug="oud")
    with monkeypatch.context() as patched:
        patched.setattr("organisations.models.log.timezone.now", lambda: long_ago)
        write(Act.STATUS, "toen", organisation=organisation)
    write(Act.STATUS, "nu", organisation=organisation)
    (statement,) = destroy_due(organisation, TODAY())
    assert (statement.kind, statement.counts) == (Kind.LOG, {"logboek": 1})
    acts = LogEntry.objects.filter(organisation=organisation).order_by("number").values_list("act", flat=True)
    assert list(acts) == ["status", "closing", "delete"]
    assert verified()[1] == ""
    assert destroy_due(organisation, TODAY()) == []


def test_the_portals_own_log_is_closed_off_but_for_what_proves_an_archive(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(what: str, years: int) -> None:
        moment = timezone.now() - timedelta(days=366 * years)
        with monkeypatch.context() as patched:
            patched.setattr("organisations.models.log.timezone.now", lambda: moment)
            write(Act.SIGN_IN, what, who="onbekend") if what else end_chain(gone.pk)

    gone = Organisation.objects.create(name="Gemeente Weg", slug="weg")
    write(Act.STATUS, "toen", organisation=gone)
    with as_owner():
        Organisation.objects.filter(pk=gone.pk)._raw_delete("default")
    told("lang geleden", 6)
    told("", 5)  # the organisation leaves
    told("daarna", 4)
    assert (close_portal_log(TODAY()), close_portal_log(TODAY())) == (1, 0)
    own = LogEntry.objects.filter(organisation=None).order_by("number").values_list("act", flat=True)
    assert list(own) == ["closing", "sign_in", "closing"]
    assert verified()[1] == ""


# Holds


def test_a_hold_keeps_its_round_and_the_log_until_it_is_lifted(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 6)
    make_ended(cast, 6, year=2018)
    hold = Hold.place(waterrijk(), round_, "Bezwaarprocedure", cast["bea"])
    assert all("2019" not in what for what in destroyed())
    assert Answer.objects.filter(assessment=round_).exists()
    assert [one.what for one in due(waterrijk(), TODAY()) if one.reasons] == ["Jaarronde 2019"] * 3
    hold.lift(cast["bea"])
    with pytest.raises(HoldRefused):
        hold.lift(cast["bea"])
    assert len(destroyed()) == 3
    told = LogEntry.objects.filter(what__startswith="bewaren wegens")
    assert told.count() == 2 and not told.filter(what__contains="Bezwaar").exists()


def test_a_hold_on_everything_keeps_everything(cast: dict[str, User]) -> None:
    make_ended(cast, 6)
    Hold.place(waterrijk(), None, "Onderzoek van de rekenkamer", cast["bea"])
    assert destroyed() == []


def test_a_hold_that_comes_just_before_is_seen(cast: dict[str, User]) -> None:
    """What was due when one looked is looked at again, with the organisation held."""
    make_ended(cast, 6)
    wanted = due(waterrijk(), TODAY())[0]
    Hold.place(waterrijk(), None, "Woo-verzoek", cast["bea"])
    assert destroy(waterrijk(), wanted, TODAY()) is None
    assert Answer.objects.exists()


# Statements


def test_a_statement_says_what_how_many_of_when_and_names_nobody(cast: dict[str, User]) -> None:
    make_ended(cast, 6)
    first = destroy_due(waterrijk(), TODAY())[0]
    told = first.told()
    assert (first.number, told["soort"], told["wat"]) == (1, "Werkmateriaal van een ronde", "Jaarronde 2019")
    assert told["hoeveel"]["antwoorden"] == 82 and told["hoeveel"]["opmerkingen"] == 1
    assert told["termijn in maanden"] == 60 and "AVG" in told["grond"] and None not in told["periode"]
    for name in ("Bram", "Anna", "Gerda", "Vera"):
        assert name not in str(told)
    entry = LogEntry.objects.get(act=Act.DELETE, detail__verklaring=1, organisation=waterrijk())
    assert entry.detail["controlegetal"] == first.digest and entry.who == ""
    assert [one.number for one in Statement.objects.filter(organisation=waterrijk())] == [3, 2, 1]


def test_a_statement_gives_the_day_that_a_round_began_here(cast: dict[str, User]) -> None:
    """Soon after midnight, when it is still the day before in UTC."""
    round_ = make_ended(cast, 6)
    began = timezone.make_aware(datetime(2019, 7, 2, 0, 30))
    Assessment.objects.filter(pk=round_.pk).update(created_at=began)
    assert destroy_due(waterrijk(), TODAY())[0].began_on == date(2019, 7, 2)


def test_the_ground_of_a_period_that_was_set_is_not_that_of_the_default(cast: dict[str, User]) -> None:
    make_ended(cast, 11)
    for kind, months in ((Kind.WORKING, 24), (Kind.RECORD, 120)):
        Period.set(waterrijk(), kind, months, cast["bea"])
    Period.objects.update(starts_on=TODAY())
    grounds = {one.kind: one.ground for one in destroy_due(waterrijk(), TODAY())}
    assert grounds[Kind.WORKING] == f"{SHORT} De organisatie stelde deze termijn zelf vast."
    assert grounds[Kind.RECORD] == f"{LIST}. De organisatie stelde deze termijn zelf vast."
    assert grounds[Kind.EVIDENCE] == Kind.EVIDENCE.rule.source


def test_what_a_survey_stated_is_among_them_and_outlives_its_round(cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 2, Status.WITHDRAWN)
    destroy_survey(round_.surveys.get())
    assert (repeat_statements(), repeat_statements()) == (1, 0)
    statement = Statement.objects.get()
    assert statement.title == "Losse antwoorden van een peiling" and "2019" in statement.what
    digest = statement.digest
    assert "unused Jaarronde 2019" in destroyed()
    statement.refresh_from_db()
    assert (statement.survey, statement.digest) == (None, digest)


def test_what_cannot_be_removed_stays_whole_and_the_rest_goes_on(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ended(cast, 6)

    def fail(tables: tuple[tuple[type[models.Model], str], ...], round_: Assessment) -> None:
        remove(tables, round_)
        if tables is WORKING:
            raise RuntimeError

    monkeypatch.setattr("retention.destroying.remove", fail)
    assert destroyed() == ["evidence Jaarronde 2019", "guests Jaarronde 2019"]
    assert Answer.objects.count() == 82


# At night, and by hand


def test_the_night_comes_once(cast: dict[str, User]) -> None:
    make_ended(cast, 6)
    day = timezone.localtime() + timedelta(days=1)
    assert not night(day.replace(hour=1, minute=50))
    assert night(day.replace(hour=2, minute=5))
    assert not Answer.objects.exists()
    assert LogEntry.objects.filter(organisation=None, what="bewaartermijnen nagelopen").count() == 1


def test_the_command_tries_and_does(cast: dict[str, User]) -> None:
    make_ended(cast, 4.9)

    def said(*arguments: str) -> str:
        out = StringIO()
        call_command("destroy_due", *arguments, stdout=out)
        return out.getvalue()

    assert "Werkmateriaal" not in said("--proef")
    soon = (TODAY() + timedelta(days=90)).isoformat()
    assert "waterrijk: Werkmateriaal van een ronde, Jaarronde 2019: 1 opmerkingen" in said(
        "--proef", "--dag", soon
    )
    assert Answer.objects.exists() and GuestPass.objects.exists()
    assert said("--organisatie", "hoogezand") == ""
    assert said("--organisatie", "waterrijk") == "waterrijk: verklaring 1: Jaarronde 2019\n"
    assert not GuestPass.objects.exists()
    for wrong in (["--dag", soon], ["--proef", "--dag", "morgen"], ["--organisatie", "niets"]):
        with pytest.raises(CommandError):
            said(*wrong)


# People who are a member nowhere any more


def left_behind(name: str, **fields: object) -> User:
    """Somebody who signed in last two years ago."""
    user = User.objects.create_user(f"{name}@weg.example", "een lange zin", name=name.capitalize())
    long_ago = timezone.now() - timedelta(days=800)
    User.objects.filter(pk=user.pk).update(last_login=long_ago, date_joined=long_ago, **fields)
    return User.objects.get(pk=user.pk)


def test_who_is_nowhere_any_more_is_forgotten_when_nothing_bears_their_name(cast: dict[str, User]) -> None:
    nothing, leader, answerer = left_behind("karel"), left_behind("lies"), left_behind("mo")
    staff = left_behind("tessa", is_staff=True)
    round_ = make_round(cast)
    Assessment.objects.filter(pk=round_.pk).update(created_by=leader)
    Answer.objects.create(assessment=round_, question="PA-01", contributor=answerer, level=2)
    assert forget(TODAY()) == 3
    assert not User.objects.filter(pk=nothing.pk).exists()
    found = {one.pk: one for one in User.objects.filter(pk__in=[leader.pk, answerer.pk, staff.pk])}
    assert found[leader.pk].name == "Oud-gebruiker"
    assert found[answerer.pk].name == "Mo"  # as long as the answer is there
    for one in (leader, answerer):
        assert found[one.pk].email == f"vergeten-{one.pk}@portaal.invalid"
        assert not found[one.pk].is_active and not found[one.pk].has_usable_password()
    assert found[staff.pk].email == "tessa@weg.example"
    assert forget(TODAY()) == 0
    Answer.objects.all().delete()
    assert forget(TODAY()) == 1 and not User.objects.filter(pk=answerer.pk).exists()


def test_a_member_and_who_came_lately_are_not_forgotten(cast: dict[str, User]) -> None:
    User.objects.update(last_login=timezone.now() - timedelta(days=4000))
    User.objects.update(date_joined=timezone.now() - timedelta(days=4000))
    left_behind("nina", is_active=True)
    User.objects.filter(name="Nina").update(last_login=timezone.now() - timedelta(days=300))
    assert forget(TODAY()) == 0
