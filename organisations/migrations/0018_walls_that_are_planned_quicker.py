from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from organisations.row_security import FUNCTIONS


def replace(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the policies ask, as a new database gets it at once: it says the same and costs less."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0017_the_log_is_not_emptied")]

    operations = [migrations.RunPython(replace, migrations.RunPython.noop, elidable=False)]
