"""The answers file: what a round holds, read into typed objects, or refused with every fault by its place.

A frozen account is an answers file too; what else it holds (its organisation, its results) is passed over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from typing import Any, Literal, NamedTuple, TypeGuard

from chain.questionnaire import Questionnaire, Track

Helps = Literal["yes", "partly", "no", "unknown"]
GivenState = Literal["unknown", "not_applicable", "not_occurred"]

HELPS = ("yes", "partly", "no", "unknown")
STATES = ("unknown", "not_applicable", "not_occurred")
ON_PAPER = 2  # the level (vastgelegd) from which one can ask whether a measure helps
AGREED_KEYS = {"level", "reason"}
ANSWER_KEYS = {"question", "contributor", "level", "state", "helps", "reason"}


class Fault(NamedTuple):
    """What is wrong in an answers file: the place, such as `answers[3].level`, and the reason."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class BadAnswers(Exception):
    """Answers that were refused whole, with every fault that was found in them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Answer(NamedTuple):
    """What one contributor said to one question: a level, or else a state."""

    question: str
    contributor: str
    level: int | None
    state: GivenState | None
    helps: Helps | None
    reason: str


class Agreed(NamedTuple):
    """The level that the contributors agreed on together, and why."""

    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """The answers to one questionnaire, by question id. Made by `chain.scoring.parse`, which checks them."""

    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    weights: Mapping[str, Fraction] = field(default_factory=dict)  # 1 where none is set
    agreed: Mapping[str, Agreed] = field(default_factory=dict)
    evidenced: Mapping[str, int] = field(default_factory=dict)
    track: Track = "full"


def read(questionnaire: Questionnaire, data: object) -> tuple[Round, list[Fault]]:
    """What could be read of an answers file, and its faults; the round is of use only when there are none."""
    if not isinstance(data, dict):
        return Round(), [Fault("the file", f"must be an object, not {_shown(data)}")]
    track = "full" if data.get("track") is None else data["track"]
    reader = _Reader(questionnaire, "light" if track == "light" else "full")
    if track not in ("full", "light"):
        reader.note("track", f'must be "full" or "light", not {_shown(track)}')
    reader.check_questionnaire(data.get("questionnaire"))
    found = Round(
        answers=reader.answers(data.get("answers")),
        weights=reader.weights(data.get("weights")),
        agreed=reader.agreed(data.get("agreed")),
        evidenced=reader.evidenced(data.get("evidenced")),
        track=reader.track,
    )
    return found, reader.faults


def _is_level(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= 4  # type(): True is an int too, and is no level


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _shown(value: object) -> str:
    """A value as a message shows it: JSON's words, and not more than a glance."""
    if isinstance(value, bool | None):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and abs(value) > 10**50:
        return "a very large number"  # of which Python may refuse to write the digits
    return repr(value)[:60]


