"""Files to hand in: one good one of each kind, and a corpus of nasty ones with what is said of each."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from PIL import Image

from assessments.evidence.uploads import MAX_BYTES

OOXML = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, PPTX = (
    f"{OOXML}{part}"
    for part in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
ODF = "application/vnd.oasis.opendocument."
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
MAIL = b"From: a@x.example\r\nDate: Sat, 21 Nov 2026 10:00:00 +0100\r\n\r\n<html>Dag</html>\r\n"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


Parts = Mapping[str, bytes | str]


def picture(form: str, size: tuple[int, int] = (20, 10)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#1f6f8b").save(file, form)
    return file.getvalue()


def package(parts: Parts, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(type_: str = DOCX, more: Parts | None = None) -> bytes:
    types = f'<Types><Override PartName="/x.xml" ContentType="{type_}.main+xml"/></Types>'
    return package(
        {"[Content_Types].xml": types, "_rels/.rels": "<Relationships/>", "x.xml": "<x/>", **(more or {})}
    )


def open_document(type_: str, manifest: str = "<manifest/>", more: Parts | None = None) -> bytes:
    parts = {"mimetype": f"{ODF}{type_}", "content.xml": "<x/>", "META-INF/manifest.xml": manifest}
    return package({**parts, **(more or {})})


def compound(stream: str) -> bytes:
    """A file in Microsoft's older container with one empty stream of this name."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE

    def entry(name: str, kind: int, child: int) -> bytes:
        written = name.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII36xIQ",
            written,
            len(written) + 2,
            kind,
            1,
            free,
            free,
            child,
            end if kind == 5 else 0,
            0,
        )

    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432
    )
    table = struct.pack("<II", 0xFFFFFFFD, end) + b"\xff" * 504
    folder = entry("Root Entry", 5, 1) + entry(stream, 2, free) + bytes(256)
    return header + table + folder


class Good(NamedTuple):
    name: str
    content: bytes
    type: str
    handed_out_as: str


GOOD = [
    Good("verslag.pdf", PDF, "application/pdf", "verslag.pdf"),
    Good("VERSLAG.PDF", PDF, "application/pdf", "VERSLAG.pdf"),
    Good("gevuld.pdf", PDF.rstrip() + b"\x00" * 600, "application/pdf", "gevuld.pdf"),
    Good("code.docx", office(), DOCX, "code.docx"),
    Good("lijst.xlsx", office(XLSX), XLSX, "lijst.xlsx"),
    Good("les.pptx", office(PPTX), PPTX, "les.pptx"),
    *(
        Good(f"x.{ending}", open_document(part), f"{ODF}{part}", f"x.{ending}")
        for ending, part in [
            ("odt", "text"),
            ("ods", "spreadsheet"),
            ("odp", "presentation"),
            ("odg", "graphics"),
        ]
    ),
    Good("foto.png", picture("PNG"), "image/png", "foto.png"),
    Good("foto.jpeg", picture("JPEG"), "image/jpeg", "foto.jpg"),
    Good("foto.webp", picture("WEBP"), "image/webp", "foto.webp"),
    Good("foto.gif", picture("GIF"), "image/gif", "foto.gif"),
    Good("notitie.txt", "Eén regel.\r\n".encode(), "text/plain", "notitie.txt"),
    Good("windows.txt", "Eén regel.\r\n".encode("cp1252"), "text/plain", "windows.txt"),
    Good("kladblok.txt", "Eén regel < twee.".encode("utf-16"), "text/plain", "kladblok.txt"),
    Good("lijst.csv", b"=1+1;2\n", "text/plain", "lijst.txt"),  # so that no spreadsheet program runs it
    Good("mail.eml", MAIL, "message/rfc822", "mail.eml"),
    Good("mail.msg", compound("__properties_version1.0"), "application/vnd.ms-outlook", "mail.msg"),
]


class Nasty(NamedTuple):
    what: str
    name: str
    content: bytes
    said: str


