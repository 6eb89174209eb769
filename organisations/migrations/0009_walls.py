"""The second wall between organisations (organisations/walls.py). Users, logos and unwanted kinds of mail are of
no one organisation; tests/test_walls_tables.py says of each table without a wall why it has none."""

from django.db import migrations

from organisations.row_security import Wall, WallFunctions


class Migration(migrations.Migration):
    dependencies = [("organisations", "0008_closing_off_the_log")]

    operations = [
        WallFunctions(),
        Wall("Organisation", "id"),
        Wall("Team"),
        Wall("Membership"),
        Wall("MembershipRole", "membership"),
        Wall("Invitation"),
        Wall("Message"),
        Wall("HouseStyle"),
        Wall("LogEntry"),
        # "organisatie-3", and "portaal" for what is of no organisation.
        Wall("LogHead", sql="coalesce(substring(chain from '[0-9]+$')::bigint, 0)"),
    ]
