"""Who work in the benchmarks: eight people who were asked every question of the demo's running round."""

from __future__ import annotations

from typing import NamedTuple

USERS = 8
PASSWORD = "een ketting van vijf"


class Asked(NamedTuple):
    """A person's address, and the pages of their themes, each with the ids of its questions."""

    email: str
    themes: dict[str, list[str]]


def ask_everything_of_eight() -> list[Asked]:
    """Adds them to Waterrijk, with all themes of its open round."""
    from django.urls import reverse

    from assessments.models import Assessment, Assignment
    from assessments.status import Status
    from organisations.models import User
    from organisations.roles import Role

    round_ = Assessment.objects.get(organisation__slug="waterrijk", status=Status.OPEN)
    themes = [(link, theme) for link in round_.content.links for theme in link.themes]
    pages = {
        reverse("assessments:theme", args=[round_.pk, link.slug, theme.slug]): [
            one.id for one in theme.questions
        ]
        for link, theme in themes
    }
    asked = []
    for number in range(USERS):
        user = User.objects.create_user(f"bench{number}@waterrijk.example", PASSWORD, name=f"Nummer {number}")
        round_.organisation.admit(user, [Role.CONTRIBUTOR], job="functie")
        Assignment.objects.bulk_create(
            Assignment(assessment=round_, link=link.slug, theme=theme.slug, user=user)
            for link, theme in themes
        )
        asked.append(Asked(user.email, pages))
    return asked
