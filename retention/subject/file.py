"""The export as a file: a zip with a page to read and the same as JSON, for another program."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.template.loader import render_to_string

PAGE, DATA = "gegevens.html", "gegevens.json"


def pack(told: dict[str, Any]) -> bytes:
    """The zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(PAGE, render_to_string("retention/subject/file.html", {"told": _named(told)}))
        packed.writestr(DATA, json.dumps(told, ensure_ascii=False, indent=2))
    return target.getvalue()


def _named(told: dict[str, Any]) -> dict[str, Any]:
    """The same under names that a template can ask for."""
    parts = [
        {
            "title": part["titel"],
            "hidden": part["verborgen"],
            "head": list(part["regels"][0]) if part["regels"] else [],
            "rows": [list(row.values()) for row in part["regels"]],
        }
        for part in told["delen"]
    ]
    return {
        "on": told["gemaakt op"],
        "where": told["organisatie"],
        "person": told["persoon"],
        "parts": parts,
        "left": told["niet erin"],
    }
