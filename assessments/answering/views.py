"""Answering: one's own list, a theme with its questions, and the saving of one answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from assessments import turns
from assessments.answering.cards import JOIN, Card, answers_at, at_work, lay_out
from assessments.answering.desk import Desk, find_desk, given_rows, seat, sent_back, waiting_keys, why_shut
from assessments.answering.joining import with_joined
from assessments.answering.keeping import key_of
from assessments.asked import in_theme
from assessments.forms import AnswerForm
from assessments.models import Answer, AnswerConflict, Assessment, Meeting, RoundIsClosed
from assessments.standing import Shut
from assessments.turns import Given
from assessments.worklist import Known, worklist
from chain.questionnaire import Link, Question, Theme
from organisations.models import User
from organisations.requests import signed_in
from organisations.signing.proof import signs_in_elsewhere

CLOSED = (
    "De ronde is intussen gesloten. Dit antwoord is niet opgeslagen. Kopieer uw tekst als u die wilt bewaren."
)
REFUSED = {
    Shut.HANDED_IN: (
        "U hebt deze vraag intussen ingediend. Dit antwoord is niet opgeslagen. Haal de vraag terug als u "
        "verder wilt, en kopieer eerst uw tekst."
    ),
    Shut.WAITING: (
        "Een collega is nu eerst aan de beurt. Dit antwoord is niet opgeslagen. Kopieer uw tekst als u die "
        "wilt bewaren."
    ),
}
OTHER_CONTENT = "De vragenlijst is intussen vervangen. Laad de pagina opnieuw; kopieer eerst uw tekst."


def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """What this round asks of the user, link by link and theme by theme."""
    user = signed_in(request)
    round_ = Assessment.objects.asking(user).select_related("organisation").filter(pk=pk).first()
    if round_ is None:
        before = get_object_or_404(Assessment.objects.asked_before(user), pk=pk)
        return render(request, "assessments/nothing_left.html", {"round": before})
    mine = given_rows(round_.assignments.filter(user=user))
    waiting = waiting_keys(round_, user, mine)
    said = round_.answers.filter(contributor=user).values_list("question", "level", "state")
    back = sent_back(round_, user)
    known = Known(
        noted={question for question, _, _ in said},
        waiting=waiting,
        handed_in={row.key for row in mine if row.handed_in_at},
        sent_back=set(back),
        is_closed=not round_.takes_answers,
    )
    answered = {question for question, level, state in said if level is not None or state}
    context = {
        "round": round_,
        "worklist": worklist(round_.content, [row.key for row in mine], answered, known),
        "waits_for": _first(round_, [row for row in mine if row.key in waiting]),
        "sent_back": _places(round_, back),
        "minutes": _minutes(round_, user),
        "keep_key": key_of(user.pk),
    }
    return render(request, "assessments/questions.html", context)


def _minutes(round_: Assessment, user: User) -> list[Link]:
    """The links of which the user may read the minutes of an ended meeting; no query while it is open."""
    if round_.takes_answers:
        return []
    ended = Meeting.objects.minutes_visible_to(user).filter(assessment=round_, ended_at__isnull=False)
    held = set(ended.values_list("link", flat=True))
    return [link for link in round_.content.links if link.slug in held]


def _first(round_: Assessment, waiting: list[Given]) -> list[str]:
    """The names of whose turn comes before these; one query, or none."""
    if not waiting:
        return []
    undone = given_rows(round_.assignments.present().filter(handed_in_at=None))
    return sorted({row.name for one in waiting for row in turns.before(one, undone)})


def _places(round_: Assessment, questions: Iterable[str]) -> list[tuple[Link, Theme, Question]]:
    """Where these questions stand, in the order of the questionnaire."""
    content, wanted = round_.content, set(questions)
    found = [question for question in content.questions if question.id in wanted]
    return [(content.link_of(one.id), content.theme_of(one.id), one) for one in found]


def theme(request: HttpRequest, pk: int, link: str, theme: str) -> HttpResponse:
    """The questions of one theme. Without script its one button saves them all.

    At most nine statements: session, user, memberships and roles; the round, the assignments of the theme and
    the user, the answers, what lies beside the questions; and who comes first, or what was sent back.
    """
    desk = find_desk(signed_in(request), pk, link, theme)
    answers = list(answers_at(desk))
    data = _input(request.POST, desk, answers) if request.method == "POST" else None
    cards = lay_out(desk, request.path, answers, data)
    if data is not None:
        for card in cards:
            takes = card.form.is_bound and data.get(f"{card.question.id}-keep") != "stored"
            if takes and not card.is_untouched:
                _save(desk.round, desk.user, card, data)
        if not any(card.conflict or card.message or card.form.errors for card in cards):
            return _next(request, desk)
    context = {**_page(desk, answers, cards), "sign_in_elsewhere": signs_in_elsewhere(request)}
    return render(request, "assessments/theme.html", context, status=_status(cards))


def _input(data: QueryDict, desk: Desk, answers: Iterable[Answer]) -> QueryDict:
    """What was sent, with both texts where "join" was chosen in a conflict."""
    for answer in answers:
        if answer.contributor_id == desk.user.pk and data.get(f"{answer.question}-keep") == JOIN[0]:
            data = with_joined(data, answer.question, explanation=answer.explanation, reason=answer.reason)
    return data


def _page(desk: Desk, answers: Iterable[Answer], cards: list[Card]) -> dict[str, object]:
    before, after = desk.worklist().around(desk.link.slug, desk.theme.slug)
    reasons = {card.why_shut for card in cards}
    return {
        "round": desk.round,
        "link": desk.link,
        "theme": desk.theme,
        "desk": desk,
        "cards": cards,
        "before": before,
        "after": after,
        "working": at_work(desk, answers),
        "keep_key": key_of(desk.user.pk),
        "faulty": [card for card in cards if card.conflict or card.message or card.form.errors],
        "any_open": None in reasons,
        "shut": cards[0] if len(reasons) == 1 and None not in reasons else None,
        "sent_back": [card for card in cards if card.sent_back],
    }


def _next(request: HttpRequest, desk: Desk) -> HttpResponse:
    messages.success(request, f"Het thema {desk.theme.title} is opgeslagen.")
    if "stay" in request.POST:
        return redirect(request.path)
    _, after = desk.worklist().around(desk.link.slug, desk.theme.slug)
    if after is None:
        return redirect("assessments:questions", desk.round.pk)
    return redirect("assessments:theme", desk.round.pk, after.link.slug, after.theme.slug)


def _save(round_: Assessment, user: User, card: Card, data: QueryDict) -> None:
    """Saves the card's input if it is sound; otherwise the card says what is the matter."""
    form = card.form
    if data.get("questionnaire", "") != round_.questionnaire_id:
        card.message = OTHER_CONTENT
    elif card.why_shut in REFUSED:
        card.message = REFUSED[card.why_shut]
    elif form.is_valid():
        try:
            card.saved = Answer.save_content(
                round_.pk, form.question.id, user.pk, form.content, form.shown_version
            )
        except AnswerConflict as conflict:
            card.conflict = conflict.stored
        except RoundIsClosed:
            card.message = CLOSED


