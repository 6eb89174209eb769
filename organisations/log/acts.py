"""What is written in the log: every act by its name, with the words that the page shows."""

from enum import StrEnum


class Act(StrEnum):
    """An act as it is stored; `label` is the word on the page."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SECOND_FACTOR = "second_factor"
    PASSWORD = "password"
    INVITE = "invite"
    JOIN = "join"
    RIGHTS = "rights"
    SETTINGS = "settings"
    STATUS = "status"
    JUDGE = "judge"
    VIEW = "view"
    EXPORT = "export"
    DOWNLOAD = "download"
    DELETE = "delete"
    OPERATION = "operation"
    CLOSING = "closing"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Act.SIGN_IN: "ingelogd",
    Act.SIGN_OUT: "uitgelogd",
    Act.SECOND_FACTOR: "tweede stap veranderd",
    Act.PASSWORD: "wachtwoord veranderd",
    Act.INVITE: "uitgenodigd",
    Act.JOIN: "lid geworden",
    Act.RIGHTS: "rechten veranderd",
    Act.SETTINGS: "instellingen veranderd",
    Act.STATUS: "stap gezet",
    Act.JUDGE: "niveau vastgelegd",
    Act.VIEW: "bekeken",
    Act.EXPORT: "uitgevoerd naar een bestand",
    Act.DOWNLOAD: "gedownload",
    Act.DELETE: "verwijderd",
    Act.OPERATION: "beheer van de installatie",
    Act.CLOSING: "oude regels afgesloten",
}


class Result(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return RESULTS[self]


RESULTS = {Result.DONE: "gelukt", Result.REFUSED: "geweigerd", Result.FAILED: "mislukt"}
ACT_CHOICES = [(act.value, act.label) for act in Act]
RESULT_CHOICES = [(result.value, result.label) for result in Result]
