"""An address as a QR code: black on white with its quiet zone, on screen and on paper."""

import segno

from reports.pictures.drawing import escape

QUIET = 4  # modules of white around it, as the standard asks


def qr(address: str, title: str) -> str:
    """The code as SVG of one path; the title says what it holds, for who does not see it."""
    matrix = segno.make(address, error="m", micro=False).matrix
    side = len(matrix) + 2 * QUIET
    squares = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="report-qr" role="img" viewBox="0 0 {side} {side}">'
        f'<title>{escape(title)}</title><rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{"".join(squares)}" fill="#000"/></svg>'
    )
