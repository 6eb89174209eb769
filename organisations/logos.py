"""A file that came as a logo, made into one that may be shown everywhere: an SVG or a PNG built anew."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from PIL import Image, ImageFile

from organisations.drawing import MAX_RATIO, LogoRefused, rebuilt

MAX_BYTES: Final = 2_000_000
MAX_PIXELS: Final = 12_000_000
SMALLEST: Final = 40  # pixels of height under which a logo is a blur in print
FITS: Final = (1200, 480)  # pixels; more is not seen, on paper either
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_WRONG: Final = "Kies een SVG of een PNG. Dit bestand is geen van beide."


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo as it is kept. `left_out` says what of the file it lost."""

    kind: str  # svg, png
    content: bytes
    width: int
    height: int
    left_out: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return sha256(self.content).hexdigest()


def read_logo(content: bytes) -> Picture:
    """The logo in this file, by what is in it and not by its name. Raises `LogoRefused`."""
    if len(content) > MAX_BYTES:
        raise LogoRefused(f"Dit bestand is te groot: hoogstens {MAX_BYTES // 1_000_000} MB.")
    if content.startswith(_PNG):
        return _png(content)
    if b"<" not in content[:200].replace(b"\x00", b""):
        raise LogoRefused(_WRONG)
    drawing = rebuilt(content)
    scale = 480 / drawing.height
    size = max(1, round(drawing.width * scale)), 480
    return Picture("svg", drawing.content, *size, drawing.left_out)


def _png(content: bytes) -> Picture:
    """Decoded and written again, so that nothing is in it but the picture."""
    # WeasyPrint, where it is loaded, makes Pillow take half a picture for a whole one in the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
                _refuse_size(*opened.size)
                opened.load()
                # Without transparency for a picture that has none: smaller, and PDF/A asks less of it.
                shown = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError, Warning) as fault:
        raise LogoRefused("Deze PNG is beschadigd. Bewaar het logo opnieuw.") from fault
    plain = Image.new(shown.mode, shown.size)
    plain.paste(shown)  # without what was written beside the picture
    plain.thumbnail(FITS)
    written = io.BytesIO()
    plain.save(written, "PNG", optimize=True)
    return Picture("png", written.getvalue(), *plain.size)


def _refuse_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise LogoRefused("Deze PNG heeft te veel beeldpunten. Maak hem kleiner, bijvoorbeeld 1200 bij 480.")
    if height < SMALLEST:
        raise LogoRefused(f"Dit logo is te klein om scherp te zijn: ten minste {SMALLEST} beeldpunten hoog.")
    if not 1 / MAX_RATIO <= width / height <= MAX_RATIO:
        raise LogoRefused("Dit logo is veel te smal of te laag. Snijd het bij tot het logo zelf.")
