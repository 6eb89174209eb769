"""Five questions that a councillor could ask: the ones that these figures give most reason for."""

from collections.abc import Iterator

from reports import words
from reports.account import Account
from reports.chapters.changes import halves
from reports.chapters.legal import LegalChapter
from reports.chapters.standing import Standing

ASKED = 5
# For when the figures give less than five; the first of them is always fitting.
ALWAYS = (
    "Hoe ziet de raad volgend jaar wat er is veranderd?",
    "Wat heeft het college van de raad nodig om dit te doen?",
    "Wat merken medewerkers en inwoners van dit werk?",
    "Hoe bespreekt de raad de eigen integriteit?",
    "Welke vraag over integriteit mist de raad in dit verslag?",
)


def questions(account: Account) -> tuple[str, ...]:
    """Exactly five questions, those about what is lacking first."""
    found = list(dict.fromkeys([*_of_results(account), *_of_supplement(account), *_of_detail(account)]))
    return tuple([*found[: ASKED - 1], *ALWAYS][:ASKED])


def _of_results(account: Account) -> Iterator[str]:
    standing, legal = Standing(account), LegalChapter(account)
    if lowest := standing.lowest:
        yield f"Wat doet het college als eerste om {standing.names(lowest)} sterker te maken?"
    if unknown := standing.without_level:
        yield f"Hoe krijgt het college meer inzicht in {standing.names(unknown)}?"
    if legal.not_shown:
        yield "Wanneer kan het college de wettelijke minimums laten zien die nu niet zijn aangetoond?"


def _of_supplement(account: Account) -> Iterator[str]:
    """About what was promised, what changed and what is planned."""
    told = account.supplement
    late = [one for one in told.get("promises", []) if one["outcome"] in ("moved", "open")]
    if late:
        what = words.counted(len(late), "belofte", "beloften")
        yield f"Waarom is wat eerder is beloofd nog niet klaar ({what}), en wat is ervoor nodig?"
    change = told.get("change")
    fallen = [one for one in change["links"] if halves(one["change"]) < 0] if change else []
    if change and fallen:
        names = words.joined([_name(account, one["slug"]) for one in fallen])
        verb = "staat" if len(fallen) == 1 else "staan"
        yield f"Waardoor {verb} {names} op dezelfde vragen lager dan in {change['year']}?"
    if not any(one["status"] in words.AGREED_ACTIONS for one in told.get("actions", [])):
        yield "Welke verbeteringen doet het college, wie doet ze, en wanneer zijn ze klaar?"


def _of_detail(account: Account) -> Iterator[str]:
    """About what nobody checked or knows, and what does not help."""
    if account.unchecked:
        yield "Wie controleert het bewijs waar nog niemand naar keek, en wanneer?"
    if unknown := account.count("unknown"):
        yield f"Wie zoekt het antwoord op {words.questions(unknown)} met ‘weet ik niet’?"
    if any(one["ritual"] for one in account.questions.values()):
        yield "Wat doet het college met regels en afspraken die volgens deelnemers niet helpen?"
    if account.count("not_occurred"):
        yield "Oefent de organisatie met wat dit jaar niet voorkwam?"
    if highest := Standing(account).highest:
        yield f"Hoe houdt het college {Standing(account).names(highest)} op dit niveau?"


def _name(account: Account, slug: str) -> str:
    return str(account.questionnaire.link(slug).title).lower()
