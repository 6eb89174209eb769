"""The second wall between organisations (organisations/walls.py)."""

from django.db import migrations

from organisations.row_security import Wall


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("organisations", "0009_walls")]

    operations = [Wall("Hold"), Wall("Period"), Wall("Statement")]
