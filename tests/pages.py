"""Addresses and form fields as the pages have them."""

from __future__ import annotations

from django.urls import reverse

from assessments.models import Assessment


def theme_url(round_: Assessment, question: str) -> str:
    """The page of the theme to which the question belongs."""
    content = round_.content
    return reverse(
        "assessments:theme", args=[round_.pk, content.link_of(question).slug, content.theme_of(question).slug]
    )


def answer_url(round_: Assessment, question: str) -> str:
    return f"{theme_url(round_, question)}{question}/"


def fields(question: str, version: object = 0, **given: object) -> dict[str, object]:
    """The fields of one question: `choice`, `reason`, `helps`, `explanation`; what is not given is empty."""
    empty = {"choice": "", "reason": "", "helps": "", "explanation": ""}
    return {f"{question}-{name}": value for name, value in {**empty, **given, "version": version}.items()}
