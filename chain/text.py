"""A text in the two languages of a questionnaire."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; printed it is the Dutch one."""

    nl: str
    en: str

    def __str__(self) -> str:
        return self.nl

    def said_in(self, language: str) -> str:
        """The English text for "en", the Dutch one for anything else."""
        return self.en if language == "en" else self.nl
