from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A TRUNCATE passes triggers on rows by. The function that cuts is run as the table's owner, and must not take a
# temporary table of whoever calls it for one of these.
POSTGRESQL = """
CREATE TRIGGER organisations_log_kept BEFORE TRUNCATE ON organisations_logentry
  FOR EACH STATEMENT EXECUTE FUNCTION organisations_log_fixed();
CREATE TRIGGER organisations_log_kept BEFORE TRUNCATE ON organisations_loghead
  FOR EACH STATEMENT EXECUTE FUNCTION organisations_log_fixed();
DO $do$ BEGIN
  EXECUTE 'ALTER FUNCTION organisations_log_cut(text, bigint) SET search_path = '
    || quote_ident(current_schema()) || ', pg_temp';
END $do$;
"""
BACK = """
DROP TRIGGER organisations_log_kept ON organisations_logentry;
DROP TRIGGER organisations_log_kept ON organisations_loghead;
ALTER FUNCTION organisations_log_cut(text, bigint) SET search_path FROM CURRENT;
"""


def keep(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)


def loosen(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0016_saml")]

    operations = [migrations.RunPython(keep, loosen, elidable=False)]
