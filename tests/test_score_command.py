"""`python -m chain.score`: recomputes a report without Django, and refuses bad input whole."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chain.documents import canonical_json
from chain.score import main
from tests.rounds import CHAIN, FOLDER, answers_file, results_of

ROOT = FOLDER.parent.parent
# Any import of Django fails in the process that this starts, as it does where Django is not installed.
WITHOUT_DJANGO = (
    "import runpy, sys; sys.modules['django'] = None; "
    "runpy.run_module('chain.score', run_name='__main__', alter_sys=True)"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def run(file: Path, capsys: pytest.CaptureFixture[str], folder: Path = FOLDER) -> tuple[int, str, list[str]]:
    """Exit status, standard output, and the lines of standard error."""
    status = main([str(folder), str(file)])
    said = capsys.readouterr()
    return status, said.out, said.err.splitlines()


def write(file: Path, data: object) -> Path:
    file.write_text(json.dumps(data), encoding="utf-8")
    return file


def test_it_runs_without_django(file: Path) -> None:
    data = answers_file({"PA-01": [1, 3], "RE-01": ["not_occurred"]}, weights={"PA-01": 0.1})
    command = [sys.executable, "-c", WITHOUT_DJANGO, str(FOLDER), str(write(file, data))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == results_of(data)


def test_it_runs_as_a_module_and_refuses_with_status_two(file: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "chain.score",
        str(FOLDER),
        str(write(file, answers_file({"PA-99": [1]}))),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "answers[0].question: unknown question 'PA-99'\n"


def test_every_fault_is_named_and_nothing_is_printed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"question": "PA-01", "contributor": "c1", "level": True},
        {"question": "PA-02", "contributor": "c1", "level": 2, "state": "unknown"},
        {"question": "PA-08", "contributor": "c1", "state": "not_applicable"},
        {"question": "PA-08", "contributor": "c2", "state": "not_occurred"},
        {"question": "PA-03", "contributor": "c1", "level": 2},
        {"question": "PA-03", "contributor": "c1", "level": 3},
    ]
    data = answers_file(answers=rows, weights={"PA-03": 0}) | {"questionnaire": {"slug": "x", "version": "2"}}
    status, out, faults = run(write(file, data), capsys)
    assert (status, out) == (2, "")
    assert faults == [
        "questionnaire.slug: must be 'integriteitsketen', not 'x'",
        "questionnaire.version: must be '2026.2', not '2'",
        "answers[0].level: must be a whole number, 0 to 4, not true",
        "answers[1]: has a level and a state together",
        "answers[2].reason: not_applicable needs a reason",
        "answers[3].state: not_occurred is not allowed for PA-08",
        "answers[5]: 'c1' answered PA-03 already, in answers[4]",
        "weights.PA-03: must be a positive number, not 0",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not readable JSON: Expecting value"),
        (b'{"answers": [', "is not readable JSON: Expecting value"),
        (b"\xff\xff", "is not readable JSON: "),
        (b"[" * 100_000, "is not readable JSON: "),
        (b"1" * 5000, "is not readable JSON: "),
        (
            b'{"weights": {"PA-01": 1, "PA-01": 2}}',
            "is not readable JSON: written twice in one object: PA-01",
        ),
    ],
)
def test_what_is_not_one_json_value_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    file.write_bytes(content)
    status, out, faults = run(file, capsys)
    assert (status, out, len(faults)) == (2, "", 1)
    assert faults[0].startswith(f"{file}: {said}")


def test_a_file_that_is_not_there_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, capsys) == (2, "", [f"{file}: cannot be read: No such file or directory"])


def test_a_byte_order_mark_is_no_fault(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(answers_file({"PA-01": [3]})), encoding="utf-8-sig")
    assert run(file, capsys)[0] == 0


def test_a_faulty_questionnaire_is_refused_with_all_its_faults(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "folder")
    (folder / "1-pro-actie.yaml").unlink()
    (folder / "5-nazorg.yaml").write_text("slug: nazorg\ncode: 1\ntitle: Nazorg\n", encoding="utf-8")
    assert run(write(file, answers_file()), capsys, folder) == (
        2,
        "",
        [
            "1-pro-actie.yaml: is missing or cannot be read",
            "5-nazorg.yaml: summary is missing",
            "5-nazorg.yaml: themes is missing",
            "5-nazorg.yaml: code: must be a text, not a number (write it between quotes)",
            "5-nazorg.yaml: title: must be a mapping, not a text",
        ],
    )


@pytest.mark.parametrize("arguments", [[], ["one"], ["one", "two", "three"]])
def test_other_than_two_arguments_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    said = capsys.readouterr()
    assert (exit.value.code, said.out) == (2, "") and "usage: python -m chain.score" in said.err


def test_a_frozen_account_recomputes_to_its_own_results(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = answers_file({"PA-01": [1, 3], "PA-02": ["unknown"]}, track="full")
    data["questionnaire"]["digest"] = CHAIN.digest
    account = data | {"schema": "integriteitsketen/account/1", "results": results_of(data)}
    file.write_text(canonical_json(account), encoding="utf-8")
    status, out, said = run(file, capsys)
    assert (status, json.loads(out), said) == (0, account["results"], [])


def test_an_account_whose_results_were_touched_up_is_told(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = answers_file({"PA-01": [1]})
    touched = json.loads(json.dumps(results_of(data)))
    touched["links"][0]["printed"] = 4
    status, out, said = run(write(file, data | {"results": touched}), capsys)
    assert (status, json.loads(out)) == (1, results_of(data))
    assert said == [f"{file}: the results in this file differ from the ones computed"]
