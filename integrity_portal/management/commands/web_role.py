"""manage.py web_role: gives a role of PostgreSQL what the web and the worker need, and no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from integrity_portal.postgresql.roles import grants


class Command(BaseCommand):
    help = "Geeft een rol van PostgreSQL de rechten die web en worker nodig hebben, en niet meer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROL", help="bijvoorbeeld portaal; de rol moet er al zijn")
        parser.add_argument("--toon", action="store_true", help="voer niets uit, schrijf de opdrachten op")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Dit kan alleen op PostgreSQL: SQLite heeft geen rollen.")
        statements = list(grants(options["role"]))
        if options["toon"]:
            self.stdout.write("".join(f"{statement};\n" for statement in statements))
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"De rol {options['role']} heeft de rechten voor web en worker.")
