"""What the council report costs as PDF: CPU, size, pages, memory, and where the time goes.

    python -m bench.report_pdf

cold: a process from its start until the file is there, as the worker has it done (reports/printing.py).
warm: the best of five more in that process, with the seconds of each stage: parse (HTML), cascade (which
rules hold where), boxes, draw (and tags), write, and layout, which is what is left. html: the chapters
from the frozen documents. check: reading the file back by both norms. CPU seconds, since wall time depends
on what else the machine does; memory is the most that the printing process held. The reports are those of
tests/extremes.py with every part filled: the full track with both surveys, and the light one.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

AT = datetime(2025, 11, 14, tzinfo=UTC)
WARM = 5
STAGES = ("parse", "cascade", "boxes", "draw", "write", "layout")
COLUMNS = "{:<6} {:>5} {:>5} {:>6} {:>6} {:>6} {:>6} {:>6}" + " {:>7}" * len(STAGES)


def timed(spent: dict[str, float], stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(work)
    def with_a_clock(*args: Any, **kwargs: Any) -> Any:
        before = time.process_time()
        try:
            return work(*args, **kwargs)
        finally:
            spent[stage] = spent.get(stage, 0.0) + time.process_time() - before

    return with_a_clock


def printer() -> None:
    """In the printing process: makes the PDF ordered on standard input six times; prints what that took."""
    import pydyf  # type: ignore[import-untyped]  # publishes no types
    import weasyprint
    from weasyprint import document

    from reports import pdf  # here, so that the other process does not hold it

    order, spent = json.load(sys.stdin), dict[str, float]()
    made = pdf.render(order["html"], at=AT, attached=order["attached"])
    cold, warm = time.process_time(), []
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for stage, place, name in (
        ("parse", weasyprint.HTML, "__init__"),
        ("cascade", document, "get_all_computed_styles"),
        ("boxes", document, "build_formatting_structure"),
        ("draw", document, "generate_pdf"),
        ("write", pydyf.PDF, "write"),
    ):
        setattr(place, name, timed(spent, stage, getattr(place, name)))
    for _ in range(WARM):
        spent.clear()
        before = time.process_time()
        pdf.render(order["html"], at=AT, attached=order["attached"])
        warm.append((time.process_time() - before, dict(spent)))
    best, stages = min(warm, key=lambda one: one[0])
    stages["layout"] = best - sum(stages.values())
    before = time.process_time()
    check(made.content)
    checked = time.process_time() - before
    json.dump([made.pages, len(made.content), cold, best, checked, stages, peak], sys.stdout)


def check(content: bytes) -> None:
    from reports import checking, norms

    if found := checking.faults(content, norms.COUNCIL):
        raise SystemExit("\n".join(found))


def main() -> None:
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integrity_portal.settings")
    import django

    django.setup()
    from django.template.loader import render_to_string

    from chain.documents import canonical_json
    from reports.tasks import attached
    from tests.extremes import light_track, with_surveys

    print(COLUMNS.format("track", "pages", "KiB", "MiB", "html", "cold", "warm", "check", *STAGES))
    for track, report_of in (("full", with_surveys), ("light", light_track)):
        times = []
        for _ in range(WARM):
            before = time.process_time()
            report = report_of()
            html = render_to_string("reports/report/pdf.html", {"report": report, "print": True})
            times.append(time.process_time() - before)
        inside = attached(report.account.text, canonical_json(report.account.supplement), report)
        order = json.dumps({"html": html, "attached": [one._asdict() for one in inside]})
        printing = [sys.executable, "-m", "bench.report_pdf", "printer"]
        done = subprocess.run(printing, input=order, text=True, capture_output=True, check=True)
        pages, size, cold, warm, checked, stages, peak = json.loads(done.stdout)
        seconds = [min(times), cold, warm, checked, *(stages[stage] for stage in STAGES)]
        told = [f"{value:.2f}" for value in seconds]
        print(COLUMNS.format(track, pages, size // 1024, peak // 1024, *told))


if __name__ == "__main__":
    printer() if "printer" in sys.argv else main()
