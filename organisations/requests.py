"""Who is asking."""

from django.http import HttpRequest

from organisations.models import User


def signed_in(request: HttpRequest) -> User:
    """The user of a page that LoginRequiredMiddleware guards; says so to the type checker too."""
    assert isinstance(request.user, User)
    return request.user
