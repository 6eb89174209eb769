"""Talking beside the answer: the thread of one question, and all threads of a round that the user may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments.answering.keeping import key_of
from assessments.models import Assessment, Remark, Thread
from assessments.models.remark import TalkIsOver, questions_with_talk, readers, rounds_with_talk
from assessments.status import RUNNING
from assessments.threads import letters as mention_letters
from assessments.threads.forms import RemarkForm
from chain.questionnaire import Link, Question, Theme
from organisations.models import User
from organisations.requests import signed_in

OVER = (
    "De ronde is intussen {status}. Uw opmerking is niet geplaatst. Kopieer uw tekst als u die wilt bewaren."
)
SETTLED = "afgerond"
FILTERS = [("", "Alle"), ("open", "Open"), (SETTLED, "Afgerond")]


@dataclass(frozen=True)
class Seat:
    """Where the user sits with a question of a round."""

    user: User
    round: Assessment
    link: Link
    theme: Theme
    question: Question
    is_asked: bool

    @property
    def talks(self) -> bool:
        return self.round.status in RUNNING

    @property
    def url(self) -> str:
        return _url(self.round, self.question)

    def thread(self) -> Thread | None:
        """One query; none before the first remark."""
        return self.round.threads.filter(question=self.question.id).select_related("settled_by").first()

    def others(self) -> list[User]:
        """Everyone who reads along but the user; one query."""
        return [one for one in readers(self.round, self.question.id) if one != self.user]


def _url(round_: Assessment, question: Question) -> str:
    content = round_.content
    where = (content.link_of(question.id).slug, content.theme_of(question.id).slug, question.id)
    return reverse("assessments:thread", args=[round_.pk, *where])


def _seat(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> Seat:
    """At most four queries. Raises Http404 for a question that the user was neither given nor follows."""
    user = signed_in(request)
    round_ = get_object_or_404(rounds_with_talk(user).select_related("organisation"), pk=pk)
    content = round_.content
    found = next((one for one in questions_with_talk(round_, user) if one.id == question), None)
    if found is None or (content.link_of(question).slug, content.theme_of(question).slug) != (link, theme):
        raise Http404
    mine = round_.assignments.filter(user=user, link=link, theme=theme, question__in=["", question])
    return Seat(
        user, round_, content.link_of(question), content.theme_of(question), found, is_asked=mine.exists()
    )


def _by_script(request: HttpRequest) -> bool:
    """Whether htmx asks, which puts the talk in its place and leaves the page."""
    return "HX-Request" in request.headers


def thread(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> HttpResponse:
    """What was said about this question, and the form to say something."""
    seat = _seat(request, pk, link, theme, question)
    if request.method != "POST":
        return _page(request, seat, RemarkForm(seat.others()))
    if "take_back" in request.POST:
        return _take_back(request, seat)
    if "settle" in request.POST or "reopen" in request.POST:
        return _settle(request, seat)
    return _say(request, seat)


def _page(
    request: HttpRequest, seat: Seat, form: RemarkForm, status: int = 200, said: str = ""
) -> HttpResponse:
    """The whole page, or with htmx the talk alone; `said` is told to who cannot see what changed."""
    found = seat.thread()
    remarks = found.remarks.select_related("author").prefetch_related("mentioned") if found else []
    context = {
        "seat": seat,
        "round": seat.round,
        "question": seat.question,
        "thread": found,
        "remarks": remarks,
        "form": form,
        "over": OVER.format(status=seat.round.get_status_display()) if status == 409 else "",
        "said": said,
        "by_script": _by_script(request),
        "keep_key": key_of(seat.user.pk),
    }
    template = "assessments/thread_talk.html" if context["by_script"] else "assessments/thread.html"
    return render(request, template, context, status=status)


def _say(request: HttpRequest, seat: Seat) -> HttpResponse:
    others = seat.others()
    form = RemarkForm(others, request.POST)
    if not form.is_valid():
        return _page(request, seat, form, 422 if seat.talks else 409)
    try:
        with transaction.atomic():
            text, people = form.cleaned_data["text"], form.people()
            remark = Thread.say(seat.round, seat.question.id, seat.user, text, people)
            mention_letters.tell(remark, seat.round, seat.question)
    except TalkIsOver:
        seat.round.refresh_from_db(fields=["status"])
        return _page(request, seat, form, 409)
    if _by_script(request):
        return _page(request, seat, RemarkForm(others), said="Uw opmerking is geplaatst.")
    messages.success(request, "Uw opmerking is geplaatst.")
    return redirect(f"{seat.url}#opmerking-{remark.pk}")


def _take_back(request: HttpRequest, seat: Seat) -> HttpResponse:
    wanted = request.POST["take_back"]
    mine = Remark.objects.filter(
        thread__assessment=seat.round, thread__question=seat.question.id, author=seat.user
    )
    # Beyond the column's range SQLite gives an error instead of finding nothing.
    known = wanted.isascii() and wanted.isdecimal() and len(wanted) < 10
    remark = get_object_or_404(mine, pk=int(wanted) if known else 0)
    with transaction.atomic():
        remark.take_back(seat.user)
        mention_letters.take_back(remark)
    messages.success(request, "Uw opmerking is teruggenomen.")
    return redirect(f"{seat.url}#opmerking-{remark.pk}")


def _settle(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Settles the thread or opens it again; a thread without remarks has nothing to settle."""
    found = get_object_or_404(seat.round.threads, question=seat.question.id)
    try:
        if "settle" in request.POST:
            found.settle(seat.user)
        else:
            found.reopen()
    except TalkIsOver:
        messages.error(request, "De ronde loopt niet meer. U kunt het gesprek alleen nog lezen.")
    else:
        done = "afgerond" if "settle" in request.POST else "weer open"
        messages.success(request, f"Het gesprek is {done}.")
    return redirect(seat.url)


def threads(request: HttpRequest, pk: int) -> HttpResponse:
    """The threads of a round that the user may read; `?toon=open` or `?toon=afgerond` shows some."""
    user = signed_in(request)
    round_ = get_object_or_404(rounds_with_talk(user).select_related("organisation"), pk=pk)
    found = Thread.objects.visible_to(user, round_).for_list(user)
    shown = request.GET.get("toon", "")
    shown = shown if shown in dict(FILTERS) else ""
    rows = []
    for one in found:
        if not shown or (shown == SETTLED) == (one.thread.settled_at is not None):
            question = round_.content.question(one.thread.question)
            rows.append((one, question, _url(round_, question)))
    context = {
        "round": round_,
        "rows": rows,
        "any": bool(found),
        "shown": shown,
        "filters": FILTERS,
        "follows": Assessment.objects.followed_by(user).filter(pk=pk).exists(),
    }
    return render(request, "assessments/threads.html", context)
