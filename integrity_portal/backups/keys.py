"""Which settings are secrets: a backup names them and does not hold them, unless in a file apart. Pure."""

from __future__ import annotations

import base64
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

# Without the first nobody stays signed in, and what is enciphered with it is lost; a test goes by this list.
SECRET: Final = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "SIGN_ON_KEY", "DATABASE_URL", "EMAIL_URL", "SEALS")
PATHS: Final = ("pkcs12", "password", "pin")  # what a table of SEALS names of files


def named(env: Mapping[str, str]) -> list[str]:
    """The secrets that this installation has, by name."""
    return [name for name in SECRET if env.get(name)]


def collected(env: Mapping[str, str]) -> dict[str, Any]:
    """The secrets themselves: the settings, and the files that SEALS names, in base64. Raises OSError."""
    seals = env.get("SEALS")
    files = [Path(seals), *_sealing(Path(seals))] if seals else []
    return {
        "settings": {name: env[name] for name in named(env)},
        "files": {str(path): base64.b64encode(path.read_bytes()).decode() for path in files},
    }


def _sealing(seals: Path) -> list[Path]:
    tables = tomllib.loads(seals.read_text()).values()
    return [Path(table[name]) for table in tables for name in PATHS if name in table]


def write(target: Path, env: Mapping[str, str]) -> None:
    """Writes them in a new file that only its owner reads. Raises OSError."""
    text = json.dumps(collected(env), indent=1)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
        opened.write(text)
