"""What the council report costs as PDF: CPU, size, pages, memory.

    python -m bench.report_pdf

cold: a process from its start until the file is there, as the worker has it done (reports/printing.py).
warm: the best of five more in that process. html: the chapters from the frozen document. CPU seconds, since
wall time depends on what else the machine does; memory is the most that the printing process held.
"""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime

TRACKS = ("full", "light")
AT = datetime(2025, 11, 14, tzinfo=UTC)
WARM = 5
COLUMNS = "{:<6} {:>5} {:>6} {:>8} {:>8} {:>8} {:>8}"


def printer() -> None:
    """In the printing process: makes the PDF ordered on standard input six times; prints what that took."""
    from reports import pdf  # here, so that the other process does not hold it

    order = json.load(sys.stdin)
    made = pdf.render(order["html"], at=AT, attached=order["attached"])
    cold, warm = time.process_time(), []
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(WARM):
        before = time.process_time()
        pdf.render(order["html"], at=AT, attached=order["attached"])
        warm.append(time.process_time() - before)
    json.dump([made.pages, len(made.content), cold, min(warm), peak], sys.stdout)


def main() -> None:
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integrity_portal.settings")
    import django

    django.setup()
    from django.template.loader import render_to_string

    from reports.report import Report
    from tests.accounts import account, questionnaire

    print(COLUMNS.format("track", "pages", "KiB", "html, s", "cold, s", "warm, s", "MiB"))
    for track in TRACKS:
        document = account(track)
        times = []
        for _ in range(WARM):
            before = time.process_time()
            report = Report.of(document, questionnaire())
            html = render_to_string("reports/report/pdf.html", {"report": report, "print": True})
            times.append(time.process_time() - before)
        order = json.dumps(
            {
                "html": html,
                "attached": [
                    {"name": "gegevens.json", "description": "Gegevens", "text": report.account.text}
                ],
            }
        )
        printing = [sys.executable, "-m", "bench.report_pdf", "printer"]
        done = subprocess.run(printing, input=order, text=True, capture_output=True, check=True)
        pages, size, cold, warm, peak = json.loads(done.stdout)
        seconds = [f"{value:.2f}" for value in (min(times), cold, warm)]
        print(COLUMNS.format(track, pages, size // 1024, *seconds, peak // 1024))


if __name__ == "__main__":
    printer() if "printer" in sys.argv else main()
