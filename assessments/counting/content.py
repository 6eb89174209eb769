"""The yearly figures, areas and terms as the content has them; each is read once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from chain.glossary import Term
from chain.reading import read_figures, read_glossary, read_vulnerabilities
from chain.vulnerability import Vulnerabilities
from chain.yearly import FigureList

FOLDER = Path(settings.BASE_DIR) / "fixtures"


@cache
def figure_list() -> FigureList:
    """Raises FaultyQuestionnaire."""
    return read_figures(FOLDER / "incident-figures.yaml")


@cache
def vulnerabilities() -> Vulnerabilities:
    """Raises FaultyQuestionnaire."""
    return read_vulnerabilities(FOLDER / "vulnerabilities.yaml")


@cache
def glossary() -> tuple[Term, ...]:
    """Raises FaultyQuestionnaire."""
    return read_glossary(FOLDER / "glossary.yaml")


def area_titles() -> dict[str, str]:
    """What each vulnerable area is called, by its slug."""
    return {area.slug: str(area.title) for area in vulnerabilities().areas}
