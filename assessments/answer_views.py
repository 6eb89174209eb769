"""Answering: one's own list, a theme with its questions, and the saving of one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assessments.asked import Key, in_theme
from assessments.forms import AnswerForm
from assessments.joining import with_joined
from assessments.models import Answer, AnswerConflict, Assessment, Assignment, Evidence, RoundIsClosed
from assessments.models.answer import Saved
from assessments.worklist import Worklist, worklist
from chain.questionnaire import Link, Question, Theme
from organisations.models import User
from organisations.requests import signed_in

CLOSED = (
    "De ronde is intussen gesloten. Dit antwoord is niet opgeslagen. Kopieer uw tekst als u die wilt bewaren."
)
NOW = timedelta(minutes=10)  # who saved something this recently is at work
CHOICES = [("mine", "Wat in dit venster staat"), ("stored", "Het opgeslagen antwoord")]
JOIN = ("join", "Mijn keuze, met beide toelichtingen onder elkaar")
OTHER_CONTENT = "De vragenlijst is intussen vervangen. Laad de pagina opnieuw; kopieer eerst uw tekst."


def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """What this round asks of the user, link by link and theme by theme."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.asking(user).select_related("organisation"), pk=pk)
    keys = [one.key for one in round_.assignments.filter(user=user)]
    answered = round_.answers.given().filter(contributor=user).values_list("question", flat=True)
    return render(
        request,
        "assessments/questions.html",
        {"round": round_, "worklist": worklist(round_.content, keys, set(answered))},
    )


@dataclass
class Card:
    """A question on the page: its form, and what became of it."""

    form: AnswerForm
    url: str
    saved: Saved | None = None
    conflict: Answer | None = None
    message: str = ""
    evidence: int = 0

    @property
    def question(self) -> Question:
        return self.form.question

    @property
    def is_untouched(self) -> bool:
        """Whether the page brought back what was stored when it came: nothing to save, nothing to collide."""
        return self.form.is_valid() and not self.form.says_something_new

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What one can do in a conflict; joining needs a second text."""
        return [*CHOICES, JOIN] if self.conflict and self.conflict.explanation else CHOICES

    @property
    def version(self) -> int:
        """The version that the page shows from now on."""
        if self.saved:
            return self.saved.version
        if self.conflict:
            return self.conflict.version
        return self.form.stored.version if self.form.stored else 0


@dataclass(frozen=True)
class Desk:
    """Where the user works now: a round, a theme in it, and the list it is part of."""

    user: User
    round: Assessment
    link: Link
    theme: Theme
    keys: list[Key]

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the user was given of this theme."""
        return in_theme(self.link.slug, self.theme, self.keys)

    def stored(self) -> QuerySet[Answer]:
        return Answer.objects.filter(assessment=self.round, contributor=self.user)

    def count_evidence(self, cards: list[Card]) -> None:
        """Writes on each card how many pieces of evidence its question has; one query."""
        found = Evidence.objects.filter(assessment=self.round).counted(card.question.id for card in cards)
        for card in cards:
            card.evidence = found[card.question.id]

    def worklist(self, answered: set[str]) -> Worklist:
        return worklist(self.round.content, self.keys, answered)


def _desk(user: User, pk: int, link: str, theme: str, *, whole: bool = True) -> Desk:
    """One query: the user's assignments in the round. Raises Http404 when this theme is not among them.

    Without `whole` this theme's alone, since a save, the most frequent request, shows no list of the others.
    """
    mine = (
        # The pk is asked inside: there a number beyond its range finds nothing; as foreign key it fails.
        Assignment.objects.filter(assessment__in=Assessment.objects.asking(user).filter(pk=pk), user=user)
        .select_related("assessment")
        .order_by("pk")
    )
    assignments = list(mine if whole else mine.filter(link=link, theme=theme))
    if (link, theme) not in [(one.link, one.theme) for one in assignments]:
        raise Http404
    round_ = assignments[0].assessment
    keys = [one.key for one in assignments]
    return Desk(user, round_, round_.content.link(link), round_.content.theme(link, theme), keys)


