"""Every page on a desktop and on the narrowest phone: accessible, and within its width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from assessments.delegating.division import Part
from assessments.models import Action, AgreedLevel, Answer, EvidencedLevel, Meeting, Thread
from assessments.models.delegation import divide
from assessments.status import Status
from organisations.models import Organisation, User
from surveys.models.life import close
from tests.browser.entering import enter
from tests.cast import THEME, bring_to, make_adopted, make_answers, make_round, questionnaire
from tests.evidence import make_evidence
from tests.surveys import make_open_survey, make_survey, make_told
from tests.world import World, make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
# Who opens what; the last word is the state of the round.
PAGES = """
anna home                        adopted
anna assessments:list            adopted
anna assessments:create          adopted
anna assessments:detail          draft
anna assessments:detail          open
anna assessments:detail          adopted
anna assessments:edit            open
anna assessments:edit            closed
anna assessments:delegation      open
anna assessments:delegation_theme open
anna assessments:turn            open
anna assessments:progress        open
anna assessments:figures         open
vera assessments:figures         adopted
anna assessments:vulnerabilities open
guus assessments:vulnerabilities adopted
anna assessments:transition      open
anna assessments:transition      closed
vera assessments:judgements      validation
vera assessments:judgement       validation
anna reports:meetings            validation
anna reports:meeting             validation
anna reports:meeting_question    validation
anna reports:minutes             validation
anna reports:dashboard           open
vera reports:annex               adopted
anna assessments:plan            adopted
anna assessments:plan            open
anna assessments:action_new      open
guus assessments:action          adopted
anna assessments:action_edit     adopted
anna assessments:action_step     adopted
guus reports:dashboard           adopted
guus reports:link                adopted
anna reports:figure              adopted
greet reports:list               adopted
greet reports:report             adopted
greet reports:verify             adopted
greet reports:verify_code        submitted
bram home                        open
bram assessments:questions       open
bram assessments:theme           open
bram assessments:theme           closed
bram assessments:hand_in         open
bram assessments:hand_in         closed
bram assessments:hand_over       open
bram assessments:evidence        open
bram assessments:offline         open
bram assessments:offline         closed
bram assessments:thread          open
anna assessments:thread          adopted
anna assessments:threads         open
bram assessments:threads         closed
anna assessments:evidence        closed
bram assessments:evidence_remove open
anna surveys:list                open
anna surveys:detail              open
anna surveys:detail              closed
anna surveys:detail              adopted
anna surveys:prepare             draft
anna surveys:groups              draft
anna surveys:groups_import       draft
anna surveys:clearances          draft
anna surveys:open                draft
anna surveys:close               open
anna reports:survey              told
anna reports:survey              closed
anna reports:survey_group        told
anna reports:link                told
greet surveys:list               open
bea  organisations:members       draft
bea  organisations:member        draft
bea  organisations:remove        draft
bea  organisations:right         draft
bea  organisations:substitute    draft
vera organisations:rights        draft
bea  organisations:forget_factor draft
bea  organisations:sessions      draft
bea  organisations:review        draft
vera organisations:review_done   draft
bea  organisations:invite        draft
bea  organisations:organisation  draft
bea  organisations:outbox        draft
bea  organisations:house_style   draft
bea  organisations:house_style_version draft
greet reports:preview            adopted
anna reports:covering_page       validation
anna reports:covering_page       adopted
nobody reports:publications      published
nobody reports:publication       published
bea  organisations:log           draft
bea  organisations:sign_on_settings draft
bea  organisations:sign_on_passwords draft
bea  organisations:saml_settings  draft
nobody organisations:sign_on     draft
bea  retention:own                 draft
bea  retention:person              draft
nobody retention:asked            draft
bea  leaving                       draft
bea  retention:overview            draft
bea  retention:periods             draft
bea  retention:trial               draft
bea  retention:hold                draft
bea  retention:lift                draft
bea  retention:statements          draft
bea  retention:statement           draft
bea  organisations:preferences   draft
bea  demo_mailbox                draft
bea  demo_mail                   draft
nobody organisations:accept      draft
"""


@pytest.fixture
def worlds(cast: dict[str, User]) -> dict[str, World]:
    """Rounds with all that pages can show: differing answers, states, texts, judgements and long names."""
    Organisation.objects.filter(slug="waterrijk").update(
        name="Gemeenschappelijke regeling Waterrijkebuitengebied"
    )
    User.objects.filter(pk=cast["bram"].pk).update(name="Bram van Oldenzaalseweg-Hoogstratenbroeck")
    first = make_world(cast, "adopted")
    long = "Eenwoordzonderspaties"
    Action.objects.update(what=long * 9, why=long * 40, owner=long * 5, change=long * 40)
    worlds = {"adopted": first}
    for year, state in enumerate(("draft", "closed", "open"), 2027):
        round_ = make_round(cast, people=("bram", "fatima"), year=year)
        _fill(round_.pk, cast)
        round_.status = state
        round_.save()
        evidence = make_evidence(round_, cast["bram"], title="Eenwoordzonderspaties" * 9)
        worlds[state] = first._replace(round=round_, evidence=evidence.pk)
    assert worlds["open"].round and worlds["draft"].round and worlds["closed"].round
    make_survey(worlds["draft"].round, cast["anna"], {"Eenwoordzonderspaties" * 5: 4, "Staf": 30, "Raad": 9})
    make_open_survey(worlds["open"].round, cast["anna"])
    close(make_open_survey(worlds["closed"].round, cast["anna"]))
    divide(worlds["open"].round, *THEME, {cast["bram"].pk: Part(), cast["fatima"].pk: Part(turn=2)})
    for text in ("Wat denkt u, @Anna?", "Eenwoordzonderspaties" * 40):
        Thread.say(worlds["open"].round, "PA-01", cast["bram"], text, [cast["anna"]])
    validated = make_round(cast, people=("bram", "fatima"), year=2030)
    _fill(validated.pk, cast)
    bring_to(validated, Status.VALIDATION, cast["anna"])
    AgreedLevel.record(validated, "PA-02", 2, "Zo afgesproken.", cast["anna"])
    EvidencedLevel.record(validated, "PA-02", 1, "Verslag gezien.", cast["vera"])
    Meeting.begin(validated, "pro-actie", [cast["bram"], cast["fatima"]], chair=cast["anna"])
    told = make_round(cast, people=("bram", "fatima"), year=2031)
    make_answers(told, cast["bram"])
    teams = {"Eenwoordzonderspaties" * 5: (90, 36), "Staf": (30, 22), "Griffie": (12, 3), "Ruimte": (40, 18)}
    make_told(told, cast["anna"], teams)
    worlds["told"] = first._replace(round=told)
    worlds["validation"] = first._replace(round=validated)
    worlds["submitted"] = first._replace(round=make_adopted(cast, Status.SUBMITTED, year=2033))
    worlds["published"] = first._replace(round=make_adopted(cast, Status.PUBLISHED, year=2032))
    return worlds


def _fill(pk: int, cast: dict[str, User]) -> None:
    long = "Eenwoordzonderspaties" * 12 + " https://waterrijk.example/" + "pad/" * 40
    rows = []
    for number, question in enumerate(questionnaire().questions):
        if number % 7 == 6:
            continue
        for person, level in (("bram", number % 5), ("fatima", (number * 3) % 5)):
            row = Answer(assessment_id=pk, question=question.id, contributor=cast[person], explanation=long)
            if number % 11 == 3:
                row.state, row.reason = "not_applicable", long
            elif number % 11 == 5:
                row.state = "unknown"
            else:
                row.level = level
            rows.append(row)
    Answer.objects.bulk_create(rows)


def test_every_page_is_accessible_and_within_its_width(
    screen: Page,
    worlds: dict[str, World],
    cast: dict[str, User],
    base_url: str,
    check_page: Callable[[Page], None],
) -> None:
    wrong = []
    entered = "nobody"
    for line in PAGES.strip().splitlines():
        person, name, state = line.split()
        if person != entered:
            screen.context.clear_cookies()
            if person != "nobody":
                enter(screen.context, cast[person], base_url)
            entered = person
        response = screen.goto(worlds[state].address(name))
        assert response and response.status in (200, 409), line
        screen.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        try:
            check_page(screen)
        except AssertionError as fault:
            wrong.append(f"{line}: {fault}")
    assert not wrong, "\n".join(wrong)


def test_with_more_room_between_letters_the_widest_tables_do_not_shift_the_page(
    page: Page, worlds: dict[str, World], cast: dict[str, User], base_url: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    enter(page.context, cast["guus"], base_url)
    for name in ("reports:dashboard", "reports:link", "reports:report"):
        page.goto(worlds["adopted"].address(name))
        beyond = page.evaluate("""() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* {letter-spacing: 0.12em !important; word-spacing: 0.16em !important}");
          document.adoptedStyleSheets = [sheet];
          return document.documentElement.scrollWidth - document.documentElement.clientWidth;
        }""")
        assert beyond <= 0, f"{name} is {beyond} px wider than its screen"


def test_what_is_refused_is_accessible_too(
    screen: Page,
    worlds: dict[str, World],
    cast: dict[str, User],
    base_url: str,
    check_page: Callable[[Page], None],
) -> None:
    enter(screen.context, cast["anna"], base_url)
    screen.goto(worlds["open"].address("assessments:create"))
    screen.get_by_label("Jaar").fill("26")
    screen.get_by_role("button", name="Maak de ronde").click()
    check_page(screen)
    screen.goto(worlds["open"].address("assessments:transition").replace("closed", "withdrawn"))
    screen.get_by_role("button", name="Trek de ronde in").click()
    check_page(screen)
