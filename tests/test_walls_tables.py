"""Each table is behind the second wall, or stands below with the reason why it is not.

For a new table add `Wall("Model")` to its migration, or `Wall("Model", "field")` where the organisation is
that of another row (organisations/row_security.py). Only what is of no organisation belongs in the table
here.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from organisations.row_security import NAME, Wall
from tests.restricted import on_postgresql

OF_A_PERSON = "of a person, who may be of several organisations, and asked for before it is known which"
NO_WALL = {
    "chain.PublishedQuestionnaire": "the method is everybody's",
    "chain.PublishedStatements": "the method is everybody's",
    "organisations.Logo": "a picture by its digest, for anybody who sees a page of it",
    "organisations.User": OF_A_PERSON,
    "organisations.User_groups": "Django's; the portal does not use it",
    "organisations.User_user_permissions": "Django's; the portal does not use it",
    "organisations.Muted": OF_A_PERSON,
    "account.EmailAddress": OF_A_PERSON,
    "account.EmailConfirmation": OF_A_PERSON,
    "mfa.Authenticator": OF_A_PERSON,
    "socialaccount.SocialAccount": OF_A_PERSON,
    "socialaccount.SocialApp": "allauth's; it holds nothing of an organisation",
    "socialaccount.SocialToken": OF_A_PERSON,
    "usersessions.UserSession": OF_A_PERSON,
    "organisations.FailedSignIn": OF_A_PERSON,
    "sessions.Session": "asked for before it is known whose it is",
    "admin.LogEntry": "of the technical back room, which is the portal's",
    "auth.Permission": "Django's list of what there is",
    "auth.Group": "Django's; the portal does not use it",
    "auth.Group_permissions": "Django's; the portal does not use it",
    "contenttypes.ContentType": "Django's list of what there is",
    "django_tasks_database.DBTaskResult": "the worker's queue: keys and no content",
}


def walls() -> set[str]:
    """The models that a migration put behind the wall."""
    migrations = MigrationLoader(None).disk_migrations.values()
    return {
        apps.get_model(migration.app_label, operation.model)._meta.label
        for migration in migrations
        for operation in migration.operations
        if isinstance(operation, Wall)
    }


def tables() -> dict[str, str]:
    """By model the table of everything that the portal keeps."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: model._meta.db_table for model in models if model._meta.managed}


def test_every_table_has_a_wall_or_a_reason_to_have_none() -> None:
    assert set(tables()) - walls() - set(NO_WALL) == set(), "add a Wall to the migration of these"
    assert walls() & set(NO_WALL) == set()
    assert set(NO_WALL) <= set(tables()), "there is no such table any more"


@pytest.mark.django_db
@on_postgresql
def test_every_wall_stands_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND p.polname = %s AND p.polcmd = '*' AND p.polroles = '{0}'",
            [NAME],
        )
        standing = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM pg_policy")
        (policies,) = cursor.fetchone() or (0,)
    assert standing == {tables()[label] for label in walls()}
    assert policies == len(standing), "a second policy of a table would open what the first one closes"
