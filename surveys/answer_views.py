"""Answering a survey: without an account or a session, and without a trace on the server until it is sent.

Nothing here may ask who the user is, or log an address: see docs/anonimiteit.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from surveys import attempts
from surveys.doors import Door, by_code, by_token, plain
from surveys.draft import DAYS, LANGUAGES, LARGEST, REMARK_LIMIT, Draft
from surveys.forms import PageForm
from surveys.models import GroupFull, LinkUsed, SurveyNotOpen
from surveys.pages import Page, pages

COOKIE = "peiling"
DONE = "peiling-gedaan"


def answering(view: Callable[..., HttpResponse], find: Callable[[str], Door]) -> Callable[..., HttpResponse]:
    """A view for who came in by this door, in their language; who cannot come in is told why."""

    @wraps(view)
    def wrapped(request: HttpRequest, key: str, **kwargs: int) -> HttpResponse:
        response = _answered(request, view, find, key, **kwargs)
        # Else a web server would log the link as where its own styles were asked from, with the time. Not
        # "no-referrer": then browsers leave out the origin too, and Django refuses what is sent.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return login_not_required(never_cache(wrapped))


def _answered(
    request: HttpRequest,
    view: Callable[..., HttpResponse],
    find: Callable[[str], Door],
    key: str,
    **kwargs: int,
) -> HttpResponse:
    value = request.COOKIES.get(COOKIE, "")
    if find is by_code and not value and attempts.too_many():
        return redirect("surveys:code")  # where it says so; who is answering goes on
    try:
        door = find(key)
    except Http404:
        if find is by_code:
            attempts.note_wrong()
        return _gone(request)
    draft = Draft.from_cookie(value, door.survey.content.ids)
    if request.GET.get("taal") in LANGUAGES:
        draft = replace(draft, language=request.GET["taal"])
    with override(draft.language):
        if door.is_used:
            return _told(request, door, draft, "surveys/used.html")
        if not door.survey.is_open:
            return _told(request, door, draft, "surveys/closed.html")
        return view(request, door, draft, **kwargs)


def _gone(request: HttpRequest) -> HttpResponse:
    """For a link that is no one's. Not a 404: Django writes the address of a 404 in the log."""
    language = request.GET.get("taal", "nl")
    with override(language if language in LANGUAGES else "nl"):
        return render(request, "surveys/gone.html", {"language": language})


def _told(request: HttpRequest, door: Door, draft: Draft, template: str, **words: object) -> HttpResponse:
    context = {"door": door, "survey": door.survey, "draft": draft, "language": draft.language, **words}
    return render(request, template, context)


def intro(request: HttpRequest, door: Door, draft: Draft) -> HttpResponse:
    """What this is, how long it takes and why it is anonymous. A POST chooses how to go through it."""
    if "wipe" in request.POST:
        return _kept(HttpResponseRedirect(door.url()), door, Draft(language=draft.language))
    if request.method == "POST":
        draft = replace(draft, one_by_one="one" in request.POST)
        return _kept(HttpResponseRedirect(door.url(_first_open(door, draft))), door, draft)
    content = door.survey.content
    words = {
        "title": content.title.said_in(draft.language),
        "paragraphs": content.introduction.said_in(draft.language).splitlines(),
        "begun": len(draft.answers),
        "done_here": door.by_code and request.COOKIES.get(DONE) == door.key,
    }
    return _kept(_told(request, door, draft, "surveys/intro.html", **words), door, draft)


def _first_open(door: Door, draft: Draft) -> int:
    """The number of the first page with a statement that is not answered; the first when all are."""
    for number, page in enumerate(pages(door.survey.content, draft.one_by_one), 1):
        if any(one.id not in draft.answers for one in page.statements):
            return number
    return 1


def step(request: HttpRequest, door: Door, draft: Draft, step: int) -> HttpResponse:
    """One page of statements; the one after the last shows what is left and sends it all."""
    every = pages(door.survey.content, draft.one_by_one)
    if step == len(every) + 1:
        return _finish(request, door, draft, every)
    if not 1 <= step <= len(every):
        return HttpResponseRedirect(door.url())
    page = every[step - 1]
    form = PageForm(door.survey.content, page, draft, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        merged = form.merged(draft)
        if len(merged.to_cookie(door.survey.content.ids)) <= LARGEST:
            onwards = step - 1 if "back" in request.POST else step + 1
            return _kept(HttpResponseRedirect(door.url(onwards or None)), door, merged)
        form.add_error("remark", _("De opmerkingen zijn samen te lang. Maak ze korter."))
    words = {"form": form, "step": step, "steps": len(every), "remark_limit": REMARK_LIMIT}
    response = _told(request, door, draft, "surveys/step.html", **words)
    response.status_code = 422 if form.errors else 200
    return response


def _finish(request: HttpRequest, door: Door, draft: Draft, every: list[Page]) -> HttpResponse:
    left = [
        (number, door.url(number), missing)
        for number, page in enumerate(every, 1)
        if (missing := sum(one.id not in draft.answers for one in page.statements))
    ]
    why = ""
    if request.method == "POST":
        try:
            if not draft.answers:
                why = _("Er is nog niets ingevuld.")
            else:
                door.cast(draft.entry())
                return _sent(door, draft)
        except GroupFull:
            why = _("Er zijn al evenveel antwoorden als mensen in deze groep. Vraag de coördinator om hulp.")
        except LinkUsed:
            return _told(request, door, draft, "surveys/used.html")
        except SurveyNotOpen:
            return _told(request, door, draft, "surveys/closed.html")
    words = {"left": left, "total": len(door.survey.content.ids), "back": door.url(len(every)), "why": why}
    return _told(request, door, draft, "surveys/finish.html", **words)


def _sent(door: Door, draft: Draft) -> HttpResponse:
    response = redirect(f"{reverse('surveys:thanks')}?taal={draft.language}")
    response.delete_cookie(COOKIE, path=door.url())
    if door.by_code:
        response.set_cookie(
            DONE,
            door.key,
            max_age=DAYS * 24 * 3600,
            path=door.url(),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _kept(response: HttpResponse, door: Door, draft: Draft) -> HttpResponse:
    """Keeps the draft on the device, for the pages of this link alone."""
    response.set_cookie(
        COOKIE,
        draft.to_cookie(door.survey.content.ids),
        max_age=DAYS * 24 * 3600,
        path=door.url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Where one types the code of a poster."""
    why = ""
    language = request.GET.get("taal", "nl")
    with override(language if language in LANGUAGES else "nl"):
        if attempts.too_many() or request.method == "POST":
            if attempts.too_many():
                why = _("Er zijn te veel verkeerde codes ingevuld. Probeer het over vijf minuten weer.")
            else:
                try:
                    return redirect(by_code(plain(request.POST.get("code", ""))).url())
                except Http404:
                    attempts.note_wrong()
                    why = _("Deze code kennen wij niet. Is hij goed overgenomen?")
        words = {"why": why, "typed": request.POST.get("code", "")[:40], "language": language}
        return render(request, "surveys/code.html", words, status=422 if why else 200)


@login_not_required
def thanks(request: HttpRequest) -> HttpResponse:
    language = request.GET.get("taal", "nl")
    with override(language if language in LANGUAGES else "nl"):
        return render(request, "surveys/thanks.html", {"language": language})


answer = answering(intro, by_token)
answer_step = answering(step, by_token)
code_answer = answering(intro, by_code)
code_answer_step = answering(step, by_code)