def _status(cards: list[Card]) -> int:
    if any(card.conflict or card.message for card in cards):
        return 409
    return 422 if any(card.form.errors for card in cards) else 200


def question(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> HttpResponse:
    """POST saves one answer the moment it is given; the reply is the line beside it, never its fields.

    GET gives the card as it is stored, for whoever takes the stored answer instead of what they typed.
    """
    user = signed_in(request)
    if request.method != "POST":
        return _card(request, find_desk(user, pk, link, theme), question)
    given = seat(user, pk, link, theme, question)
    round_ = given.assessment
    asked = in_theme(link, round_.content.theme(link, theme), [(link, theme, question)])
    if not asked:
        raise Http404
    form = AnswerForm(asked[0], None, round_.content, request.POST)
    card = Card(form, request.path, round_.questionnaire_id, why_shut=why_shut(given))
    _save(round_, user, card, request.POST)
    context = {"card": card, "round": round_}
    return render(request, "assessments/save_status.html", context, status=_status([card]))


def _card(request: HttpRequest, desk: Desk, question: str) -> HttpResponse:
    url = request.path.removesuffix(f"{question}/")
    found = [card for card in lay_out(desk, url, answers_at(desk)) if card.question.id == question]
    if not found:
        raise Http404
    context = {"card": found[0], "round": desk.round, "link": desk.link, "theme": desk.theme}
    return render(request, "assessments/question.html", context)
