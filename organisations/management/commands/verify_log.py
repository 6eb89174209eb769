"""manage.py verify_log: goes through the log and says where it was changed; exit status 1 when it was."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisations.log.acts import Act
from organisations.log.chain import Anchor, Fault, faults, is_ended
from organisations.models import LogEntry, LogHead
from organisations.models.log import PORTAL

ANCHOR = re.compile(r"(\S+) (\d+) ([0-9a-f]{64})")


class Command(BaseCommand):
    help = (
        "Controleert het logboek: is er een regel veranderd, verdwenen of ertussen gezet? "
        "Met --anker ook of het nog past bij wat eerder is gemeld."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anker",
            metavar="BESTAND",
            help="een bestand met eerdere regels van deze opdracht of van het procesverslag van de server",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = _read(options["anker"]) if options["anker"] else []
        heads = {head.chain: head.as_anchor() for head in LogHead.objects.all()}
        chains = {*heads, *LogEntry.objects.values_list("chain", flat=True).distinct().order_by()}
        closed = LogEntry.objects.filter(chain=PORTAL, act=Act.CLOSING)
        self.ended = list(closed.values_list("detail", flat=True))
        found = 0
        for chain in sorted(chains | {anchor.chain for anchor in anchors}):
            for fault in self._of(chain, heads.get(chain), anchors):
                found += 1
                self.stderr.write(str(fault))
        for head in sorted(heads.values(), key=lambda one: one.chain):
            self.stdout.write(f"{head.chain} {head.number} {head.digest}")
        if found:
            raise CommandError(f"Het logboek klopt niet: {found} keer.", returncode=1)
        self.stdout.write(f"Het logboek klopt: {LogEntry.objects.count()} regels.")

    def _of(self, chain: str, head: Anchor | None, anchors: Iterable[Anchor]) -> Iterable[Fault]:
        mine, entries = [anchor for anchor in anchors if anchor.chain == chain], LogEntry.objects
        if head and is_ended(head, self.ended) and not entries.filter(chain=chain).exists():
            mine.append(head)
            return (
                [] if len({one.digest for one in mine if one.number == head.number}) == 1 else [_other(head)]
            )
        return faults(entries.filter(chain=chain).lines(), head, mine)


def _other(head: Anchor) -> Fault:
    return Fault(head.chain, head.number, "is een andere dan eerder is gemeld")


def _read(path: str) -> list[Anchor]:
    """The anchors in a file: lines with a chain, a number and a digest, also with other words before them."""
    try:
        with open(path, encoding="utf-8") as lines:
            return [
                Anchor(found[1], int(found[2]), found[3]) for line in lines if (found := ANCHOR.search(line))
            ]
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"Dit bestand is niet te lezen: {fault}", returncode=2) from fault
