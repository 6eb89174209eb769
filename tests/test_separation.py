"""What one person may not do together: judge their own answer, change another's, score as the college, or
read answers as the administrator. Shown by walking every address, and by the forms that come closest.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import get_resolver

from assessments.models import (
    Adoption,
    AgreedLevel,
    Answer,
    AnswerRevision,
    Assessment,
    Evidence,
    EvidencedLevel,
    SentBack,
)
from assessments.models.judgement import OWN, JudgementRefused
from assessments.models.sample import checklist_of
from assessments.status import Status
from organisations.models import User
from organisations.roles import Role
from tests.cast import bring_to, make_answers, make_round, say
from tests.evidence import make_evidence
from tests.pages import answer_url, fields, theme_url
from tests.world import World, addresses, make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
QUESTION, OTHER = "PA-01", "PA-10"
MARKED = "zqtekst"  # in every text about an answer; the administrator reads it nowhere


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """In validation; Vera, the validator, was a contributor too, and answered one of the questions."""
    cast["vera"].memberships.get().set_roles([Role.VALIDATOR, Role.CONTRIBUTOR])
    found = make_round(cast, people=("bram", "vera"))
    make_answers(found, cast["bram"], level=3)
    make_answers(found, cast["vera"], level=3, questions=[QUESTION])
    bring_to(found, Status.VALIDATION, cast["anna"])
    return found


def page_of(round_: Assessment, question: str) -> str:
    return f"/rondes/{round_.pk}/bewijs/{question}/"


def judge(client: Client, round_: Assessment, question: str) -> int:
    data = {"which": "evidenced", "evidenced-level": "3", "evidenced-words": "Ik zag het zelf."}
    return client.post(page_of(round_, question), data).status_code


# The validator of an answer is not its author


def test_nobody_judges_a_question_that_they_answered(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    vera = client_of("vera")
    assert judge(vera, round_, QUESTION) == 422 and judge(vera, round_, OTHER) == 302
    assert list(EvidencedLevel.objects.values_list("question", flat=True)) == [OTHER]
    with pytest.raises(JudgementRefused, match="beantwoordde deze vraag zelf"):
        EvidencedLevel.record(round_, QUESTION, 3, "", cast["vera"])


def test_nobody_judges_evidence_of_their_own(round_: Assessment, cast: dict[str, User]) -> None:
    proof = make_evidence(round_, cast["vera"], OTHER)
    with pytest.raises(JudgementRefused, match="gaf er bewijs bij"):
        EvidencedLevel.record(round_, OTHER, 3, "", cast["vera"])
    proof.remove(cast["anna"], "Dubbel.")
    EvidencedLevel.record(round_, OTHER, 3, "", cast["vera"])
    assert EvidencedLevel.objects.get().by == cast["vera"]


def test_the_page_says_why_and_gives_the_words_back(round_: Assessment, client_of: ClientOf) -> None:
    vera = client_of("vera")
    page = html.unescape(vera.get(page_of(round_, QUESTION)).content.decode())
    assert OWN in page and 'value="evidenced"' not in page and "ongecontroleerd" in page
    data = {"which": "evidenced", "evidenced-level": "3", "evidenced-words": "Ik zag het zelf."}
    refused = html.unescape(vera.post(page_of(round_, QUESTION), data).content.decode())
    assert "Dit is niet opgeslagen" in refused and "Ik zag het zelf." in refused and OWN in refused


def test_nobody_sends_back_what_they_answered_too_and_so_undoes_what_another_validator_found(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    EvidencedLevel.record(round_, QUESTION, 3, "", cast["guus"])
    with pytest.raises(JudgementRefused, match="beantwoordde deze vraag zelf"):
        SentBack.send(round_, QUESTION, cast["bram"], "Hoe weet u dat?", cast["vera"])
    back, bram = f"back-{cast['bram'].pk}", {"which": "back", "contributor": cast["bram"].pk}
    vera, sent = client_of("vera"), {**bram, f"{back}-text": "Hoe weet u dat zo zeker?"}
    assert f"{back}-text" in vera.get(page_of(round_, OTHER)).content.decode()
    assert f"{back}-text" not in vera.get(page_of(round_, QUESTION)).content.decode()
    refused = vera.post(page_of(round_, QUESTION), sent)
    assert refused.status_code == 422 and "Hoe weet u dat zo zeker?" in refused.content.decode()
    assert EvidencedLevel.objects.get().level == 3 and not SentBack.objects.exists()


def test_another_validator_does_it(round_: Assessment, cast: dict[str, User], client_of: ClientOf) -> None:
    cast["guus"].memberships.get().set_roles([Role.VALIDATOR])
    assert judge(client_of("guus"), round_, QUESTION) == 302
    assert OWN not in html.unescape(client_of("guus").get(page_of(round_, QUESTION)).content.decode())


def test_what_is_their_own_does_not_wait_for_them(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    all_, hers = checklist_of(round_), checklist_of(round_, cast["vera"])
    own = hers.of(QUESTION)
    assert own.must and all_.of(QUESTION).waits and not own.waits
    assert (hers.total, hers.waiting) == (all_.total, all_.waiting - 1)
    assert hers.begin != QUESTION and "voor een andere validator" in (
        client_of("vera").get(f"/rondes/{round_.pk}/bewijs/").content.decode()
    )


def test_in_a_small_municipality_with_one_validator_the_rest_goes_on(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    """Chris holds five roles: what he answered stays unchecked, and the round can be adopted all the same."""
    round_ = make_round(cast, people=("chris",), organisation="hoogezand", leader="chris")
    make_answers(round_, cast["chris"], questions=[QUESTION])
    bring_to(round_, Status.VALIDATION, cast["chris"])
    chris = client_of("chris")
    assert judge(chris, round_, QUESTION) == 422 and checklist_of(round_, cast["chris"]).begin is None
    assert chris.post(f"/rondes/{round_.pk}/status/adopted/").status_code == 302
    assert Adoption.objects.get().results()["questions"][0]["evidenced"] is None


# Nobody changes another's answer, and the college no score


def kept() -> dict[str, list[tuple[object, ...]]]:
    """Everything that a result follows from."""
    tables = (Answer, AnswerRevision, AgreedLevel, EvidencedLevel, Adoption)
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in tables}


EVERY_FIELD = {
    "which": "agreed",
    "contributor": "1",
    "choice": "4",
    **fields(QUESTION, version=1, choice="4", explanation="Veranderd."),
    "evidenced-level": "1",
    "evidenced-words": "Veranderd.",
    "level": "4",
    "explanation": "Veranderd.",
    "version": "1",
}


@pytest.mark.parametrize("state", ["open", "validation", "adopted", "executive"])
@pytest.mark.parametrize(
    "who, may_agree", [("anna", True), ("guus", False), ("bea", False), ("greet", False)]
)
def test_no_form_at_any_address_changes_what_another_answered_or_was_scored(
    who: str, may_agree: bool, state: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    """Every address gets a form with all the fields of an answer and of a level."""
    world = make_world(cast, state)
    before, browser = kept(), client_of(who)
    for name, address in own_addresses(world):
        if name.startswith(("assessments:", "reports:")) and name != "assessments:transition":
            browser.post(address, EVERY_FIELD)
    after = kept()
    if may_agree:
        del before["AgreedLevel"], after["AgreedLevel"]
    assert after == before and before["Answer"]


def test_the_coordinator_sets_an_agreed_level_beside_the_answers_and_not_over_them(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    before = list(Answer.objects.order_by("pk").values_list())
    data = {"which": "agreed", "agreed-level": "1", "agreed-words": "Samen besproken."}
    assert client_of("anna").post(page_of(round_, QUESTION), data).status_code == 302
    assert list(Answer.objects.order_by("pk").values_list()) == before
    assert AgreedLevel.objects.get().level == 1


def test_a_coordinator_who_contributes_too_changes_only_their_own(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    cast["anna"].memberships.get().set_roles([Role.COORDINATOR, Role.CONTRIBUTOR])
    round_ = make_round(cast, people=("bram", "anna"))
    say(round_, cast["bram"], QUESTION, level=2, explanation="Van Bram.")
    say(round_, cast["anna"], QUESTION, level=1)
    data = fields(QUESTION, version=1, choice="4", explanation="Van Anna.")
    for address in (theme_url(round_, QUESTION), answer_url(round_, QUESTION)):
        client_of("anna").post(address, {**data, "contributor": cast["bram"].pk})
    given = dict(round_.answers.values_list("contributor__name", "explanation"))
    assert given["Bram"] == "Van Bram." and round_.answers.count() == 2


# The administrator reads no answers


@pytest.mark.parametrize("state", ["open", "validation", "adopted", "published"])
def test_the_administrator_reads_no_answer_at_any_address(
    state: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    world = make_world(cast, state)
    Answer.objects.update(explanation=f"{MARKED} uitleg")
    Evidence.objects.update(title=f"{MARKED} bewijs")
    SentBack.objects.update(text=f"{MARKED} vraag")
    bea, anna = client_of("bea"), client_of("anna")
    here = dict(own_addresses(world))
    assert not [name for name, address in here.items() if MARKED in body_of(bea, address)]
    assert MARKED in body_of(anna, here["assessments:evidence"])


def own_addresses(world: World) -> Iterator[tuple[str, str]]:
    """Every address of the portal's own, of reports only once there is one."""
    has_report = world.round is not None and world.round.adoption is not None
    for name, pattern in addresses(get_resolver()):
        if (
            ":" in name
            and not name.startswith("admin:")
            and (has_report or "verslagen/<int:pk>" not in pattern)
        ):
            yield name, world.address(name)


def body_of(client: Client, address: str) -> str:
    return b"".join(iter(client.get(address))).decode("utf-8", "replace")
