"""The log of signing in: in each organisation of the person, and without drowning in somebody's guesses."""

from __future__ import annotations

from django.db import transaction

from organisations import walls
from organisations.log.acts import Act, Result
from organisations.models import FailedSignIn, User
from organisations.models.log import write


def tell(act: Act, user: User | None, what: str = "", result: Result = Result.DONE) -> None:
    """An entry in the log of each organisation that the user is in; in the portal's own for nobody known."""
    mine: list[int | None] = []
    if user:
        with walls.of_person(user.pk):  # who signs in is nobody until then
            mine += user.memberships.order_by("organisation").values_list("organisation", flat=True)
    for organisation in mine or [None]:
        write(act, what, organisation=organisation, who=user or "onbekend", result=result)


def tell_failed(user: User | None, what: str = "", result: Result = Result.FAILED) -> None:
    """A try that let nobody in: the first of a quarter of an hour at once, how many followed afterwards."""
    with transaction.atomic():
        counted = FailedSignIn.objects.held(user, result)
        was_told, rest = counted.is_running, counted.rest
        counted.count()
        if was_told:
            return
        if rest:
            tell(Act.SIGN_IN, user, rest, result)
        tell(Act.SIGN_IN, user, what, result)


def tell_the_rest() -> None:
    """Of each quarter of an hour that is over: how many tries followed the first. For the worker."""
    with transaction.atomic():
        for counted in FailedSignIn.objects.over().select_related("user"):
            if counted.rest:
                tell(Act.SIGN_IN, counted.user, counted.rest, Result(counted.result))
            counted.delete()
