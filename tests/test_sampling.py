"""The sample for the validator: drawn by a seed, kept with it, and the same for whoever draws it again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Assessment, EvidencedLevel, JudgementRefused, Sample
from assessments.models.sample import drawable
from assessments.status import Status
from assessments.validating import sampling
from chain.scoring import parse
from organisations.models import User
from reports.models import report_of
from reports.report import Report
from tests.accounts import account
from tests.cast import bring_to, make_answers, make_round, questionnaire
from tests.rounds import row

ClientOf = Callable[[str], Client]
SEEDS = st.text("0123456789abcdef", min_size=1, max_size=16)
SIZES = st.integers(1, sampling.LARGEST)
IDS = [question.id for question in questionnaire().questions]
LEVELS = st.sets(st.sampled_from(IDS))


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    bring_to(round_, Status.VALIDATION, cast["anna"])
    return round_


# The draw


@given(LEVELS, SEEDS, SIZES)
def test_the_same_seed_draws_the_same_and_never_more_than_so_many_per_link(
    levels: set[str], seed: str, size: int
) -> None:
    pool = sampling.drawable(questionnaire(), levels)
    drawn = sampling.draw(pool, seed, size)
    assert drawn == sampling.draw({link: ids[::-1] for link, ids in pool.items()}, seed, size)
    assert len(drawn) == len(set(drawn)) == sum(min(size, len(ids)) for ids in pool.values())


@given(LEVELS, SEEDS, SIZES)
def test_what_has_no_level_or_a_legal_minimum_is_never_drawn(levels: set[str], seed: str, size: int) -> None:
    drawn = set(sampling.draw(sampling.drawable(questionnaire(), levels), seed, size))
    assert drawn <= levels
    assert all(questionnaire().question(one).legal_minimum is None for one in drawn)


@given(SEEDS, SIZES, st.lists(st.text(min_size=1), unique=True))
def test_another_link_changes_nothing_of_this_one(seed: str, size: int, others: list[str]) -> None:
    pool = sampling.drawable(questionnaire(), set(IDS))
    drawn = sampling.draw(pool, seed, size)
    assert sampling.draw({**pool, "nieuw": others}, seed, size)[: len(drawn)] == drawn


@given(SEEDS)
def test_a_larger_sample_holds_the_smaller_one(seed: str) -> None:
    pool = sampling.drawable(questionnaire(), set(IDS))
    assert set(sampling.draw(pool, seed, 2)) < set(sampling.draw(pool, seed, 3))


def test_the_line_that_the_module_gives_an_auditor_draws_the_same() -> None:
    line = re.search(r"\$ (for .*)", sampling.__doc__ or "")
    assert line
    said = subprocess.run(["sh", "-c", line[1]], capture_output=True, text=True, check=True).stdout
    by_hand = re.findall(r"PA-\d\d", said)
    assert by_hand == sampling.draw({"pro-actie": ["PA-10", "PA-11", "PA-12"]}, "4f1c", 3)
    assert ", ".join(by_hand) in (sampling.__doc__ or "")


# In a round


def test_a_draw_is_kept_with_what_it_takes_to_do_it_again(cast: dict[str, User], round_: Assessment) -> None:
    kept = Sample.draw(round_, 3, cast["vera"])
    again = sampling.draw(drawable(round_), kept.seed, kept.size)
    assert kept.questions == again and len(again) == 15


def test_no_two_draws_have_one_seed(cast: dict[str, User], round_: Assessment) -> None:
    for _ in range(3):
        Sample.draw(round_, 3, cast["vera"], "Nog eens.")
    assert len(set(Sample.objects.values_list("seed", flat=True))) == 3


def test_what_cannot_be_drawn_is_refused_in_words(cast: dict[str, User], round_: Assessment) -> None:
    Sample.draw(round_, 3, cast["vera"])
    with pytest.raises(JudgementRefused, match="waarom u opnieuw trekt"):
        Sample.draw(round_, 3, cast["vera"], " ")
    bring_to(round_, Status.ADOPTED, cast["anna"])
    with pytest.raises(JudgementRefused, match="in validatie"):
        Sample.draw(round_, 3, cast["vera"], "Te laat.")
    legal = [one.id for one in round_.content.questions if one.legal_minimum is not None]
    bare = make_round(cast, title="Hermeting")
    make_answers(bare, cast["bram"], questions=legal)
    bring_to(bare, Status.VALIDATION, cast["anna"])
    with pytest.raises(JudgementRefused, match="zonder wettelijk minimum"):
        Sample.draw(bare, 3, cast["vera"])
    assert Sample.objects.count() == 1


# The page


def test_the_validator_draws_and_everyone_who_follows_sees_how(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    address = f"/rondes/{round_.pk}/steekproef/"
    vera = client_of("vera")
    assert "Er is nog geen steekproef getrokken." in vera.get(address).content.decode()
    assert vera.post(address, {"size": "2"}).status_code == 302
    drawn = Sample.objects.get()
    page = client_of("anna").get(address).content.decode()
    assert f"printf &#x27;{drawn.seed}" in page or f"printf '{drawn.seed}" in page
    assert all(question in page for question in drawn.questions) and len(drawn.questions) == 10
    assert "<form method" not in page.partition("<main")[2]


def test_drawing_again_asks_why_and_shows_the_earlier_draw(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    first = Sample.draw(round_, 3, cast["vera"])
    address, vera = f"/rondes/{round_.pk}/steekproef/", client_of("vera")
    page = vera.post(address, {"size": "3", "reason": ""})
    assert page.status_code == 422 and "Schrijf hier iets op." in page.content.decode()
    assert vera.post(address, {"size": "3", "reason": "Een schakel ontbrak."}).status_code == 302
    page = vera.get(address)
    assert first.seed in page.content.decode().partition("Eerder getrokken")[2]
    assert "Een schakel ontbrak." in page.content.decode()


@pytest.mark.parametrize("size", ["0", "21", "veel", "", "9" * 30])
def test_a_size_that_makes_no_sense_is_refused_where_it_was_typed(
    size: str, round_: Assessment, client_of: ClientOf
) -> None:
    page = client_of("vera").post(f"/rondes/{round_.pk}/steekproef/", {"size": size})
    assert page.status_code == 422
    assert not Sample.objects.exists()


def test_only_a_validator_draws_and_not_after_adoption(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    address, given = f"/rondes/{round_.pk}/steekproef/", {"size": "3", "reason": "Omdat het <moet>."}
    assert client_of("anna").post(address, given).status_code == 404
    bring_to(round_, Status.ADOPTED, cast["anna"])
    page = client_of("vera").post(address, given)
    assert page.status_code == 409 and "Omdat het &lt;moet&gt;." in page.content.decode()
    assert not Sample.objects.exists()


def test_the_round_counts_legal_minimums_and_sample_and_others_apart(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    sample = Sample.draw(round_, 3, cast["vera"])
    legal = [one.id for one in round_.content.questions if one.legal_minimum is not None]
    others = [one for one in IDS if one not in {*legal, *sample.questions}]
    for question in (legal[0], sample.questions[0], others[0]):
        EvidencedLevel.record(round_, question, 2, "", cast["vera"])
    page = client_of("anna").get(f"/rondes/{round_.pk}/").content.decode()
    assert f"2 van {len(legal) + 15} vragen gevalideerd en 1 andere" in page


# In the account and the report


def told(evidenced: Iterable[str], **rest: Any) -> list[str]:
    """What the report says of who checked, with all questions on level 2 and these with evidence for it."""
    answers = [row(one, "c1", 2) for one in IDS]
    shown = account(answers=answers, evidenced=dict.fromkeys(evidenced, 2), **rest)
    sections = Report.of(shown, questionnaire()).method.sections
    return list(next(one.paragraphs for one in sections if one.title == "Wie heeft gecontroleerd"))


LEGAL = [one.id for one in questionnaire().questions if one.legal_minimum is not None]
DRAWN: dict[str, Any] = {
    "seed": "4f1c",
    "size": 1,
    "questions": ["PA-10", "PV-17", "PP-05", "RE-02", "NZ-01"],
    "draws": 1,
}


def test_adopting_freezes_the_newest_draw_with_how_often_was_drawn(
    cast: dict[str, User], round_: Assessment
) -> None:
    for _ in range(2):
        newest = Sample.draw(round_, 2, cast["vera"], "Nog eens.")
    bring_to(round_, Status.ADOPTED, cast["anna"])
    adoption = round_.adoptions.get()
    drawn = {"seed": newest.seed, "size": 2, "questions": newest.questions, "draws": 2}
    assert adoption.frozen()["sample"] == drawn
    parse(questionnaire(), adoption.frozen())  # it is an answers file all the same
    assert any(newest.seed in one for one in told(LEGAL, sample=drawn))
    assert newest.seed in str([one.paragraphs for one in report_of(adoption).method.sections])


def test_an_account_without_a_draw_has_no_sample(cast: dict[str, User], round_: Assessment) -> None:
    bring_to(round_, Status.ADOPTED, cast["anna"])
    assert "sample" not in round_.adoptions.get().frozen()
    assert told(LEGAL)[1:] == [
        f"Alle {len(LEGAL)} vragen met een wettelijk minimum en een niveau zijn bekeken."
    ]


def test_the_report_counts_what_was_checked_of_minimums_and_sample() -> None:
    assert told([*LEGAL, *DRAWN["questions"]], sample=DRAWN)[2].startswith(
        "Alle 5 vragen in de steekproef zijn bekeken. Het portaal trok die vragen: per schakel 1 van de "
        "vragen zonder wettelijk minimum, met startwaarde 4f1c."
    )
    some = told([LEGAL[0], "PA-10", "PV-17"], sample={**DRAWN, "draws": 3})
    assert some[1].startswith(
        f"1 van de {len(LEGAL)} vragen met een wettelijk minimum en een niveau is bekeken"
    )
    assert some[2].startswith("2 van de 5 vragen in de steekproef zijn bekeken.")
    assert some[2].endswith("Er is 3 keer getrokken; dit is de laatste.")


def test_a_sample_that_nobody_looked_at_is_told_as_such() -> None:
    assert told([], sample=DRAWN)[0] == "Niemand. Er is geen bewijs bekeken."
    assert told([], sample=DRAWN)[1].startswith("Van de 5 vragen in de steekproef is er geen bekeken.")
    one = {**DRAWN, "questions": ["PA-10"]}
    assert told([], sample=one)[1].startswith("De enige vraag in de steekproef is niet bekeken.")
