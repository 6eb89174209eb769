"""What pages ask for is there, and every house style can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

from organisations.colours import contrast

BASE = Path(settings.BASE_DIR)
THEMES = sorted((BASE / "static" / "themes").glob("*.css"))
STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
TINTS = {"50", "100", "200", "300", "400", "500", "600", "700"}
READABLE = 4.5  # WCAG 2.2, 1.4.3


def tints(theme: Path) -> dict[str, str]:
    return dict(re.findall(r"--brand-(\d+):\s*(#[0-9a-f]{6});", theme.read_text()))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.stem)
def test_a_house_style_can_be_read(theme: Path) -> None:
    brand = tints(theme)
    assert set(brand) == TINTS
    for dark in ("400", "500", "600", "700"):
        assert contrast(brand[dark], "#ffffff") >= READABLE, f"{theme.stem}: {dark} on white"
    for ink, paper in [("500", "50"), ("500", "100"), ("600", "100"), ("700", "100"), ("700", "200")]:
        assert contrast(brand[ink], brand[paper]) >= READABLE, f"{theme.stem}: {ink} on {paper}"


def test_every_file_that_a_page_asks_for_is_collected(settings: Settings, tmp_path: Path) -> None:
    """With the names of production, so that a broken address inside a stylesheet shows too."""
    settings.STATIC_ROOT = tmp_path
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": manifest}}
    call_command("collectstatic", interactive=False, verbosity=0)
    asked = {
        name for page in (BASE / "templates").rglob("*.html") for name in STATIC.findall(page.read_text())
    }
    assert "build/portal.css" in asked
    for name in asked:
        assert (tmp_path / staticfiles_storage.url(name).removeprefix(settings.STATIC_URL)).exists(), name
