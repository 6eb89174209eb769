"""The empty field for an electronic seal, made while the PDF is written; reports/sealing.py fills it.

pyHanko could make the field itself, but then it would stand outside the tags, and the file would no longer be
PDF/UA. It has no size: a seal is not something to see, the colophon says that it is there.
"""

from typing import Any

import pydyf  # type: ignore[import-untyped]  # publishes no types

from reports.norms import SEAL_FIELD

MEANING = "Elektronisch zegel van de organisatie"
PRINTED_AND_LOCKED = 4 | 128  # PDF/A forbids hiding it, and PDF/UA only leaves hidden ones out of its rules


def add_seal_field(pdf: Any) -> None:
    """Adds the field to the last page, with a tag of its own at the end of the document."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    parents, document = _object(pdf, root["ParentTree"]), _object(pdf, root["K"][0])
    at, key = pdf.page_references[-1], parents["Nums"][-2] + 1
    field = _added(
        pdf,
        {"Type": "/Annot", "Subtype": "/Widget", "FT": "/Sig", "T": pydyf.String(SEAL_FIELD)}
        | {"TU": pydyf.String(MEANING), "F": PRINTED_AND_LOCKED, "Rect": pydyf.Array((0, 0, 0, 0))}
        | {"P": at, "StructParent": key},
    )
    link = _added(pdf, {"Type": "/OBJR", "Obj": field, "Pg": at})
    tag = _added(
        pdf,
        {"Type": "/StructElem", "S": "/Form", "P": document.reference, "Pg": at}
        | {"K": pydyf.Array([link]), "Alt": pydyf.String(MEANING)},
    )
    document["K"].append(tag)
    parents["Nums"].extend([key, tag])
    _object(pdf, at).setdefault("Annots", pydyf.Array()).append(field)
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field])})


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _added(pdf: Any, entries: dict[str, Any]) -> Any:
    """The reference of a new object."""
    made = pydyf.Dictionary(entries)
    pdf.add_object(made)
    return made.reference
