"""The policies of row-level security that make the second wall (walls.py), as operations for a migration.

    operations = [Wall("Answer", "assessment")]

On PostgreSQL the table then shows and takes only rows of the organisations in `portal.organisations`. The
owner of the tables passes by: the processes must be another role (docs/production.md). On SQLite nothing
happens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field, Model

# `walls_open` and `walls_everywhere` read the setting; a policy has each in a SELECT of its own, so that it
# is worked out once a statement. Not in SQL: PostgreSQL would read and plan their text anew wherever a policy
# has them, which made planning a page's statements twice as dear. `walls_of` answers as the owner of the
# tables: memberships are behind the wall too, and this is what it is made of.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION walls_open() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN string_to_array(nullif(nullif(current_setting('portal.organisations', true), ''), '*'), ',')
    ::bigint[];
END $$;
CREATE OR REPLACE FUNCTION walls_everywhere() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN coalesce(current_setting('portal.organisations', true) = '*', false);
END $$;
DO $do$ BEGIN EXECUTE $of$
  CREATE OR REPLACE FUNCTION walls_of(person bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(organisation_id::text, ',' ORDER BY organisation_id), '')
      FROM $of$ || quote_ident(current_schema()) || $of$.organisations_membership WHERE user_id = person
  $$ $of$;
END $do$;
"""
BACK = "DROP FUNCTION walls_of(bigint); DROP FUNCTION walls_everywhere(); DROP FUNCTION walls_open();"
NAME = "walls"


class _OnPostgreSQL(Operation, ABC):
    """Statements for PostgreSQL alone, that change nothing of what Django knows of the models."""

    reversible = True
    elidable = False

    @abstractmethod
    def forwards(self, model: Callable[[str], type[Model]]) -> Sequence[str]:
        """The statements that put it there; `model` finds a model of this app by its name."""

    @abstractmethod
    def backwards(self, model: Callable[[str], type[Model]]) -> Sequence[str]:
        """The statements that take it away again."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django's models stay as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._execute(self.forwards, app_label, schema_editor, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._execute(self.backwards, app_label, schema_editor, to_state)

    @staticmethod
    def _execute(
        statements: Callable[[Callable[[str], type[Model]]], Sequence[str]],
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements(partial(state.apps.get_model, app_label)):
                schema_editor.execute(statement)


class WallFunctions(_OnPostgreSQL):
    """What the policies ask."""

    def forwards(self, model: Callable[[str], type[Model]]) -> Sequence[str]:
        return [FUNCTIONS]

    def backwards(self, model: Callable[[str], type[Model]]) -> Sequence[str]:
        return [BACK]

    def describe(self) -> str:
        return "Makes the functions that the walls between organisations ask"


class Wall(_OnPostgreSQL):
    """Puts the table of this model behind the wall.

    `by` is the field that says whose a row is: a key to an organisation, or to a model that is itself behind
    the wall. A row without an organisation is the portal's own. `sql` is for a table that says it otherwise:
    an expression that gives the key of the organisation.
    """

    def __init__(self, model: str, by: str = "organisation", sql: str = "") -> None:
        self.model, self.by, self.sql = model, by, sql

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model, self.by], {"sql": self.sql} if self.sql else {}

    def forwards(self, model: Callable[[str], type[Model]]) -> Sequence[str]:
        walled = model(self.model)
        table = walled._meta.db_table
        return [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY {NAME} ON "{table}" USING ({self._condition(walled)})',
        ]

    def backwards(self, model: Callable[[str], type[Model]]) -> Sequence[str]:
        table = model(self.model)._meta.db_table
        return [f'DROP POLICY {NAME} ON "{table}"', f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY']

    def _condition(self, model: type[Model]) -> str:
        """Which rows are there. The USING of a policy for everything is its WITH CHECK too."""
        anywhere = "(SELECT walls_everywhere())"
        if self.sql:
            return f"{self.sql} = ANY ((SELECT walls_open())::bigint[]) OR {anywhere}"
        field = model._meta.get_field(self.by)
        assert isinstance(field, Field)
        column, owner = f'"{model._meta.db_table}"."{field.column}"', field.remote_field
        if owner and owner.model._meta.model_name != "organisation":
            parent, key = owner.model._meta.db_table, owner.model._meta.pk.column
            # Of the rows there the policy of that table leaves those of the same organisations.
            seen = f'EXISTS (SELECT 1 FROM "{parent}" WHERE "{parent}"."{key}" = {column})'
            return f"{seen} OR {anywhere}"
        own = f"{column} = ANY ((SELECT walls_open())::bigint[])"
        if field.null:
            own += f" OR {column} IS NULL AND 0 = ANY ((SELECT walls_open())::bigint[])"
        return f"{own} OR {anywhere}"

    def describe(self) -> str:
        return f"Puts {self.model} behind the wall between organisations"
