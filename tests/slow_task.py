"""A background task that takes for ever the first time, for the test that kills its worker."""

import time
from pathlib import Path

from django_tasks import task


@task()
def write_down(place: str) -> None:
    """Adds a line to the file; the first time round it then waits for what is coming to it."""
    path = Path(place)
    with path.open("a") as file:
        file.write("begonnen\n")
    if path.read_text().count("begonnen") == 1:
        time.sleep(60)