class _Reader:
    """Reads the parts of one answers file and notes the faults on the way."""

    def __init__(self, whole: Questionnaire, track: Track) -> None:
        self.whole = whole
        self.track = track
        self.questionnaire = whole.for_track(track)
        self.faults: list[Fault] = []
        self.doubtful: set[str] = set()  # the questions with bad answers: nothing further is asked of them

    def note(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place, reason))

    def check_questionnaire(self, named: object) -> None:
        """The file says which questionnaire it answers; a digest is compared where the file has one."""
        if not isinstance(named, dict):
            self.note("questionnaire", f"must name the questionnaire (slug, version), not {_shown(named)}")
            return
        for key in ("slug", "version"):
            if named.get(key) != (expected := getattr(self.whole, key)):
                self.note(f"questionnaire.{key}", f"must be {expected!r}, not {_shown(named.get(key))}")
        if "digest" in named and named["digest"] != self.whole.digest:
            self.note(
                "questionnaire.digest", "the questionnaire at hand has another text than the one answered"
            )

    def answers(self, rows: object) -> dict[str, tuple[Answer, ...]]:
        if not isinstance(rows, list):
            self.note("answers", f"must be a list, not {_shown(rows)}")
            self.doubtful.update(question.id for question in self.whole.questions)
            return {}
        found: dict[str, list[Answer]] = {}
        first: dict[tuple[str, str], str] = {}
        for number, row in enumerate(rows):
            place = f"answers[{number}]"
            if not isinstance(row, dict):
                self.note(place, f"must be an object, not {_shown(row)}")
            elif (answer := self.answer(place, row)) is not None:
                before = first.setdefault((answer.question, answer.contributor), place)
                if before != place:
                    self.note(
                        place, f"{answer.contributor!r} answered {answer.question} already, in {before}"
                    )
                found.setdefault(answer.question, []).append(answer)
        return {question: tuple(given) for question, given in found.items()}

    def answer(self, place: str, row: dict[str, Any]) -> Answer | None:
        """One answer, of a question that becomes doubtful when it is bad; None when it is not known whose."""
        self.refuse_other_keys(place, row, ANSWER_KEYS)
        known = self.is_question(f"{place}.question", row.get("question"))
        if not _is_text(row.get("contributor")):
            self.note(f"{place}.contributor", f"must be a text, not {_shown(row.get('contributor'))}")
            known = False
        if not known:
            return None
        reason = "" if row.get("reason") is None else row["reason"]
        said = (row.get("level"), row.get("state"), row.get("helps"))
        answer = Answer(row["question"], row["contributor"], *said, reason)
        for part, fault in self.contradictions(answer):
            self.note(f"{place}{part}", fault)
            self.doubtful.add(answer.question)
        return answer

    def contradictions(self, answer: Answer) -> Iterator[tuple[str, str]]:
        if answer.level is not None and answer.state is not None:
            yield "", "has a level and a state together"
        elif answer.level is None and answer.state is None:
            yield "", "has no level and no state"
        if answer.level is not None and not _is_level(answer.level):
            yield ".level", f"must be a whole number, 0 to 4, not {_shown(answer.level)}"
        if answer.state is not None and answer.state not in STATES:
            yield ".state", f"must be one of {', '.join(STATES)}, not {_shown(answer.state)}"
        if answer.state == "not_occurred" and not self.questionnaire.question(answer.question).cases_only:
            yield ".state", f"not_occurred is not allowed for {answer.question}"
        if not isinstance(answer.reason, str):
            yield ".reason", f"must be a text, not {_shown(answer.reason)}"
        elif answer.state == "not_applicable" and not answer.reason.strip():
            yield ".reason", "not_applicable needs a reason"
        if answer.helps is not None:
            yield from self.helps_faults(answer)

    def helps_faults(self, answer: Answer) -> Iterator[tuple[str, str]]:
        if answer.helps not in HELPS:
            yield ".helps", f"must be one of {', '.join(HELPS)}, not {_shown(answer.helps)}"
        if not _is_level(answer.level) or answer.level < ON_PAPER:
            yield ".helps", f"stands only beside a level of {ON_PAPER} or higher"

    def refuse_other_keys(self, place: str, row: dict[str, Any], keys: set[str]) -> None:
        if others := sorted(map(repr, row.keys() - keys)):
            self.note(place, f"unknown keys: {', '.join(others)}")

    def is_question(self, place: str, question: object) -> bool:
        if isinstance(question, str) and self.questionnaire.has(question):
            return True
        if isinstance(question, str) and self.whole.has(question):
            self.note(place, f"{question} is no part of the light track")
        else:
            self.note(place, f"unknown question {_shown(question)}")
        return False

    def entries(self, part: str, data: object) -> Iterator[tuple[str, str, Any]]:
        """The (place, question id, value) of an optional object with question ids as its keys."""
        if data is None:
            return
        if not isinstance(data, dict):
            self.note(part, f"must be an object, not {_shown(data)}")
            return
        for question, value in data.items():
            place = f"{part}.{question if str(question).isprintable() else _shown(question)}"[:80]
            if self.is_question(place, question):
                yield place, question, value

    def weights(self, data: object) -> dict[str, Fraction]:
        """Exact weights: a number with decimals is the decimal that was written, not its binary kin."""
        found = {}
        for place, question, value in self.entries("weights", data):
            if type(value) is int and value > 0:
                found[question] = Fraction(value)
            elif type(value) is float and isfinite(value) and value > 0:
                found[question] = Fraction(repr(value))
            else:
                self.note(place, f"must be a positive number, not {_shown(value)}")
        return found

    def agreed(self, data: object) -> dict[str, Agreed]:
        found = {}
        for place, question, value in self.entries("agreed", data):
            if not isinstance(value, dict):
                self.note(place, f'must be {{"level": …, "reason": …}}, not {_shown(value)}')
                self.doubtful.add(question)
                continue
            self.refuse_other_keys(place, value, AGREED_KEYS)
            agreed = Agreed(value.get("level", -1), value.get("reason", ""))
            if not _is_level(agreed.level):
                self.note(
                    f"{place}.level", f"must be a whole number, 0 to 4, not {_shown(value.get('level'))}"
                )
                self.doubtful.add(question)
            if not _is_text(agreed.reason):
                self.note(f"{place}.reason", "an agreed level needs a reason")
            found[question] = agreed
        return found

    def evidenced(self, data: object) -> dict[str, int]:
        found = {}
        for place, question, value in self.entries("evidenced", data):
            if not _is_level(value):
                self.note(place, f"must be a whole number, 0 to 4, not {_shown(value)}")
            elif question not in self.doubtful:
                found[question] = value
        return found