def _bomb(unpacked: int) -> bytes:
    return office(more={"bomb.xml": b"0" * unpacked})


def _lying() -> bytes:
    """A document of which one part says that it becomes ten bytes, and becomes a million."""
    content = office(more={"bomb.xml": bytes(range(256)) * 4000})
    honest, lie = struct.pack("<I", 256 * 4000), struct.pack("<I", 10)
    assert content.count(honest) == 2
    return content.replace(honest, lie)


def _locked() -> bytes:
    content = bytearray(office())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _damaged() -> bytes:
    content = package({"[Content_Types].xml": f"<x>{DOCX}.main+xml</x>", "x.xml": "<x/>"}, zipfile.ZIP_STORED)
    return content.replace(b"<x/>", b"<y/>")


def _pixels() -> bytes:
    content = bytearray(picture("PNG"))
    content[16:24] = struct.pack(">II", 60000, 60000)
    content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    return bytes(content)


REFUSED, CODE, TWO, BROKEN, BIG = (
    "nemen wij niet aan. U kunt toevoegen: PDF",
    "webpagina of bevat code",
    "meer dan één soort bestand",
    "beschadigd of niet compleet",
    "bij het uitpakken te groot",
)
MISNAMED, LOCKED, MACROS = (
    "De naam van het bestand past niet bij wat erin zit",
    "met een wachtwoord",
    "macro's",
)
NASTY = [
    Nasty("0 bytes", "leeg.pdf", b"", "Het bestand is leeg."),
    Nasty("20 MB and 1", "groot.pdf", PDF.ljust(MAX_BYTES + 1, b"\n"), "hoogstens 20 MB"),
    Nasty("25 MB", "groot.txt", b"x" * (25 * 1024 * 1024), "hoogstens 20 MB"),
    Nasty("text called .pdf", "tekst.pdf", b"Gewoon tekst.", REFUSED),
    Nasty("picture called .pdf", "foto.pdf", picture("PNG"), f"{MISNAMED}: afbeelding (PNG)"),
    Nasty("PDF called .exe", "verslag.exe", PDF, f"{MISNAMED}: PDF"),
    Nasty("PDF called .pdf.exe", "verslag.pdf.exe", PDF, MISNAMED),
    Nasty("PDF without an ending", "verslag", PDF, MISNAMED),
    Nasty("half a PDF", "verslag.pdf", PDF[:40], BROKEN),
    Nasty("HTML called .pdf", "pagina.pdf", HTML, CODE),
    Nasty("HTML", "pagina.html", HTML, CODE),
    Nasty("HTML called .txt", "pagina.txt", b"\n\n <!-- x --> \n" + HTML, CODE),
    Nasty("HTML in UTF-16", "pagina.txt", HTML.decode().encode("utf-16"), CODE),
    Nasty("HTML after much text", "pagina.txt", b"x " * 4000 + HTML, CODE),
    Nasty("HTML called .eml", "mail.eml", HTML, REFUSED),
    Nasty("SVG", "tekening.svg", SVG, CODE),
    Nasty("SVG called .png", "tekening.png", b'<?xml version="1.0"?>' + SVG, CODE),
    Nasty("XML with an entity", "x.txt", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', CODE),
    Nasty("program", "setup.exe", b"MZ\x90\x00" + bytes(200), "is een programma"),
    Nasty("program called .pdf", "rekening.pdf", b"MZ\x90\x00" + bytes(200), "is een programma"),
    Nasty("program of Linux called .docx", "code.docx", b"\x7fELF" + bytes(200), "is een programma"),
    Nasty("shell script called .txt", "lees.txt", b"#!/bin/sh\nrm -rf /\n", "is een programma"),
    Nasty("batch file", "start.bat", b"@echo off\r\n", REFUSED),
    Nasty("PowerShell", "start.ps1", b"Remove-Item x\r\n", REFUSED),
    Nasty("bytes called .txt", "x.txt", b"abc\x00\x01def", REFUSED),
    Nasty("zip bomb", "bom.docx", _bomb(101 * 1024 * 1024), BIG),
    Nasty("zip bomb, small", "bom.xlsx", _bomb(20 * 1024 * 1024), BIG),
    Nasty("zip bomb of many parts", "bom.docx", office(more={f"p{n}": "" for n in range(5001)}), BIG),
    Nasty("zip that lies of its size", "bom.docx", _lying(), BIG),
    Nasty("zip", "stukken.zip", package({"a.txt": "a"}), "Dit is een zip-bestand"),
    Nasty("zip called .docx", "stukken.docx", package({"a.txt": "a"}), "Dit is een zip-bestand"),
    Nasty("empty zip", "stukken.docx", package({}), REFUSED),
    Nasty("bzip2 inside", "x.docx", package({"[Content_Types].xml": ""}, zipfile.ZIP_BZIP2), "zip-bestand"),
    Nasty("half a document", "code.docx", office()[:-60], BROKEN),
    Nasty("damaged part", "code.docx", _damaged(), BROKEN),
    Nasty("path names", "code.docx", office(more={"../../../etc/cron.d/x": "x"}), BROKEN),
    Nasty("absolute path name", "code.docx", office(more={"/etc/passwd": "x"}), BROKEN),
    Nasty("path names of Windows", "code.docx", office(more={"..\\..\\x.exe": "x"}), BROKEN),
    Nasty("one name twice", "code.docx", office(more={"X.xml": "<y/>"}), BROKEN),
    Nasty("password on a zip", "code.docx", _locked(), LOCKED),
    Nasty("password on a document", "code.docx", compound("EncryptedPackage"), LOCKED),
    Nasty("password on ODF", "x.odt", open_document("text", "<x><encryption-data/></x>"), LOCKED),
    Nasty("old Word", "code.doc", compound("WordDocument"), "oud Office-bestand"),
    Nasty("old Word called .msg", "mail.msg", compound("WordDocument"), "oud Office-bestand"),
    Nasty("half an old document", "mail.msg", compound("__properties_version1.0")[:600], BROKEN),
    Nasty("macros", "code.docx", office(more={"word/vbaProject.bin": b"x"}), MACROS),
    Nasty("macros by type", "code.docm", office("application/vnd.ms-word.document.macroEnabled"), MACROS),
    Nasty("macros of Excel 4", "x.xlsx", office(XLSX, {"xl/macrosheets/sheet1.xml": "x"}), MACROS),
    Nasty("ActiveX", "code.docx", office(more={"word/activeX/activeX1.bin": b"x"}), MACROS),
    Nasty(
        "macros in ODF",
        "x.ods",
        open_document("spreadsheet", more={"Basic/Standard/Module1.xml": "x"}),
        MACROS,
    ),
    Nasty("scripts in ODF", "x.odt", open_document("text", more={"Scripts/python/x.py": "x"}), MACROS),
    Nasty("PDF and zip", "x.pdf", PDF + package({"a.txt": "a"}) + b"%%EOF\n", TWO),
    Nasty("PDF and HTML", "x.pdf", PDF + HTML, TWO),
    Nasty("PDF with HTML first", "x.pdf", b"%PDF-1.4\n" + HTML + PDF, TWO),
    Nasty("GIF and script", "x.gif", b"GIF89a/*" + bytes(10) + b"*/=1;<script>alert(1)</script>", TWO),
    Nasty("PNG and PDF", "x.png", picture("PNG")[:60] + PDF, TWO),
    Nasty("JPEG and zip", "x.jpg", picture("JPEG") + package({"a.txt": "a"}), TWO),
    Nasty("two zips", "x.docx", package({"a": "a"}) + office(), TWO),
    Nasty("half a PNG", "x.png", picture("PNG", (300, 300))[:-30], BROKEN),
    Nasty("head of a JPEG", "x.jpg", b"\xff\xd8\xff\xe0" + bytes(50), BROKEN),
    Nasty("too many pixels", "x.png", _pixels(), "te veel beeldpunten"),
]
