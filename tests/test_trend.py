"""What changed since the earlier report: over the same questions only, and told in halves."""

import re
from dataclasses import replace
from typing import Any

import pytest

from assessments.models import Adoption
from assessments.models.comparing import told
from assessments.models.edition import supplement
from assessments.status import Status
from assessments.supplement import bare
from chain.questionnaire import Questionnaire
from chain.results import ResultsDocument
from chain.text import Text
from chain.trend import Measured, trend
from organisations.models import User
from reports.chapters.changes import Changes, difference
from reports.report import Report
from tests.accounts import account, questionnaire
from tests.cast import make_adopted
from tests.rounds import row


def results(level: int | str, **changed: int | str) -> ResultsDocument:
    """All questions at this level, but for those that are named: PA_01=3."""
    others = {name.replace("_", "-"): said for name, said in changed.items()}
    answers = [row(one.id, "c1", others.get(one.id, level)) for one in questionnaire().questions]
    return account(answers=answers, evidenced={}, agreed={})["results"]


def rewritten(*ids: str) -> Questionnaire:
    """The questionnaire with another text for these questions."""
    links = [
        replace(
            link,
            themes=tuple(
                replace(
                    theme,
                    questions=tuple(
                        replace(q, text=Text(f"{q.text.nl} Anders.", q.text.en)) if q.id in ids else q
                        for q in theme.questions
                    ),
                )
                for theme in link.themes
            ),
        )
        for link in questionnaire().links
    ]
    return replace(questionnaire(), version="2099.1", links=tuple(links))


def between(before: Measured, now: Measured) -> dict[str, tuple[float | None, int]]:
    return {one.slug: (one.change, one.questions) for one in trend(before, now).links}


def of_pro_action() -> list[str]:
    return [one.id for one in questionnaire().links[0].questions]


# What is computed


def test_the_change_is_the_difference_of_the_means_over_the_same_questions() -> None:
    before, now = results(2), results(2, PA_01=4, PA_02=3)
    found = between(Measured(questionnaire(), before), Measured(questionnaire(), now))
    asked = len(of_pro_action())
    assert found["pro-actie"] == (round(3 / asked, 2), asked)
    assert found["nazorg"] == (0, len(questionnaire().link("nazorg").questions))


def test_a_question_that_was_worded_anew_is_not_compared() -> None:
    before, now = Measured(rewritten("PA-01"), results(2)), Measured(questionnaire(), results(2, PA_01=4))
    assert between(before, now)["pro-actie"] == (0, len(of_pro_action()) - 1)


def test_a_question_without_a_level_in_one_of_the_two_is_not_compared() -> None:
    before, now = results(2, PA_01="unknown"), results(3, PA_02="not_applicable")
    found = between(Measured(questionnaire(), before), Measured(questionnaire(), now))
    assert found["pro-actie"] == (1, len(of_pro_action()) - 2)


def test_without_a_printed_level_there_is_no_change() -> None:
    nothing = results("unknown", PA_01=2)
    found = between(Measured(questionnaire(), nothing), Measured(questionnaire(), results(2)))
    assert {change for change, _ in found.values()} == {None}


def test_a_light_round_is_compared_over_what_it_asked() -> None:
    light = questionnaire().for_track("light")
    before = Measured(light, account("light")["results"])
    now = Measured(questionnaire(), account()["results"])
    for one in trend(before, now).links:
        assert one.questions <= len(light.link(one.slug).questions)


def test_local_weights_are_no_change() -> None:
    same = account(agreed={}, evidenced={})
    weighted = account(agreed={}, evidenced={}, weights={"PA-01": 5, "NZ-01": 3})
    found = trend(Measured(questionnaire(), same["results"]), Measured(questionnaire(), weighted["results"]))
    assert {one.change for one in found.links} == {0}


def test_legal_minimums_that_are_newly_and_no_longer_shown() -> None:
    legal = [one for one in questionnaire().questions if one.legal_minimum is not None][:3]
    first, second, third = (one.id for one in legal)
    answers = [row(one.id, "c1", 4) for one in questionnaire().questions]

    def with_evidence(*ids: str) -> Measured:
        given = account(answers=answers, agreed={}, evidenced=dict.fromkeys(ids, 4))
        return Measured(questionnaire(), given["results"])

    found = trend(with_evidence(first, second), with_evidence(second, third))
    assert (found.newly_shown, found.no_longer_shown) == ((third,), (first,))
    reworded = replace(with_evidence(first), questionnaire=rewritten(first))
    assert trend(with_evidence(), reworded).newly_shown == ()


