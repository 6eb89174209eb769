"""What protects people in a survey lies fixed in the database too, from the moment that it opens.

SQLite forgets triggers when a later migration remakes one of these two tables; tests/test_survey_life.py fails
then, and the migration has to put them back.
"""

from collections.abc import Iterable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SETTINGS = ("organisation_id", "assessment_id", "audience", "statements_id", "least_population", "least_answers")
SAID = "what protects people in a survey lies fixed once it opened"


def changed(columns: Iterable[str]) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


POSTGRESQL = f"""
CREATE FUNCTION surveys_survey_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'preparing' AND ({changed(SETTINGS)} OR NEW.status = 'preparing' OR NEW.months_kept > OLD.months_kept)
     OR OLD.status = 'closed' AND ({changed(("status", "document", "digest"))}) THEN
    RAISE EXCEPTION '{SAID}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER surveys_survey_fixed BEFORE UPDATE ON surveys_survey
  FOR EACH ROW EXECUTE FUNCTION surveys_survey_fixed();
CREATE FUNCTION surveys_group_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT status FROM surveys_survey WHERE id = COALESCE(NEW.survey_id, OLD.survey_id)) <> 'preparing' THEN
    RAISE EXCEPTION '{SAID}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER surveys_group_added BEFORE INSERT ON surveys_group
  FOR EACH ROW EXECUTE FUNCTION surveys_group_fixed();
CREATE TRIGGER surveys_group_fixed BEFORE UPDATE OF survey_id, slug, name, population, joined_id ON surveys_group
  FOR EACH ROW EXECUTE FUNCTION surveys_group_fixed();
"""
BACK_POSTGRESQL = """
DROP TRIGGER surveys_group_fixed ON surveys_group;
DROP TRIGGER surveys_group_added ON surveys_group;
DROP TRIGGER surveys_survey_fixed ON surveys_survey;
DROP FUNCTION surveys_group_fixed();
DROP FUNCTION surveys_survey_fixed();
"""


def sqlite_trigger(name: str, event: str, table: str, condition: str) -> str:
    return f"""
CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{SAID}'); END"""


NOT_PREPARING = "(SELECT status FROM surveys_survey WHERE id = NEW.survey_id) <> 'preparing'"
SQLITE = {
    "surveys_survey_fixed": (
        "UPDATE",
        "surveys_survey",
        f"OLD.status <> 'preparing' AND ({changed(SETTINGS)} OR NEW.status = 'preparing'"
        " OR NEW.months_kept > OLD.months_kept)"
        f" OR OLD.status = 'closed' AND ({changed(('status', 'document', 'digest'))})",
    ),
    "surveys_group_added": ("INSERT", "surveys_group", NOT_PREPARING),
    "surveys_group_fixed": (
        "UPDATE OF survey_id, slug, name, population, joined_id",
        "surveys_group",
        NOT_PREPARING,
    ),
}


def fix(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for name, (event, table, condition) in SQLITE.items():
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        schema_editor.execute(sqlite_trigger(name, event, table, condition))


def loosen(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK_POSTGRESQL)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [migrations.RunPython(fix, loosen, elidable=False)]
