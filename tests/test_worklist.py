"""What a round asks of one person: counts, the time it takes, and the way through it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.asked import Key
from assessments.models import Assessment, Assignment, SentBack
from assessments.standing import Standing
from assessments.status import Status
from assessments.worklist import Known, worklist
from organisations.models import User
from tests.cast import THEME, bring_to, make_answers, make_round, questionnaire, say

CONTENT = questionnaire()
THEMES = [(link.slug, theme.slug, "") for link in CONTENT.links for theme in link.themes]
QUESTIONS = [question.id for question in CONTENT.questions]
FIRST, SECOND, THIRD = THEMES[:3]


def ids(theme: Key) -> set[str]:
    return {question.id for question in CONTENT.theme(*theme[:2]).questions}


def test_a_worklist_holds_the_given_themes_in_the_order_of_the_questionnaire() -> None:
    mine = worklist(CONTENT, [THEMES[-1], THIRD, FIRST, FIRST], set())
    assert [(*task.key, "") for task in mine.tasks] == [FIRST, THIRD, THEMES[-1]]
    assert [link.slug for link, _ in mine.by_link()] == [FIRST[0], THEMES[-1][0]]


def test_only_answers_to_ones_own_questions_count() -> None:
    mine = worklist(CONTENT, [FIRST], ids(SECOND) | {min(ids(FIRST))})
    assert (mine.total, mine.answered, mine.left) == (len(ids(FIRST)), 1, len(ids(FIRST)) - 1)


def test_single_questions_of_a_theme_ask_no_more_than_those() -> None:
    first, *others = sorted(ids(SECOND))
    mine = worklist(CONTENT, [(*SECOND[:2], first), THIRD], {*others})
    assert [question.id for question in mine.tasks[0].questions] == [first]
    assert (mine.total, mine.answered) == (1 + len(ids(THIRD)), 0)
    assert mine.next and mine.next.key == SECOND[:2]


@pytest.mark.parametrize("left, minutes", [(0, 0), (1, 5), (3, 5), (4, 10), (12, 20), (82, 140)])
def test_twelve_questions_take_about_twenty_minutes(left: int, minutes: int) -> None:
    assert worklist(CONTENT, THEMES, set(QUESTIONS[left:])).minutes == minutes


def test_the_next_thing_to_do_is_the_first_theme_with_something_left() -> None:
    assert worklist(CONTENT, THEMES[:3], set()).next == worklist(CONTENT, [FIRST], set()).tasks[0]
    after = worklist(CONTENT, THEMES[:3], ids(FIRST)).next
    assert after and after.key == SECOND[:2]
    assert worklist(CONTENT, THEMES[:3], set(QUESTIONS)).next is None


def test_a_theme_lies_between_the_one_before_and_the_one_after() -> None:
    mine = worklist(CONTENT, THEMES[:3], set())
    assert mine.around(*FIRST[:2]) == (None, mine.tasks[1])
    assert mine.around(*SECOND[:2]) == (mine.tasks[0], mine.tasks[2])
    assert mine.around(*THIRD[:2]) == (mine.tasks[1], None)


def test_themes_that_the_track_leaves_out_ask_nothing() -> None:
    light = CONTENT.for_track("light")
    assert worklist(light, THEMES, set()).total == sum(question.light_track for question in CONTENT.questions)


@given(st.sets(st.sampled_from(THEMES)), st.sets(st.sampled_from(QUESTIONS)))
def test_what_is_answered_and_what_is_left_is_all(themes: set[Key], answered: set[str]) -> None:
    mine = worklist(CONTENT, themes, answered)
    asked = {question for theme in themes for question in ids(theme)}
    assert mine.total == len(asked) == mine.answered + mine.left
    assert mine.answered == len(asked & answered)
    assert (mine.next is None) == (asked <= answered)


# On the pages


def shown(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_the_front_page_says_first_what_is_left_for_me(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], questions=QUESTIONS[12:])
    page = shown(client_of("bram"), "/")
    assert "Nog 12 vragen voor u, ongeveer 20 minuten." in page
    assert f"{len(QUESTIONS) - 12} van {len(QUESTIONS)} beantwoord" in page
    assert f'href="/rondes/{round_.pk}/vragen/{THEME[0]}/{THEME[1]}/"' in page


def test_a_note_without_an_answer_leaves_the_question_to_do(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    round_.answers.filter(question=QUESTIONS[0]).update(level=None)
    assert "Nog 1 vraag voor u, ongeveer 5 minuten." in shown(client_of("bram"), "/")


def test_who_is_done_hears_so(cast: dict[str, User], client_of: Callable[[str], Client]) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    for url in ("/", f"/rondes/{round_.pk}/vragen/"):
        assert f"U bent klaar: alle {len(QUESTIONS)} vragen zijn beantwoord." in shown(client_of("bram"), url)


def test_who_has_nothing_to_do_hears_so(client_of: Callable[[str], Client]) -> None:
    assert "Er is nu niets voor u te doen." in shown(client_of("fatima"), "/")


# One after the other, handed in, and sent back

ALL = ids(FIRST) | ids(SECOND) | ids(THIRD)


def test_what_waits_for_a_colleague_is_not_left_to_do() -> None:
    mine = worklist(CONTENT, THEMES[:3], set(), Known(waiting={FIRST}))
    assert (mine.left, mine.waiting) == (len(ALL - ids(FIRST)), len(ids(FIRST)))
    assert mine.next and mine.next.key == SECOND[:2]
    assert [task.key for task in mine.waiting_tasks] == [FIRST[:2]]
    assert FIRST[:2] not in [task.key for _, tasks in mine.by_link() for task in tasks]


def test_a_theme_with_something_to_do_is_among_those_to_do() -> None:
    first, *others = sorted(ids(FIRST))
    keys = [(*FIRST[:2], question) for question in sorted(ids(FIRST))]
    mine = worklist(CONTENT, keys, set(), Known(waiting=set(keys[1:])))
    assert (mine.left, mine.waiting, mine.waiting_tasks) == (1, len(others), [])
    assert mine.next and first in mine.next.ids.split()


def test_what_is_handed_in_is_done_answered_or_not() -> None:
    mine = worklist(CONTENT, [FIRST, SECOND], set(), Known(handed_in={FIRST}))
    assert mine.left == len(ids(SECOND)) and mine.answered == 0
    assert not mine.is_handed_in
    assert worklist(CONTENT, [FIRST], set(), Known(handed_in={FIRST})).is_handed_in


@pytest.mark.parametrize(
    "answered, known, word",
    [
        (set(), Known(), Standing.NOT_STARTED),
        ({min(ids(FIRST))}, Known(), Standing.BUSY),
        (set(), Known(noted={min(ids(FIRST))}), Standing.BUSY),
        (ids(FIRST), Known(), Standing.BUSY),
        (set(), Known(handed_in={FIRST}), Standing.HANDED_IN),
        (set(), Known(is_closed=True), Standing.HANDED_IN),
        (set(), Known(is_closed=True, sent_back={min(ids(FIRST))}), Standing.SENT_BACK),
        (set(), Known(is_closed=True, sent_back={min(ids(SECOND))}), Standing.HANDED_IN),
    ],
)
def test_a_theme_is_at_one_station(answered: set[str], known: Known, word: Standing) -> None:
    assert [task.standing for task in worklist(CONTENT, [FIRST], answered, known).tasks] == [word]


@pytest.fixture
def after_bram(cast: dict[str, User]) -> Assessment:
    """Fatima has two themes, and one of them after Bram."""
    round_ = make_round(cast, people=("bram",))
    for (link, theme, _), turn in ((FIRST, 2), (SECOND, 1)):
        Assignment.objects.create(assessment=round_, link=link, theme=theme, user=cast["fatima"], turn=turn)
    return round_


def test_the_list_parts_what_waits(after_bram: Assessment, client_of: Callable[[str], Client]) -> None:
    page = shown(client_of("fatima"), f"/rondes/{after_bram.pk}/vragen/")
    assert "U bent hier aan de beurt als Bram klaar is." in page
    waiting = page.index("Wacht op een collega")
    first, second = (
        page.index(f'/{theme}/">{CONTENT.theme(link, theme).title}</a>', page.index("Zo beantwoordt"))
        for link, theme, _ in (FIRST, SECOND)
    )
    assert second < waiting < first
    for url in (f"/rondes/{after_bram.pk}/vragen/", "/"):
        page = shown(client_of("fatima"), url)
        assert f"Nog {len(ids(SECOND))} vragen voor u" in page
        assert f"{len(ids(FIRST))} vragen wachten tot een collega klaar is." in page


def test_who_can_only_wait_hears_so(
    after_bram: Assessment, cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    after_bram.assignments.filter(user=cast["fatima"], turn=1).delete()
    assert "Nu is er niets voor u te doen." in shown(client_of("fatima"), "/")


def test_the_list_says_how_far_each_theme_is(
    after_bram: Assessment, cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    mine = after_bram.assignments.filter(user=cast["bram"])
    mine.filter(theme=FIRST[1]).update(handed_in_at=timezone.now())
    say(after_bram, cast["bram"], min(ids(SECOND)), explanation="Alleen een notitie.")
    page = shown(client_of("bram"), f"/rondes/{after_bram.pk}/vragen/")
    for word, times in (("ingediend", 1), ("bezig", 1), ("niet begonnen", len(THEMES) - 2)):
        assert page.count(f">{word}</span>") == times, word
    assert page.count("data-unsent hidden") == len(THEMES)


def test_what_was_sent_back_stands_on_top(cast: dict[str, User], client_of: Callable[[str], Client]) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    Assessment.objects.update(status=Status.VALIDATION)
    assert "De validator gaf u iets terug" not in shown(client_of("bram"), "/")
    SentBack.send(round_, QUESTIONS[0], cast["bram"], "Waar staat dit?", cast["vera"])
    page = shown(client_of("bram"), f"/rondes/{round_.pk}/vragen/")
    place = f'/rondes/{round_.pk}/vragen/{FIRST[0]}/{FIRST[1]}/#{QUESTIONS[0]}"'
    assert page.index("Aan u teruggegeven") < page.index(place) < page.index("Deze ronde is in validatie.")
    assert page.count(">teruggegeven</span>") == 1
    assert "De validator gaf u iets terug en wacht op u." in shown(client_of("bram"), "/")


def test_who_answered_and_has_nothing_left_in_an_open_round_hears_so_and_nobody_else(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    address, said = f"/rondes/{round_.pk}/vragen/", "Er staan geen vragen (meer) voor u in deze ronde"
    say(round_, cast["bram"], "PA-01", level=2)
    assert said not in client_of("bram").get(address).content.decode()
    round_.assignments.all().delete()
    page = client_of("bram").get(address)
    assert page.status_code == 200 and said in page.content.decode()
    assert '<a href="/">Naar Mijn werk</a>' in page.content.decode()
    assert {client_of(name).get(address).status_code for name in ("fatima", "anna", "chris")} == {404}
    bring_to(round_, Status.CLOSED, cast["anna"])
    assert client_of("bram").get(address).status_code == 404


def test_who_is_no_contributor_any_more_hears_nothing_of_the_round(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], "PA-01", level=2)
    round_.assignments.all().delete()
    cast["bram"].memberships.get().set_roles(["executive"])
    assert client_of("bram").get(f"/rondes/{round_.pk}/vragen/").status_code == 404
