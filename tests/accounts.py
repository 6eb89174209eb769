"""Made-up adopted accounts to make reports of: the real questionnaire, answers by a fixed recipe."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast

from chain.questionnaire import Question, Questionnaire
from chain.reading import read_folder, read_statements
from chain.scoring import parse, score
from chain.statements import StatementList
from reports.account import AccountDocument
from reports.report import Report
from surveys.protection import Counts, Tally, publish

QUESTIONNAIRE = Path(__file__).parent.parent / "fixtures" / "questionnaire"
USUAL = {"PA": 3, "PV": 3, "PP": 2, "RE": 2, "NZ": 1}  # the level around which a link is answered


@cache
def questionnaire() -> Questionnaire:
    return read_folder(QUESTIONNAIRE)


def account(track: str = "full", **changes: Any) -> AccountDocument:
    """An adopted account of Gemeente Waterrijk with answers by nine people; `changes` replace top-level keys.

    With `answers`, `agreed`, `evidenced` or `weights` among the changes the results follow from those.
    """
    document = _given(track) | changes
    document["results"] = score(questionnaire(), parse(questionnaire(), document)).as_document()
    return cast(AccountDocument, document)


def _given(track: str) -> dict[str, Any]:
    content = questionnaire().for_track(track)
    answers = [answer for question in content.questions for answer in _answers(question)]
    levels: dict[str, list[int]] = {}
    for answer in answers:
        if "level" in answer:
            levels.setdefault(answer["question"], []).append(answer["level"])
    return {
        "schema": "integriteitsketen/account/1",
        "organisation": {
            "name": "Gemeente Waterrijk",
            "kind": "gemeente",
            "cbs_code": None,
            "inhabitants": 24000,
            "staff": 210,
        },
        "round": {
            "title": "Jaarronde",
            "year": 2025,
            "track": track,
            "version": 1,
            "opened": "2025-09-01",
            "closed": "2025-10-17",
            "adopted": "2025-11-14",
            "contributors": len({answer["contributor"] for answer in answers}),
            "validators": 1,
        },
        "questionnaire": {
            "slug": content.slug,
            "version": content.version,
            "digest": questionnaire().digest,
        },
        "track": track,
        "weights": {},
        "answers": answers,
        "agreed": {},
        "evidenced": dict(_evidenced(levels)),
    }


def _answers(question: Question) -> list[dict[str, Any]]:
    """One to three answers to a question, always the same ones."""
    chance = Random(question.id)
    people = chance.sample(range(1, 10), chance.choice((1, 1, 2, 3)))
    said = _answer(question, chance)
    found = []
    for person in sorted(people):
        answer = {"question": question.id, "contributor": f"c{person}", **said}
        if "level" in said:
            answer["level"] = min(4, max(0, said["level"] + chance.choice((0, 0, 0, 1, -1))))
            if answer["level"] >= 2:
                answer["helps"] = chance.choice(("yes", "yes", "partly", "no", "unknown"))
        found.append(answer)
    return found


def _answer(question: Question, chance: Random) -> dict[str, Any]:
    if question.cases_only and chance.random() < 0.3:
        return {"state": "not_occurred"}
    if chance.random() < 0.08:
        return {"state": "unknown"}
    if question.id == "PV-08":
        return {
            "state": "not_applicable",
            "reason": "Geen enkele functie is aangewezen sinds 2023.",
        }
    return {"level": min(4, max(0, USUAL[question.id[:2]] + chance.choice((-2, -1, -1, 0, 0, 0, 1, 1))))}


def _evidenced(levels: dict[str, list[int]]) -> Any:
    for question_id, given in levels.items():
        chance = Random(f"evidence {question_id}")
        claimed = sorted(given)[(len(given) - 1) // 2]
        if chance.random() < 0.4:
            yield question_id, max(0, claimed - chance.choice((0, 0, 0, 1, 2)))


@cache
def statements(audience: str) -> StatementList:
    return read_statements(QUESTIONNAIRE.parent / "statements" / f"{audience}.yaml")


def told(audience: str, *groups: tuple[int, int], **counts: Counts) -> dict[str, Any]:
    """The result of a survey as an account keeps it. Groups: population and answers.

    `counts`: what each group answered to a statement (PA_S1), instead of what the recipe makes of it.
    """
    content = statements(audience)
    changed = {id_.replace("_", "-"): one for id_, one in counts.items()}
    tallies = [
        Tally(f"groep-{number}", population, ballots, made_up(content.ids, ballots, number) | changed)
        for number, (population, ballots) in enumerate(groups, 1)
    ]
    return {
        "audience": audience,
        "opened": "2025-09-08",
        "closed": "2025-09-29",
        "statements": {"slug": content.slug, "version": content.version, "digest": content.digest},
        "digest": "0" * 64,
        "document": {**publish(content.ids, tallies), "groups": [], "hidden": []},
    }


def report_with(*surveys: dict[str, Any], track: str = "full", **changes: Any) -> Report:
    """The report of an account with these surveys."""
    lists = {one.digest: one for one in map(statements, ("staff", "council"))}
    return Report.of(account(track, surveys=list(surveys), **changes), questionnaire(), lists)


def made_up(ids: Iterable[str], ballots: int, number: int) -> dict[str, Counts]:
    """Counts that add up to so many ballots, by a fixed recipe."""
    found = {}
    for place, id_ in enumerate(ids):
        agree = ballots * (3 + (place * 5 + number) % 6) // 10
        unknown = (ballots - agree) // 5
        disagree = (ballots - agree - unknown) // 2
        found[id_] = Counts((disagree, 0, ballots - agree - unknown - disagree, agree, 0), unknown)
    return found
