"""The published reports as open data, described by DCAT-AP-NL 3.0 in JSON-LD.

What it asks: https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/, with shapes in Geonovum/DCAT-AP-NL30, on
top of DCAT-AP 3.0. Each edition is a data set with the report and its data as distributions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from organisations.models import Organisation
from reports import words
from reports.models import ReportFile
from reports.publishing import Publication

Node = dict[str, Any]
EU: Final = "http://publications.europa.eu/resource/authority/"
PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# The profile asks for a licence. The portal does not know it: that is for the organisation to decide. This is
# how the list of values of data.overheid.nl says so.
LICENCE: Final = "http://standaarden.overheid.nl/owms/terms/licentieonbekend"
LAW: Final = "Ambtenarenwet 2017, artikel 4, vierde lid"
FILES: Final = (  # name, what it is, the EU's word for the kind, media type
    ("gegevens.json", "De vastgestelde uitkomst", "JSON", "application/json"),
    ("aanvulling.json", "Wat het verslag daarnaast vertelt", "JSON", "application/json"),
    ("gegevens.csv", "De uitkomst als tabel", "CSV", "text/csv"),
)


def catalogue_of(found: Sequence[Publication], files: Mapping[int, ReportFile]) -> Node:
    """The catalogue of one organisation with what it published, at least one; `files` are PDFs by edition."""
    organisation = found[0].organisation
    home = _whole(reverse("reports:publications", args=[organisation.slug]))
    agent = f"{home}#organisatie"
    return {
        "@context": PREFIXES,
        "@id": _whole(reverse("reports:catalogue", args=[organisation.slug])),
        "@type": "dcat:Catalog",
        "dct:title": _dutch(f"Verantwoording integriteit van {organisation.name}"),
        "dct:description": _dutch(
            f"De verslagen waarin {organisation.name} de raad vertelt hoe zij aan integriteit werkt."
        ),
        "dct:publisher": {"@id": agent, "@type": "foaf:Agent", "foaf:name": _dutch(organisation.name)},
        "dcat:contactPoint": _contact(organisation, home),
        "dct:language": _of_list("language/NLD", "dct:LinguisticSystem"),
        "dct:license": {"@id": LICENCE, "@type": "dct:LicenseDocument"},
        "foaf:homepage": {"@id": home, "@type": "foaf:Document"},
        "dct:modified": _date(max(one.published_at for one in found).date().isoformat()),
        "dcat:dataset": [_dataset(one, agent, files.get(one.edition.pk), home) for one in found],
    }


def _dataset(one: Publication, agent: str, file: ReportFile | None, home: str) -> Node:
    round_, address = one.round, _whole(one.address)
    node: Node = {
        "@id": f"{address}#gegevens",
        "@type": "dcat:Dataset",
        "dct:title": _dutch(f"De integriteitsketen van {one.organisation.name}, {round_}"),
        "dct:description": _dutch(
            f"De uitkomst van de zelfevaluatie integriteit {round_.year}: het niveau van vijf schakels, van "
            f"elke vraag en van de wettelijke minimums, met het verslag aan de raad ({LAW}). "
            f"Versie {one.number}."
        ),
        "dct:identifier": address,
        "dct:publisher": {"@id": agent},
        "dct:creator": {"@id": agent},
        "dcat:contactPoint": _contact(one.organisation, home),
        "dcat:theme": _of_list("data-theme/GOVE", "skos:Concept"),
        "dct:accessRights": _of_list("access-right/PUBLIC", "dct:RightsStatement"),
        "dct:language": _of_list("language/NLD", "dct:LinguisticSystem"),
        "dcat:keyword": [_dutch(word) for word in ("integriteit", "verantwoording", "gemeenteraad")],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _date(f"{round_.year}-01-01"),
            "dcat:endDate": _date(f"{round_.year}-12-31"),
        },
        "dct:issued": _date(one.published_at.date().isoformat()),
        "dct:modified": _date(one.published_at.date().isoformat()),
        "dcat:version": str(one.number),
        "dcat:landingPage": {"@id": address, "@type": "foaf:Document"},
        "adms:status": _of_list(f"dataset-status/{_status(one)}", "skos:Concept"),
        "dcat:distribution": [_data(one, *told) for told in FILES] + ([_pdf(one, file)] if file else []),
    }
    if one.newer:
        node["adms:versionNotes"] = _dutch(f"Vervangen door versie {one.newer.number}.")
    return node


def _data(one: Publication, name: str, title: str, kind: str, media: str) -> Node:
    address = _whole(reverse("reports:publication_data", args=[one.organisation.slug, one.slug, name]))
    return _distribution(address, f"{title} ({name})", kind, media)


def _pdf(one: Publication, file: ReportFile) -> Node:
    address = _whole(one.page("publication_pdf"))
    node = _distribution(
        address, f"Het verslag als PDF, {words.kilobytes(file.size or 0)}", "PDF", "application/pdf"
    )
    checked: Node = {"@type": "spdx:Checksum"}
    checked["spdx:algorithm"] = {
        "@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
        "@type": "spdx:ChecksumAlgorithm",
    }
    checked["spdx:checksumValue"] = {"@value": file.sha256, "@type": "xsd:hexBinary"}
    size = {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"}
    return {**node, "spdx:checksum": checked, "dcat:byteSize": size}


def _distribution(address: str, title: str, kind: str, media: str) -> Node:
    return {
        "@id": f"{address}#bestand",
        "@type": "dcat:Distribution",
        "dct:title": _dutch(title),
        "dcat:accessURL": {"@id": address, "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": address, "@type": "rdfs:Resource"},
        "dct:license": {"@id": LICENCE, "@type": "dct:LicenseDocument"},
        "dct:format": _of_list(f"file-type/{kind}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{media}",
            "@type": "dct:MediaType",
        },
        "dct:language": _of_list("language/NLD", "dct:LinguisticSystem"),
    }


def _status(one: Publication) -> str:
    """The EU's word for how it stands: dataset-status."""
    if one.is_withdrawn:
        return "WITHDRAWN"
    return "DEPRECATED" if one.newer else "COMPLETED"


def _contact(organisation: Organisation, home: str) -> Node:
    website = organisation.style.website if organisation.style else ""
    return {
        "@id": f"{home}#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": _dutch(organisation.name),
        "vcard:hasURL": {"@id": website or home},
    }


def _of_list(name: str, kind: str) -> Node:
    """A value of one of the European lists that the profile asks for."""
    node: Node = {"@id": EU + name, "@type": kind}
    if kind == "skos:Concept":
        node["skos:prefLabel"] = {"@value": name.split("/")[1], "@language": "en"}
    return node


def _dutch(text: str) -> Node:
    return {"@value": text, "@language": "nl"}


def _date(day: str) -> Node:
    return {"@value": day, "@type": "xsd:date"}


def _whole(path: str) -> str:
    return settings.PORTAL_URL + path
