"""The second wall between organisations (organisations/walls.py)."""

from django.db import migrations

from organisations.row_security import Wall


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_remarks_beside_the_result"), ("organisations", "0009_walls")]

    operations = [
        Wall("Survey"),
        Wall("Group", "survey"),
        Wall("Clearance", "survey"),
        Wall("Remark", "survey"),
        Wall("Destruction", "survey"),
        Wall("Invite", "group"),
        Wall("Box", "group"),
    ]