def test_a_legal_minimum_about_cases_does_not_change_in_a_year_without_one() -> None:
    about_cases = [one.id for one in questionnaire().questions if one.legal_minimum and one.cases_only]

    def year(said: int | str) -> Measured:
        answers = [row(one, "c1", said) for one in about_cases]
        shown = dict.fromkeys(about_cases, 4) if said == 4 else {}
        return Measured(questionnaire(), account(answers=answers, agreed={}, evidenced=shown)["results"])

    assert trend(year(4), year(0)).no_longer_shown == tuple(about_cases)
    for before, now in ((4, "not_occurred"), ("not_occurred", 4)):
        found = trend(year(before), year(now))
        assert (found.newly_shown, found.no_longer_shown) == ((), ())


# What is frozen and told


@pytest.mark.django_db
def test_a_round_is_compared_with_the_newest_earlier_one_that_was_offered(cast: dict[str, User]) -> None:
    make_adopted(cast, Status.PUBLISHED, year=2023)
    last = make_adopted(cast, Status.SUBMITTED, year=2024)
    make_adopted(cast, year=2025)  # adopted, and offered to nobody
    round_ = make_adopted(cast, year=2026)
    found = told(round_)
    earlier = Adoption.objects.get(assessment=last)
    assert found and (found["year"], found["digest"]) == (2024, earlier.digest)
    printed = [one["printed"] for one in round_.results()["links"]]
    assert [one["now"] for one in found["links"]] == printed
    assert round_.adoption and supplement(round_.adoption)["change"] == found
    past = make_adopted(cast, year=2020)
    assert told(past) is None, "a round of an earlier year that is made later"


@pytest.mark.django_db
def test_the_first_round_has_nothing_to_be_compared_with(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast)
    assert told(round_) is None
    assert round_.adoption and "change" not in supplement(round_.adoption)


def shown(*changes: float | None, **legal: list[str]) -> Report:
    """A report with these changes of the five links."""
    document = account()
    links = [
        {"slug": link["slug"], "before": 2, "now": link["printed"], "change": change, "questions": 11}
        for link, change in zip(document["results"]["links"], changes, strict=True)
    ]
    change: Any = {
        "title": "Jaarronde 2024",
        "year": 2024,
        "adopted": "2024-11-12",
        "digest": "a" * 64,
        "version": "2026.1",
        "track": "full",
        "links": links,
        "legal": {"newly_shown": [], "no_longer_shown": [], **legal},
    }
    beside = bare(Report.of(document, questionnaire()).checksum, 1)
    beside["change"] = change
    return Report.of(document, questionnaire(), supplement=beside)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (0.24, "ongeveer gelijk"),
        (0.25, "een half niveau hoger"),
        (-0.25, "een half niveau lager"),
        (-1.1, "een heel niveau lager"),
        (1.5, "anderhalf niveau hoger"),
        (2.3, "2,5 niveaus hoger"),
        (None, "niet te vergelijken"),
    ],
)
def test_a_difference_is_told_in_halves(change: float | None, words: str) -> None:
    assert difference(change) == words


def test_the_finding_names_what_went_up_and_down_and_judges_neither() -> None:
    found = Changes(shown(0.5, -0.5, 0, 0.1, None, newly_shown=["PV-01"]).account)
    assert found.core == "Op dezelfde vragen staat pro-actie hoger, en preventie lager. Ongeveer gelijk: 2."
    assert found.legal_core == "Wettelijke minimums: 1 nieuw aangetoond, 0 niet meer aangetoond."
    assert [row.questions for row in found.rows] == [11] * 5
    assert Changes(shown(0, 0, 0, 0, 0).account).core.endswith("ongeveer gelijk gebleven.")
    assert "niet te vergelijken" in Changes(shown(*[None] * 5).account).core
    assert not re.search("beter|slechter|vooruit|achteruit", found.in_short)


def test_the_picture_tells_then_from_now_without_colour() -> None:
    drawn = Changes(shown(0.5, -0.5, 0, 0.1, None).account).picture
    assert drawn.count("<circle") == 1 + 5 and "In 2024" in drawn and "In 2025" in drawn
    assert set(re.findall(r'<(?:circle|rect) class="([^"]+)"', drawn)) == {
        "picture-ring picture-paper",
        "picture-weakest",
    }
