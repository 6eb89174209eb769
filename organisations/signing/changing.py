"""Changes of how somebody signs in: each is in the log, and told to the person by mail."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_noop as _

from organisations import walls
from organisations.log.acts import Act
from organisations.models import User
from organisations.models.log import write
from organisations.signing import notices
from organisations.tasks import deliver

FORGOTTEN = _(
    "Beheerder %(by)s heeft uw tweede stap bij het inloggen gewist, voor alle organisaties waar u lid bent, "
    "en u overal uitgelogd. Logt u weer in, dan kunt u een nieuwe instellen."
)
FORGOTTEN_BY_OPERATOR = _(
    "Wie dit portaal draait, heeft uw tweede stap bij het inloggen gewist, voor alle organisaties waar u lid "
    "bent, en u overal uitgelogd. Logt u weer in, dan kunt u een nieuwe instellen."
)


def notify(user: User, happened: str, **values: object) -> None:
    """Mails the person that this happened, in the transaction of it; as signing/notices.py says."""
    if notices.notify(user, happened, **values):
        deliver.enqueue()


def end_sessions(user: User, but: str = "") -> int:
    """Signs the user out everywhere, except in the session with the key `but`; how often that was."""
    ended = [session for session in UserSession.objects.filter(user=user) if session.session_key != but]
    for session in ended:
        session.end()
    return len(ended)


def forget_factors(user: User, by: str = "") -> None:
    """Takes all second factors of somebody away, who lost them, and signs them out everywhere.

    `by` is the administrator's name, for the mail; none for who runs the portal. They sign in with their
    password, and set up a new one then.
    """
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        homes: list[int | None] = []
        with walls.of_person(user.pk):  # also where the administrator is not
            homes += user.memberships.order_by("organisation").values_list("organisation", flat=True)
        for organisation in homes or [None]:
            write(Act.SECOND_FACTOR, f"gewist van {user}", organisation=organisation)
        notify(user, FORGOTTEN if by else FORGOTTEN_BY_OPERATOR, by=by)
