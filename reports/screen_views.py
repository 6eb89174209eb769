"""The big screen of a meeting: one question, who said what, and the form for what is agreed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.forms import AGREED, JudgementForm
from assessments.models import AgreedLevel, JudgementRefused, Meeting
from chain.questionnaire import Question
from reports.agenda import Agenda
from reports.meeting_forms import MINUTES
from reports.meeting_views import Place, place_of
from reports.voices import cards, spreads

WITHOUT_NAMES = "?namen=nee"
ENDED = "Het overleg is niet (meer) bezig. Wat u typte, staat hieronder en is niet opgeslagen."


def meeting_question(request: HttpRequest, pk: int, link: str, question: str) -> HttpResponse:
    """Shows the question to the whole room; the coordinator writes down what is agreed and goes on."""
    place = place_of(request, pk)
    agenda = place.agenda(link)
    asked = next((one for one in agenda.link.questions if one.id == question), None)
    if asked is None:
        raise Http404
    suffix = WITHOUT_NAMES if request.GET.get("namen") == "nee" else ""
    form = _form(request, place, agenda, asked)
    status = 200
    if form and form.is_bound:
        status = _record(form, place, agenda, asked)
        if status == 302:
            messages.success(
                request, f"Opgeslagen bij vraag {question}: niveau {form.cleaned_data['level']}."
            )
            _, after = agenda.beside(asked)
            return redirect(
                place.question_url(after.question) + suffix if after else place.link_url(agenda.link)
            )
    context = {"form": form, "suffix": suffix, **_context(place, agenda, asked, names=not suffix)}
    return render(request, "reports/meeting/question.html", context, status=status)


def _is_on(place: Place, agenda: Agenda) -> bool:
    """Whether something can be agreed now."""
    meeting = agenda.meeting
    return place.round.takes_judgements and meeting is not None and not meeting.has_ended


def _form(request: HttpRequest, place: Place, agenda: Agenda, asked: Question) -> JudgementForm | None:
    """The form for who leads, while the meeting is on; what was sent comes back also after that."""
    data = request.POST if request.method == "POST" else None
    if not place.leads or (data is None and not _is_on(place, agenda)):
        return None
    form = JudgementForm(asked, place.round.content, data, AGREED, 4)
    form.start_from(place.round.agreedlevels.filter(question=asked.id).first())
    return form


def _record(form: JudgementForm, place: Place, agenda: Agenda, asked: Question) -> int:
    """Writes the agreement down: 302 when it stands, else the status of the page that says why not."""
    if not _is_on(place, agenda):
        form.add_error(None, ENDED)
        return 409
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        AgreedLevel.record(
            place.round, asked.id, given["level"], given["words"], place.user, given["minority"]
        )
    except JudgementRefused as refused:
        form.add_error("level", str(refused))
        return 422
    return 302


def _context(place: Place, agenda: Agenda, asked: Question, *, names: bool) -> dict[str, Any]:
    """What the page shows; four queries at most."""
    round_, ladder = place.round, place.round.content.ladder
    meeting = agenda.meeting or Meeting(assessment=round_, link=agenda.link.slug)
    shown = cards(meeting.said([asked.id]), ladder, names=names)
    agreed = round_.agreedlevels.filter(question=asked.id).first()
    lying, standing = spreads(asked, shown, ladder, agreed.level if agreed else None)
    before, after = agenda.beside(asked)
    return {
        "place": place,
        "round": round_,
        "agenda": agenda,
        "meeting": agenda.meeting,
        "question": asked,
        "levels": zip(ladder, asked.levels, strict=True),
        "cards": shown,
        "picture": lying,
        "picture_tall": standing,
        "agreed": agreed,
        "number": agenda.place(asked),
        "before": before,
        "after": after,
        "minutes": agenda.meeting.minutes_a_question if agenda.meeting else MINUTES,
        "evidence": round_.evidence.present().filter(question=asked.id).count(),
    }
