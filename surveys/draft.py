"""What somebody chose so far, kept in one signed cookie on their own device and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing

from surveys.answers import SKIPPED, VALUES, Entry

SALT = "surveys.draft"
DAYS = 30
REMARK_LIMIT = 500
LARGEST = 3800  # bytes; browsers keep cookies of 4 KB, name and attributes included
LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers by statement id, remarks by link, and how the pages are shown."""

    answers: Mapping[str, int] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    one_by_one: bool = False
    language: str = "nl"

    def with_page(self, answers: Mapping[str, int], remarks: Mapping[str, str]) -> Draft:
        """The draft after one page of it was filled in."""
        return replace(self, answers={**self.answers, **answers}, remarks={**self.remarks, **remarks})

    def entry(self) -> Entry:
        return Entry(self.answers, self.remarks)

    def to_cookie(self, statements: Sequence[str]) -> str:
        signs = "".join(str(self.answers.get(id_, SKIPPED)).replace("0", "?") for id_ in statements)
        data = {"a": signs, "r": dict(self.remarks), "o": self.one_by_one, "l": self.language}
        return signing.dumps(data, salt=SALT, compress=True)

    @staticmethod
    def from_cookie(value: str, statements: Sequence[str]) -> Draft:
        """What the cookie holds; an empty draft when it is not ours, or of other statements."""
        try:
            data: dict[str, Any] = signing.loads(value, salt=SALT, max_age=DAYS * 24 * 3600)
        except signing.BadSignature:
            return Draft()
        if len(data["a"]) != len(statements):
            return Draft(language=data["l"])
        answers = {
            id_: VALUES[sign] for id_, sign in zip(statements, data["a"], strict=True) if sign in VALUES
        }
        return Draft(answers, data["r"], data["o"], data["l"])
