"""The method's prose and a second, naive computation come to the same results as chain.scoring."""

import json
import random
import re
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from statistics import median_low
from typing import Any

import pytest

from tests.rounds import CHAIN, results_of

README = (Path(__file__).parent.parent / "chain" / "README.md").read_text(encoding="utf-8")


# ---- The worked example of chain/README.md


def example() -> dict[str, Any]:
    found = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def example_tables() -> list[dict[str, Any]]:
    """Per table of the worked example its figures with their results."""
    section = README.split("## A worked example")[1].split("\n## ")[0]
    rows = [re.findall(r"^\| (\w+) \|.*\| (\S+) \|$", block, re.MULTILINE) for block in section.split("\n\n")]
    tables = [{name: result for name, result in block if name != "figure"} for block in rows if block]
    return [
        {name: value if name == "status" else json.loads(value) for name, value in t.items()} for t in tables
    ]


def test_the_worked_example_comes_to_what_the_method_tells() -> None:
    first = example()
    second = deepcopy(first)
    unknown = next(answer for answer in second["answers"] if answer["question"] == "PA-12")
    del unknown["state"]
    unknown["level"] = 2
    third = second | {"weights": {"PA-10": 2}}
    tables = example_tables()
    assert [len(table) for table in tables] == [7, 7, 3]
    for data, table in zip([first, second, third], tables, strict=True):
        theme: dict[str, Any] = {**results_of(data)["links"][0]["themes"][0]}
        assert {name: theme[name] for name in table} == table


def test_the_questions_of_the_worked_example_come_to_what_the_method_tells() -> None:
    questions = {one["id"]: one for one in results_of(example())["questions"]}
    assert (questions["PA-01"]["claimed"], questions["PA-01"]["spread"], questions["PA-01"]["discuss"]) == (
        1,
        2,
        True,
    )
    assert (questions["PA-10"]["claimed"], questions["PA-10"]["evidenced"]) == (4, 2)
    assert [questions[id]["state"] for id in ("PA-12", "PA-13")] == ["unknown", "not_applicable"]


# ---- A second computation, from the same rules by another road: plain rows, decimals, no fractions


def decimals(numerator: Decimal | int, denominator: Decimal | int, step: str) -> float | None:
    """A quotient rounded half up to a step, such as 0.01; None without a denominator."""
    if not denominator:
        return None
    with localcontext() as context:
        context.prec = 60
        parts = Decimal(numerator) / Decimal(denominator) / Decimal(step)
        return float(parts.quantize(Decimal(1), ROUND_HALF_UP) * Decimal(step))


def naive_question(data: dict[str, Any], id: str) -> dict[str, Any]:
    rows = [row for row in data["answers"] if row["question"] == id]
    levels = [row["level"] for row in rows if "level" in row]
    claimed = median_low(levels) if levels else None
    if id in data["agreed"]:
        claimed = data["agreed"][id]["level"]
    state = "unanswered"
    for candidate in ("unknown", "not_occurred", "not_applicable"):
        if any(row.get("state") == candidate for row in rows):
            state = candidate
    near = [level for level in levels if claimed is not None and claimed - 1 <= level <= claimed + 1]
    said = [row["helps"] for row in rows if row.get("helps") in ("yes", "partly", "no")]
    helps = max(["no", "partly", "yes"], key=said.count) if said else None
    spread = max(levels) - min(levels) if levels else None
    return {
        "id": id,
        "state": state if claimed is None else "level",
        "claimed": claimed,
        "evidenced": data["evidenced"].get(id),
        "spread": spread,
        "discuss": id not in data["agreed"] and (spread or 0) > 1,
        "agreement": decimals(len(near), len(levels), "0.01") if len(levels) > 2 else None,
        "helps": helps,
        "ritual": helps == "no" and claimed in (2, 3, 4),
    }


def naive_group(questions: list[dict[str, Any]], weights: dict[str, float]) -> dict[str, Any] | None:
    if not questions:
        return None
    scored = [(Decimal(str(weights.get(q["id"], 1))), q) for q in questions if q["claimed"] is not None]
    count = {
        state: sum(q["state"] == state for q in questions) for state in ("level", "unknown", "unanswered")
    }
    insight = count["unknown"] * 10 <= 3 * (count["level"] + count["unknown"])
    points = sum((weight * q["claimed"] for weight, q in scored), Decimal(0))
    total = sum((weight for weight, _ in scored), Decimal(0)) if insight else 0
    checked = [q for q in questions if q["evidenced"] is not None]
    places: dict[str, int] = dict.fromkeys(
        ["0", "1", "2", "3", "4", "unknown", "not_applicable", "not_occurred", "unanswered"], 0
    )
    for q in questions:
        places[q["state"] if q["claimed"] is None else str(q["claimed"])] += 1
    done = count["unanswered"] == 0
    return {
        "score": decimals(points, total, "0.01"),
        "printed": decimals(points, total, "0.5"),
        "status": "too_little_insight"
        if not insight
        else ("no_score" if not scored else "complete" if done else "provisional"),
        "coverage": decimals(len(questions) - count["unanswered"], len(questions), "0.01"),
        "unknown_share": decimals(count["unknown"], count["unknown"] + count["level"], "0.01") or 0,
        "distribution": places,
        "reached": {str(goal): sum(q["claimed"] >= goal for _, q in scored) for goal in (2, 3, 4)},
        "validated": len(checked),
        "gap": decimals(sum(q["claimed"] - q["evidenced"] for q in checked), len(checked), "0.01"),
    }


