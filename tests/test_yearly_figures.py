"""The yearly figures of a round: exact for who follows it, safe for who reads the report, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, ChangedMeanwhile, Edition, WritingRefused, YearlyFigures
from assessments.models.edition import supplement
from assessments.status import Status
from assessments.supplement import FigureDocument
from chain.reading import FaultyQuestionnaire, read_figures
from chain.small_numbers import APART, SMALL
from organisations.models import User
from tests.cast import bring_to, make_adopted, make_round

Browser = Callable[[str], Client]
FILE = Path("fixtures/incident-figures.yaml")
COUNTS = {"meldingen": 30, "meldingen--leidinggevende": 20, "meldingen--meldpunt": 7, "meldingen--anders": 3}
EMPTY = dict.fromkeys(
    (f"meldingen--{part}" for part in ("bestuur", "eigen-controle", "extern-meldpunt", "inwoner-of-bedrijf")),
    0,
)


def page(round_: Assessment) -> str:
    return reverse("assessments:figures", args=[round_.pk])


def typed(shown: object = 0, **counts: object) -> dict[str, object]:
    return {"shown": shown, "note": "", **counts}


# Filling in


def test_what_is_saved_is_exact_and_comes_back(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    response = client_of("anna").post(page(round_), typed(**COUNTS, **EMPTY, note="Meer dan vorig jaar."))
    assert response.status_code == 302
    stored = YearlyFigures.newest(round_)
    assert stored and stored.counts["meldingen/anders"] == 3 and stored.note == "Meer dan vorig jaar."
    assert 'value="30"' in client_of("anna").get(page(round_)).content.decode()


def test_half_of_it_can_be_saved_and_gone_on_with(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    client_of("anna").post(page(round_), typed(aangiften=0))
    stored = YearlyFigures.newest(round_)
    assert stored and stored.counts == {"aangiften": 0}
    client_of("anna").post(page(round_), typed(stored.pk, aangiften=0, openstaand=2))
    newest = YearlyFigures.newest(round_)
    assert newest and newest.counts == {"aangiften": 0, "openstaand": 2}


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"meldingen": "twaalf"}, "Vul een heel getal in"),
        ({"meldingen": "2,5"}, "Vul een heel getal in"),
        ({"meldingen": "-1"}, "Een aantal kan niet lager zijn dan 0"),
        ({"meldingen": "123456"}, "Vul hoogstens 99999"),
        ({**COUNTS, **EMPTY, "meldingen": 31}, "De onderdelen zijn samen 30. Hier staat 31."),
        (COUNTS, "Vul elk onderdeel in, ook als het 0 is."),
        ({"aangiften--gedaan": 1, "aangiften--afgewogen": 0}, "Vul ook het totaal in."),
        ({"op-tijd": 5, "op-tijd--bericht": 6}, "Dit is meer dan het totaal van 5."),
        ({"meldingen": 5, "meldingen--soort--giften": 6}, "De soorten zijn samen 6."),
        ({"onderzoeken-afgerond": 4, "doorlooptijd": 40}, "Laat dit leeg: er zijn 4 onderzoeken afgerond"),
    ],
)
def test_what_cannot_be_is_said_where_it_was_typed_and_nothing_is_lost(
    counts: dict[str, object], said: str, cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_round(cast)
    response = client_of("anna").post(page(round_), typed(**counts, note="Dit blijft staan."))
    text = response.content.decode()
    assert (response.status_code, YearlyFigures.newest(round_)) == (422, None)
    assert said in text and "Dit blijft staan." in text
    assert all(f'value="{value}"' in text for value in counts.values())


def test_two_people_do_not_overwrite_each_other(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    theirs = YearlyFigures.write(round_, cast["anna"], 0, counts={"aangiften": 7}, note="")
    response = client_of("anna").post(page(round_), typed(0, aangiften=9))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Aangiften, Totaal: <strong>7</strong>" in text and 'value="9"' in text
    assert f'name="shown" value="{theirs.pk}"' in text
    assert client_of("anna").post(page(round_), typed(theirs.pk, aangiften=9)).status_code == 302
    with pytest.raises(ChangedMeanwhile):
        YearlyFigures.write(round_, cast["anna"], theirs.pk, counts={})


def test_what_comes_after_the_report_was_offered_is_refused_and_given_back(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    response = client_of("anna").post(page(round_), typed(aangiften=9))
    assert response.status_code == 409 and 'value="9"' in response.content.decode()
    with pytest.raises(WritingRefused):
        YearlyFigures.write(round_, cast["anna"], 0, counts={})


def test_the_validator_reads_and_cannot_write(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    YearlyFigures.write(round_, cast["anna"], 0, counts={"aangiften": 3}, note="")
    assert "<form method" not in (
        text := client_of("vera").get(page(round_)).content.decode().split("<main")[1]
    )
    assert "Aangiften, Totaal" in text and SMALL in text


# What will be public


def test_the_page_shows_what_will_be_printed_before_anything_is_saved(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_round(cast)
    response = client_of("anna").post(page(round_), {**typed(**COUNTS, **EMPTY), "preview": "1"})
    preview = response.content.decode().split('id="voorbeeld-tabel"')[1]
    assert (response.status_code, YearlyFigures.newest(round_)) == (200, None)
    assert "<td>30</td>" in preview and APART in preview and "<td>3</td>" not in preview


def test_the_report_never_holds_a_count_below_five(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_adopted(cast)
    YearlyFigures.write(
        round_, cast["anna"], 0, counts={"aangiften": 3, "onderzoeken-gestart": 6}, note="Let op."
    )
    adoption = round_.adoption
    assert adoption
    told = supplement(adoption)["figures"]
    assert {one["slug"]: one["told"] for one in told["figures"] if one["told"] != "niet ingevuld"} == {
        "aangiften": SMALL,
        "onderzoeken-gestart": "6",
    }
    text = client_of("greet").get(reverse("reports:report", args=[adoption.pk])).content.decode()
    chapter = text.split('id="jaarcijfers"')[1].split("</section>")[0]
    assert SMALL in chapter and "Let op." in chapter and "nul is geen goed cijfer" in chapter
    assert "<td>3</td>" not in chapter and "drie" not in chapter


def test_a_report_without_figures_has_no_chapter_of_them(cast: dict[str, User], client_of: Browser) -> None:
    adoption = make_adopted(cast).adoption
    assert adoption and "figures" not in supplement(adoption)
    text = client_of("greet").get(reverse("reports:report", args=[adoption.pk])).content.decode()
    assert 'id="jaarcijfers"' not in text and 'href="#jaarcijfers"' not in text


def test_three_small_years_are_told_together_when_their_period_closes(cast: dict[str, User]) -> None:
    rounds = [make_adopted(cast, year=year) for year in (2026, 2027, 2028)]
    for round_, number in zip(rounds, (2, 1, 4), strict=True):
        YearlyFigures.write(round_, cast["anna"], 0, counts={"aangiften": number})
    told = [YearlyFigures.told(round_) for round_ in rounds]
    assert all(one and _together(one["figures"]) == "" for one in told)  # the earlier two were not offered
    for round_ in rounds[:2]:
        bring_to(round_, Status.SUBMITTED, cast["anna"])
    assert Edition.objects.count() == 2
    told = [YearlyFigures.told(round_) for round_ in rounds]
    assert [one and _together(one["figures"]) for one in told] == ["", "", "7"]


def _together(figures: list[FigureDocument]) -> str:
    return next(one["together"] for one in figures if one["slug"] == "aangiften")


# The file


def test_every_fault_of_the_file_is_named_at_once(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    text = text.replace("unit: days", "unit: weeks").replace("slug: giften", "slug: corruptie")
    text = text.replace("    adds_up: true\n    parts:", "    parts:", 1)
    (tmp_path / "figures.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultyQuestionnaire) as refused:
        read_figures(tmp_path / "figures.yaml")
    assert [(one.where, one.reason) for one in refused.value.faults] == [
        ("doorlooptijd.unit", "must be one of count, days, not 'weeks'"),
    ]
    (tmp_path / "figures.yaml").write_text(text.replace("unit: weeks", "unit: days"), encoding="utf-8")
    with pytest.raises(FaultyQuestionnaire) as refused:
        read_figures(tmp_path / "figures.yaml")
    assert [(one.where, one.reason) for one in refused.value.faults] == [
        ("violation_types", "'corruptie' stands there twice"),
        ("meldingen", "parts and adds_up need each other"),
    ]
