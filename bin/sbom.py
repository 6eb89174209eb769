"""Prints the bill of materials of this release: what others made that is in it, as CycloneDX 1.6.

    .venv/bin/python bin/sbom.py > sbom.json

It asks the network nothing and needs no package of its own: versions, hashes and who needs what stand in
requirements.txt and package-lock.json. Licences are as the packages name them; those of Python packages are
read from what is installed, so run it where the release runs. What is for another system only (`marker`) and
is not installed there has none. The same release gives the same bytes but for the time, which
SOURCE_DATE_EPOCH sets.
"""

import json
import os
import re
import sys
import tomllib
from base64 import b64decode
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]

TOP = Path(__file__).resolve().parent.parent
PORTAL = "integrity-portal"
PIN = re.compile(r"([\w.-]+)==([^\s;]+)(?: ; (.+?))?(?: \\)?$", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:(\w+)")
NEEDED_BY = re.compile(r"^ +# (?:via |  )([\w.-]+)(?: \(pyproject\.toml\))?$", re.MULTILINE)
# Of the npm packages these build and test; of the others something is in the styles, scripts and fonts.
TOOLS = {"esbuild", "oidc-provider", "samlify"}


def bill(now: datetime) -> Json:
    """The whole document; `now` goes into it as the time at which it was made."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python, needs = python_packages((TOP / "requirements.txt").read_text(encoding="utf-8"))
    npm = npm_packages(json.loads((TOP / "package-lock.json").read_text(encoding="utf-8"))["packages"])
    needs[PORTAL] += [package["bom-ref"] for package in npm]
    needs |= {package["bom-ref"]: [] for package in npm}
    portal: Json = {"type": "application", "bom-ref": PORTAL, "name": PORTAL, "version": project["version"]}
    portal["licenses"] = [{"expression": project["license"]}]
    parts: Json = {
        "metadata": {"lifecycles": [{"phase": "pre-build"}], "component": portal},
        "components": [*python, *npm],
        "dependencies": [{"ref": ref, "dependsOn": sorted(needs[ref])} for ref in sorted(needs)],
    }
    serial = uuid5(NAMESPACE_URL, json.dumps(parts, sort_keys=True))
    parts["metadata"] = {"timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"), **parts["metadata"]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        **parts,
    }


def python_packages(pins: str) -> tuple[list[Json], dict[str, list[str]]]:
    """The packages of a requirements file that uv wrote, and per bom-ref what it needs (comments `via`)."""
    blocks = re.split(r"\n(?=\S)", pins.strip())
    components = [python_package(block) for block in blocks]
    refs = {PORTAL: PORTAL} | {package["name"]: package["bom-ref"] for package in components}
    needs: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for package, block in zip(components, blocks, strict=True):
        for parent in NEEDED_BY.findall(block):
            needs[refs[parent]].append(package["bom-ref"])
    return components, needs


def python_package(block: str) -> Json:
    """The package of these lines. A marker says on which systems alone it is installed."""
    found = PIN.match(block)
    if found is None:
        raise ValueError(f"No version in requirements.txt: {block.splitlines()[0]}")
    name, version, marker = found.groups()
    hashes = [("SHA-256", digest) for digest in HASH.findall(block)]
    page = f"https://pypi.org/project/{name}/{version}/"
    package = component(f"pkg:pypi/{name}@{version}", name, version, page, hashes)
    if licences := python_licences(name, version):
        package["licenses"] = licences
    if marker:
        package["properties"] = [{"name": "marker", "value": marker}]
    return package


def npm_packages(lock: dict[str, Json]) -> list[Json]:
    """What the styles, scripts and fonts are built from, of the packages in a package-lock.json."""
    names = sorted(set(lock[""]["devDependencies"]) - TOOLS)
    return [npm_package(name, lock[f"node_modules/{name}"]) for name in names]


def npm_package(name: str, locked: Json) -> Json:
    version = locked["version"]
    algorithm, digest = locked["integrity"].split("-", 1)
    hashes = [(algorithm.upper().replace("SHA", "SHA-"), b64decode(digest).hex())]
    page = f"https://www.npmjs.com/package/{name}/v/{version}"
    ref = f"pkg:npm/{name.replace('@', '%40')}@{version}"
    return component(ref, name, version, page, hashes) | {"licenses": [{"expression": locked["license"]}]}


def component(ref: str, name: str, version: str, page: str, hashes: list[tuple[str, str]]) -> Json:
    """A package. Its hashes stand with where it is from: each is of one of the files of this version."""
    files = [{"alg": algorithm, "content": content} for algorithm, content in hashes]
    source = {"type": "distribution", "url": page, "hashes": files}
    return {
        "type": "library",
        "bom-ref": ref,
        "name": name,
        "version": version,
        "purl": ref,
        "externalReferences": [source],
    }


def python_licences(name: str, version: str) -> list[Json]:
    """As the installed package says: an SPDX expression, else in its own words; none when it does not."""
    try:
        said: Json = metadata.distribution(name).metadata.json
    except metadata.PackageNotFoundError:
        return []
    if said["version"] != version:
        return []
    if "license_expression" in said:
        return [{"expression": said["license_expression"]}]
    own = said.get("license", "")
    if own and "\n" not in own:  # else it is the whole text
        return [{"license": {"name": own}}]
    names = [
        line.rpartition(" :: ")[2] for line in said.get("classifier", []) if line.startswith("License ::")
    ]
    return [{"license": {"name": words}} for words in names]


if __name__ == "__main__":
    moment = os.environ.get("SOURCE_DATE_EPOCH")
    time = datetime.fromtimestamp(int(moment), UTC) if moment else datetime.now(UTC)
    json.dump(bill(time), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