def naive_legal(minimum: int, q: dict[str, Any]) -> str:
    if q["evidenced"] is not None:
        return "shown" if q["evidenced"] >= minimum else "not_shown"
    if q["claimed"] is not None:
        return "claimed" if q["claimed"] >= minimum else "not_shown"
    return q["state"] if q["state"] in ("not_applicable", "not_occurred") else "not_shown"


def naive_weakest(links: list[dict[str, Any]]) -> list[str] | None:
    if any(link["printed"] is None for link in links):
        return None
    return [link["slug"] for link in links if all(link["printed"] <= other["printed"] for other in links)]


def naive_links(found: dict[str, dict[str, Any]], weights: dict[str, float]) -> list[dict[str, Any]]:
    links = []
    for link in CHAIN.links:
        inside = [question for theme in link.themes for question in theme.questions]
        parts = {
            **{nature: [found[q.id] for q in inside if q.nature == nature] for nature in ("hard", "soft")},
            **{
                d: [found[q.id] for q in inside if q.dimension == d]
                for d in ("design", "existence", "operation")
            },
        }
        themes = [
            {"slug": theme.slug, **(naive_group([found[q.id] for q in theme.questions], weights) or {})}
            for theme in link.themes
        ]
        links.append(
            {
                "slug": link.slug,
                **(naive_group([found[q.id] for q in inside], weights) or {}),
                **{name: naive_group(part, weights) for name, part in parts.items()},
                "themes": themes,
            }
        )
    return links


def naive_results(data: dict[str, Any]) -> dict[str, Any]:
    found = {question.id: naive_question(data, question.id) for question in CHAIN.questions}
    links, plain = naive_links(found, data["weights"]), naive_links(found, {})
    weakest = naive_weakest(links)
    printed = [(link["printed"], other["printed"]) for link, other in zip(links, plain, strict=True)]
    return {
        "schema": "integriteitsketen/results/1",
        "questionnaire": data["questionnaire"],
        "links": links,
        "weakest": weakest,
        "sensitive": weakest != naive_weakest(plain) or any(one != other for one, other in printed),
        "legal": [
            {
                "question": q.id,
                "minimum": q.legal_minimum,
                "status": naive_legal(q.legal_minimum, found[q.id]),
            }
            for q in CHAIN.questions
            if q.legal_minimum is not None
        ],
        "questions": list(found.values()),
    }


def made_up(seed: int) -> dict[str, Any]:
    """A round on the whole questionnaire; each seed has its own number of contributors and its own habits."""
    chance = random.Random(seed)
    states = ["unknown"] * chance.randrange(3) + ["not_applicable", "not_occurred"]
    contributors, stateful, silent = chance.randint(1, 6), chance.random() * 0.5, chance.random() * 0.4
    answers: list[dict[str, Any]] = []
    for question in CHAIN.questions:
        for number in range(contributors):
            row: dict[str, Any] = {"question": question.id, "contributor": f"c{number}"}
            if chance.random() < silent:
                continue
            state = chance.choice(states) if chance.random() < stateful else None
            if state is None or (state == "not_occurred" and not question.cases_only):
                row["level"] = chance.randint(0, 4)
                if row["level"] >= 2 and chance.random() < 0.7:
                    row["helps"] = chance.choice(["yes", "partly", "no", "unknown"])
            else:
                row |= {"state": state, "reason": "past niet"}
            answers.append(row)
    ids = [question.id for question in CHAIN.questions]
    data: dict[str, Any] = {
        "questionnaire": {"slug": CHAIN.slug, "version": CHAIN.version},
        "weights": {
            id: chance.choice([0.2, 0.5, 2, 3.3]) for id in chance.sample(ids, chance.choice([0, 3, 30]))
        },
        "answers": answers,
        "agreed": {
            id: {"level": chance.randint(0, 4), "reason": "besproken"} for id in chance.sample(ids, 8)
        },
        "evidenced": {},
    }
    claimed = {id: naive_question(data, id)["claimed"] for id in chance.sample(ids, 30)}
    data["evidenced"] = {id: chance.randint(0, level) for id, level in claimed.items() if level is not None}
    return data


@pytest.mark.parametrize("seed", range(40))
def test_a_second_computation_comes_to_the_same_results(seed: int) -> None:
    data = made_up(seed)
    assert results_of(data) == naive_results(data)


def test_the_rounds_that_were_made_up_are_of_all_kinds() -> None:
    """Or the comparison above would say less than it seems to."""
    found = [results_of(made_up(seed)) for seed in range(40)]
    links = [link for one in found for link in one["links"]]
    assert {link["status"] for link in links} >= {"too_little_insight", "provisional", "complete"}
    assert {one["sensitive"] for one in found} == {True, False}
    assert {one["weakest"] is None for one in found} == {True, False}
    assert len({legal["status"] for one in found for legal in one["legal"]}) == 5
    assert {question["ritual"] for one in found for question in one["questions"]} == {True, False}
