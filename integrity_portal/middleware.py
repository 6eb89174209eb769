"""What holds for every answer of the portal."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import LazyObject, empty
from django.utils.translation import gettext as _

from organisations import walls
from organisations.language import LANGUAGE, asked, language_of
from organisations.models import User
from organisations.signing import proof

GetResponse = Callable[[HttpRequest], HttpResponseBase]
WRITERS = threading.Lock()
GREATEST = 2**63 - 1  # what the databases' largest whole number holds
READING = ("GET", "HEAD", "OPTIONS")
USUAL = ("GET", "HEAD", "POST")
SIGNING_IN = ("account_", "mfa_", "organisations:again")  # the pages by which one gets through
IN_BOTH_LANGUAGES = ("/account/", "/uitnodiging/")


def only_readable(get_response: GetResponse) -> GetResponse:
    """Refuses another character set than UTF-8, and a NUL in a cookie; no browser sends either.

    Python would decode by any codec that is named: some are no character sets and fail (hex, zip), some give
    halves of characters that no database takes (utf-7). PostgreSQL looks up no session with a NUL in its key.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        named = (request.content_params or {}).get("charset", "utf-8")
        if named.lower() not in ("utf-8", "utf8") or any("\x00" in one for one in request.COOKIES.values()):
            raise BadRequest("Only UTF-8 without NUL is read here.")
        return get_response(request)

    return middleware


def usual_methods(get_response: GetResponse) -> GetResponse:
    """Refuses what no page is asked by (405): who tells forms from looking knows no third way."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request) if request.method in USUAL else HttpResponseNotAllowed(USUAL)

    return middleware


def one_writer(get_response: GetResponse) -> GetResponse:
    """Lets one thread write at a time: SQLite's own waiting sleeps, and can starve a writer for seconds.

    Only in use on SQLite (settings.py); it holds for the threads of one process.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in READING:
            return get_response(request)
        with suppress(UnreadablePostError):
            request.POST  # noqa: B018  # a file that comes in slowly must not keep others waiting
        with WRITERS:
            return get_response(request)

    return middleware


@contextmanager
def one_writing(request: HttpRequest) -> Iterator[None]:
    """For what is written after a page was only read: on SQLite it waits for its turn, as `one_writer` does.

    A form's turn lasts until its answer is there, this within.
    """
    if connection.vendor != "sqlite" or request.method not in READING:
        yield
        return
    with WRITERS:
        yield


class BehindWalls:
    """Middleware: the database shows a visitor only their own organisations (organisations/walls.py).

    Of a page that is made while it is sent, each part is made so as well.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with walls.scope(walls.Scope(lambda: _known_visitor(request))) as scope:
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _within(scope, iter(response))
        return response

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> None:
        """The technical back room is of whoever runs the portal: there all organisations are."""
        match = request.resolver_match
        if match and match.namespaces[:1] == ["admin"] and getattr(request.user, "is_staff", False):
            walls.now().is_everywhere = True


def _known_visitor(request: HttpRequest) -> int | None:
    """The key of who signed in, once somebody asked for it; asking here would be a query in a query."""
    user = request.__dict__.get("user")
    if isinstance(user, LazyObject) and user.__dict__["_wrapped"] is empty:
        return None
    return getattr(user, "pk", None)


def _within(scope: walls.Scope, parts: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with walls.scope(scope):
            part = next(parts, None)
        if part is None:
            return
        yield part


class LoginRequired(LoginRequiredMiddleware):
    """Every page asks for a signed-in user, unless its view says otherwise."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Any,
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        """A script gets told, instead of a sign-in page inside a line of the page it works on.

        Whoever sent a form gets the text back that was in it: a sign-in page in its place would lose it.
        """
        if any(isinstance(value, int) and value > GREATEST for value in view_kwargs.values()):
            raise Http404  # no row has such a number, and SQLite would give an error instead of no row
        if not getattr(view_func, "login_required", True):
            return None  # Django asks first who it is; then no cache could keep a public page
        refused: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if refused and request.headers.get("HX-Request"):
            return HttpResponse("U bent niet meer ingelogd.", status=401)
        if refused and request.method == "POST":
            return not_taken(request, _("Uw sessie is verlopen"), 401)
        return refused


def account_language(get_response: GetResponse) -> GetResponse:
    """The pages about one's account are there in English too; a cookie remembers which one was chosen."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(IN_BOTH_LANGUAGES):
            return get_response(request)
        with translation.override(language_of(request)):
            response = get_response(request)
        if chosen := asked(request):
            response.set_cookie(
                LANGUAGE, chosen, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
        return response

    return middleware


class SecondFactorFirst(MiddlewareMixin):
    """Sends who needs a second factor and did not give one to where they set it up, and nowhere else.

    A session that gave one costs no query, any other one a page: a role may come while one is signed in.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not isinstance(request.user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(SIGNING_IN) or proof.has_second_factor(request):
            return None
        if not proof.needs_second_factor(request.user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse("Stel eerst een tweede stap in bij het inloggen.", status=401)
        if request.method == "POST":
            return not_taken(request, _("Er is eerst een tweede stap nodig bij het inloggen"), 403)
        return redirect("mfa_index")


def not_taken(request: HttpRequest, why: str, status: int) -> HttpResponse:
    """The page for a form that could not be taken in, with the longer texts that were typed, to be copied."""
    secret = ("csrfmiddlewaretoken", "password", "questionnaire", "token", "secret", "credential")
    typed = [
        text
        for name, text in request.POST.items()
        if isinstance(text, str) and len(text) > 15 and not any(word in name for word in secret)
    ]
    return render(request, "not_taken.html", {"why": why, "typed": typed}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: as a rule the person signed in anew elsewhere, and this page's token is old."""
    return not_taken(request, _("Deze pagina was verlopen"), 403)