def theme(request: HttpRequest, pk: int, link: str, theme: str) -> HttpResponse:
    """The questions of one theme. Without script its one button saves them all."""
    desk = _desk(signed_in(request), pk, link, theme)
    stored = {answer.question: answer for answer in desk.stored()}
    data = _input(request.POST, stored) if request.method == "POST" else None
    cards = [
        Card(
            AnswerForm(question, stored.get(question.id), desk.round.content, data),
            f"{request.path}{question.id}/",
        )
        for question in desk.questions
    ]
    if data is not None:
        for card in cards:
            if data.get(f"{card.question.id}-keep") != "stored" and not card.is_untouched:
                _save(desk, card, data.get("questionnaire", ""))
        if not any(card.conflict or card.message or card.form.errors for card in cards):
            return _next(request, desk)
    return render(request, "assessments/theme.html", _page(desk, stored, cards), status=_status(cards))


def _input(data: QueryDict, stored: dict[str, Answer]) -> QueryDict:
    """What was sent, with both texts where "join" was chosen in a conflict."""
    for question, answer in stored.items():
        if data.get(f"{question}-keep") == JOIN[0]:
            data = with_joined(data, question, explanation=answer.explanation, reason=answer.reason)
    return data


def _page(desk: Desk, stored: dict[str, Answer], cards: list[Card]) -> dict[str, object]:
    desk.count_evidence(cards)
    tasks = desk.worklist({question for question, answer in stored.items() if answer.content.is_answer})
    before, after = tasks.around(desk.link.slug, desk.theme.slug)
    colleagues = list(_colleagues(desk))
    return {
        "round": desk.round,
        "link": desk.link,
        "theme": desk.theme,
        "cards": cards,
        "worklist": tasks,
        "before": before,
        "after": after,
        "colleagues": [name for name, _ in colleagues],
        "working": [name for name, at_work in colleagues if at_work],
        "keep_key": _keep_key(desk.user),
        "faulty": [card for card in cards if card.conflict or card.message or card.form.errors],
    }


def _colleagues(desk: Desk) -> QuerySet[User, tuple[str, bool]]:
    """Who else was asked these questions, by name, and whether they saved an answer to one just now."""
    saved = Answer.objects.filter(
        assessment=desk.round,
        contributor=OuterRef("pk"),
        question__in=[question.id for question in desk.questions],
        saved_at__gt=timezone.now() - NOW,
    )
    return (
        User.objects.filter(
            assignments__assessment=desk.round,
            assignments__link=desk.link.slug,
            assignments__theme=desk.theme.slug,
            assignments__question__in=["", *(question.id for question in desk.questions)],
        )
        .exclude(pk=desk.user.pk)
        .distinct()
        .order_by("name")
        .values_list("name", Exists(saved))
    )


def _keep_key(user: User) -> str:
    """64 hex digits with which the user's browser seals what is not acknowledged yet (static/src/keep.js)."""
    return salted_hmac("assessments.keep", str(user.pk), algorithm="sha256").hexdigest()


def _next(request: HttpRequest, desk: Desk) -> HttpResponse:
    messages.success(request, f"Het thema {desk.theme.title} is opgeslagen.")
    if "stay" in request.POST:
        return redirect(request.path)
    answered = set(desk.stored().given().values_list("question", flat=True))  # type: ignore[attr-defined]
    _, after = desk.worklist(answered).around(desk.link.slug, desk.theme.slug)
    if after is None:
        return redirect("assessments:questions", desk.round.pk)
    return redirect("assessments:theme", desk.round.pk, after.link.slug, after.theme.slug)


def _save(desk: Desk, card: Card, digest: str) -> None:
    """Saves the card's input if it is sound; otherwise the card says what is the matter."""
    form = card.form
    if digest != desk.round.questionnaire_id:
        card.message = OTHER_CONTENT
    elif form.is_valid():
        try:
            card.saved = Answer.save_content(
                desk.round.pk, form.question.id, desk.user.pk, form.content, form.shown_version
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
    desk = _desk(signed_in(request), pk, link, theme, whole=False)
    asked = next((one for one in desk.questions if one.id == question), None)
    if asked is None:
        raise Http404
    if request.method == "POST":
        card = Card(AnswerForm(asked, None, desk.round.content, request.POST), request.path)
        _save(desk, card, request.POST.get("questionnaire", ""))
        template = "assessments/save_status.html"
    else:
        stored = desk.stored().filter(question=question).first()
        card = Card(AnswerForm(asked, stored, desk.round.content), request.path)
        desk.count_evidence([card])
        template = "assessments/question.html"
    return render(request, template, {"card": card, "round": desk.round}, status=_status([card]))
