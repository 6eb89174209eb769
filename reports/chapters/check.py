"""Where anybody checks that a report is the one that was offered to the council: a code, and a QR code."""

from dataclasses import dataclass

from reports.account import Account
from reports.pictures.qr import qr

CONCEPT = (
    "Dit is een concept. Het is niet aan de raad aangeboden en heeft daarom geen code om het te controleren."
)


@dataclass(frozen=True, slots=True)
class Check:
    account: Account

    @property
    def code(self) -> str:
        """Eight signs in two groups; empty for a concept."""
        return self.account.supplement["edition"]["code"]

    @property
    def address(self) -> str:
        return self.account.supplement["edition"]["address"]

    @property
    def sentence(self) -> str:
        if not self.code:
            return CONCEPT
        return (
            f"Controleer dit verslag op {self.address} of scan de QR-code. De code is {self.code}. "
            "U ziet daar of dit verslag nog geldt, en of uw bestand niet is veranderd."
        )

    @property
    def picture(self) -> str:
        """The address as QR code; empty for a concept."""
        return (
            qr(self.address, f"QR-code met het adres van de controlepagina: {self.address}")
            if self.code
            else ""
        )
