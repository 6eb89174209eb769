"""The chain of the log: whatever is changed, removed or put between is found, and where."""

import random
from dataclasses import replace

import pytest

from organisations.log.chain import START, Anchor, Fault, Line, faults

Lines = list[tuple[Line, str]]


def a_chain(length: int) -> tuple[Lines, Anchor]:
    """Entries as the portal makes them, and the head that it keeps."""
    lines: Lines = []
    previous = START
    for number in range(1, length + 1):
        line = Line(
            chain="organisatie-1",
            number=number,
            at=f"2026-11-22T10:{number // 60:02}:{number % 60:02}.000000+00:00",
            who="Anna <anna@waterrijk.example>",
            who_id=1,
            act="status",
            what=f"ronde {number}",
            result="done",
            whence="192.0.2.1",
            detail={"van": "open", "naar": "gesloten"},
            previous=previous,
        )
        previous = line.digest
        lines.append((line, previous))
    return lines, Anchor("organisatie-1", length, previous)


def found(lines: Lines, head: Anchor | None, *anchors: Anchor) -> list[Fault]:
    return list(faults(lines, head, anchors))


def remade(lines: Lines) -> Lines:
    """The entries with digests that fit, as somebody would make them who covers their tracks."""
    previous, made = START, []
    for number, (line, _) in enumerate(lines, 1):
        line = replace(line, number=number, previous=previous)
        previous = line.digest
        made.append((line, previous))
    return made


CHANGES = {
    "at": "2020-01-01T00:00:00.000000+00:00",
    "who": "Bea <bea@waterrijk.example>",
    "who_id": 2,
    "act": "view",
    "what": "iets anders",
    "result": "refused",
    "whence": "198.51.100.7",
    "detail": {"van": "open", "naar": "concept"},
    "previous": "f" * 64,
}


def test_a_chain_that_nobody_touched_has_no_faults() -> None:
    lines, head = a_chain(50)
    assert found(lines, head) == []
    assert found([], None) == []
    assert found(lines, head, Anchor("organisatie-1", 20, lines[19][1])) == []


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("place", [0, 6, 11])
def test_a_changed_entry_is_found_at_its_number(name: str, place: int) -> None:
    lines, head = a_chain(12)
    line, kept = lines[place]
    lines[place] = (replace(line, **{name: CHANGES[name]}), kept)  # type: ignore[arg-type]
    assert place + 1 in {fault.number for fault in found(lines, head)}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_entry_with_a_digest_made_anew_is_found_too(name: str) -> None:
    lines, head = a_chain(12)
    for place in range(12):
        line = replace(lines[place][0], **{name: CHANGES[name]})  # type: ignore[arg-type]
        touched = [*lines[:place], (line, line.digest), *lines[place + 1 :]]
        assert found(touched, head)[0].number in (place + 1, place + 2)


def test_thousands_of_random_tamperings_are_each_found() -> None:
    chance = random.Random(20261122)
    lines, head = a_chain(60)
    for _ in range(5000):
        touched = list(lines)
        for _ in range(chance.randint(1, 3)):
            tamper(touched, chance)
        if touched != lines:
            assert found(touched, head), touched


def tamper(lines: Lines, chance: random.Random) -> None:
    """Changes, removes, doubles, swaps or puts in an entry, with or without digests made to fit."""
    place = chance.randrange(len(lines))
    line, kept = lines[place]
    how = chance.randrange(6)
    if how == 0:
        name = chance.choice(list(CHANGES))
        changed = replace(line, **{name: CHANGES[name]})  # type: ignore[arg-type]
        lines[place] = (changed, chance.choice([kept, changed.digest]))
    elif how == 1:
        del lines[place]
    elif how == 2:
        lines.insert(place, lines[chance.randrange(len(lines))])
    elif how == 3:
        other = chance.randrange(len(lines))
        lines[place], lines[other] = lines[other], lines[place]
    elif how == 4:
        extra = replace(line, what="ertussen")
        lines.insert(place + 1, (extra, extra.digest))
    else:
        lines[place] = (line, f"{chance.getrandbits(256):064x}")


def test_a_whole_chain_made_anew_does_not_fit_the_head_or_what_was_told_before() -> None:
    lines, head = a_chain(30)
    made = remade([*lines[:9], (replace(lines[9][0], what="iets anders"), ""), *lines[10:]])
    assert [fault.number for fault in found(made, head)] == [30]
    new_head = Anchor(head.chain, 30, made[-1][1])
    assert found(made, new_head) == []  # only what was told elsewhere gives this away
    told = Anchor(head.chain, 20, lines[19][1])
    assert [fault.number for fault in found(made, new_head, told)] == [20]


def test_entries_cut_off_at_the_end_are_found() -> None:
    lines, head = a_chain(30)
    assert [fault.number for fault in found(lines[:25], head)] == [26]
    shorter = Anchor(head.chain, 25, lines[24][1])
    assert found(lines[:25], shorter, Anchor(head.chain, 28, lines[27][1]))[0].number == 28
    assert found(lines, None)[0].number == 30
    assert found([], head)[0].number == 1
