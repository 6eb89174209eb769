"""What the file of a report must be, in words: known without opening one, so that the report can say it."""

from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

COUNCIL: Final = "council"
ARCHIVE: Final = "archive"
UA: Final = "PDF/UA-1"
SEAL_FIELD: Final = "Zegel"  # its name in the PDF
NORMS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {COUNCIL: ("PDF/A-3a", UA), ARCHIVE: ("PDF/A-2a", UA)}
)
CHECKER: Final = f"page-validation {version('page-validation')}"


def said(variant: str) -> str:
    """What is known of a file that was kept: "PDF/A-3a en PDF/UA-1, page-validation 0.11.0"."""
    return f"{' en '.join(NORMS[variant])}, {CHECKER}"


def sentence(variant: str) -> str:
    """What the colophon of a file says of its checking; true of every file that was kept."""
    return (
        f"Dit bestand is gecontroleerd toen het gemaakt werd: het voldoet aan {' en '.join(NORMS[variant])} "
        f"volgens {CHECKER}, een programma dat niets met het maken te maken heeft. Een bestand met fouten "
        "wordt niet bewaard en niet gepubliceerd."
    )
