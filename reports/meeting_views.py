"""The consensus meeting: the agenda over the five links, and preparing, following and ending one of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments.models import Assessment, JudgementRefused, Meeting
from chain.questionnaire import Link, Question
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in
from reports.agenda import Agenda, agendas
from reports.meeting_forms import ClosingForm, MeetingForm


@dataclass(frozen=True)
class Place:
    """A round in or past validation as this user comes to it; `leads`: may hold meetings."""

    user: User
    round: Assessment
    leads: bool

    @cached_property
    def agendas(self) -> list[Agenda]:
        """Of every link; six queries at most."""
        agreed = set(self.round.agreedlevels.values_list("question", flat=True))
        meetings = list(self.round.meetings.select_related("chair"))
        for meeting in meetings:
            meeting.assessment = self.round
        return agendas(self.round.content.links, self.round.results()["questions"], agreed, meetings)

    def agenda(self, link: str) -> Agenda:
        """Raises Http404 for a link that does not exist."""
        found = next((one for one in self.agendas if one.link.slug == link), None)
        if found is None:
            raise Http404
        return found

    def link_url(self, link: Link) -> str:
        return reverse("reports:meeting", args=[self.round.pk, link.slug])

    def question_url(self, question: Question) -> str:
        link = self.round.content.link_of(question.id)
        return reverse("reports:meeting_question", args=[self.round.pk, link.slug, question.id])


def place_of(request: HttpRequest, pk: int) -> Place:
    """Two queries. Raises Http404 for who does not follow the round or, not leading it, writes."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.followed_by(user).select_related("organisation"), pk=pk)
    leads = may(round_.roles_of(user), May.AGREE)
    if not (round_.takes_judgements or round_.is_frozen) or (request.method == "POST" and not leads):
        raise Http404
    return Place(user, round_, leads)


def meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """The five links: what there is to discuss, what is settled, and how far each meeting is."""
    place = place_of(request, pk)
    return render(
        request,
        "reports/meeting/agenda.html",
        {"round": place.round, "agendas": place.agendas, "place": place},
    )


def meeting(request: HttpRequest, pk: int, link: str) -> HttpResponse:
    """One link: preparing its meeting, who is there, what is on the agenda, and closing it."""
    place = place_of(request, pk)
    agenda = place.agenda(link)
    held, act = agenda.meeting, request.POST.get("act", "")
    form = MeetingForm(
        place.round, agenda.link, held, place.user, request.POST if act in ("begin", "note") else None
    )
    closing = ClosingForm(
        request.POST if act == "end" else None, initial={"closing": held.closing if held else ""}
    )
    refused = ""
    if request.method == "POST":
        try:
            if onwards := _act(act, place, agenda, form, closing):
                return redirect(onwards)
        except JudgementRefused as refusal:
            refused = str(refusal)
    context = {
        "place": place,
        "round": place.round,
        "agenda": agenda,
        "meeting": held,
        "form": form if place.leads else None,
        "closing": closing,
        "refused": refused,
    }
    status = 409 if refused else 422 if request.method == "POST" else 200
    return render(request, "reports/meeting/link.html", context, status=status)


def _act(act: str, place: Place, agenda: Agenda, form: MeetingForm, closing: ClosingForm) -> str:
    """Does what was asked and returns where to go on; "" when the input is not right. May be refused."""
    here = place.link_url(agenda.link)
    held = agenda.meeting
    if act == "begin" and form.is_valid():
        Meeting.begin(place.round, agenda.link.slug, form.those_present, **form.facts)
        first = agenda.first
        return place.question_url(first.question) if first else here
    if act == "note" and held and form.is_valid():
        held.note(form.those_present, **form.facts)
        return here
    if act == "end" and held and closing.is_valid():
        held.end(closing.cleaned_data["closing"])
        return reverse("reports:minutes", args=[place.round.pk, agenda.link.slug])
    if act == "reopen" and held:
        held.reopen()
        return here
    return ""
