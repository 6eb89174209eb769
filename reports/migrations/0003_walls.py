"""The second wall between organisations (organisations/walls.py)."""

from django.db import migrations

from organisations.row_security import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_one_file_an_order"),
        ("assessments", "0010_walls"),
        ("organisations", "0009_walls"),
    ]

    operations = [Wall("ReportFile", "adoption")]
