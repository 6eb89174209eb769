"""The demo's mailbox. It is there in the demo only: outside it these addresses do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrity_portal import mailbox

# A mail brings its styles with it, and gets nothing else: no script, no picture, none of our cookies.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)


def _in_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Also for who has not signed in: the mails that let people in are among them."""

    @login_not_required
    @wraps(view)
    def only_there(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return only_there


def _found(name: str) -> mailbox.Mail:
    mail = mailbox.find(name)
    if mail is None:
        raise Http404
    return mail


@_in_demo
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mailbox.html", {"mails": mailbox.mails()})


@_in_demo
def mail(request: HttpRequest, mail: str) -> HttpResponse:
    """One mail as text."""
    return render(request, "demo/mail.html", {"mail": _found(mail)})


@_in_demo
def mail_as_sent(request: HttpRequest, mail: str) -> HttpResponse:
    """One mail as a mail program shows it."""
    html = _found(mail).html
    if not html:
        raise Http404
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})
