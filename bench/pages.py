"""What pages cost: statements, CPU, and what a browser fetches for them.

    python -m bench.pages

CPU is of gunicorn and PostgreSQL together, of fifty requests one after another; the median of the rounds.
Bytes are bodies as they come over https, compressed; KB are 1000 of them. A browser keeps the files of the
first visit, so that of a next page only the page itself remains.
"""

from __future__ import annotations

import re
import statistics
from pathlib import PurePosixPath
from urllib.parse import urljoin

from bench.cost import cpu_ms
from bench.history import add_history
from bench.people import PASSWORD, Asked, ask_everything_of_eight
from bench.server import Installation, installation
from bench.visitor import Visitor, field

REQUESTS, ROUNDS, WARM_UP = 50, 5, 30
HISTORY = 300
FILE = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="([^"]+)"')
IN_STYLES = re.compile(r"url\([\"']?([^\"')]+\.woff2)")
READER = "anna@waterrijk.example"


def answer_all(visitor: Visitor, asked: Asked) -> None:
    """Gives every question an answer with an explanation, theme by theme, as without script."""
    for path, questions in asked.themes.items():
        page = visitor.page(path)
        fields = {name: field(page, name) for name in ("csrfmiddlewaretoken", "questionnaire")}
        for number, one in enumerate(questions):
            given = {"choice": str(number % 5), "reason": "", "helps": "", "version": "0"}
            given["explanation"] = "Dit staat in de nota van vorig jaar, en het team bespreekt het. " * 4
            fields |= {f"{one}-{name}": value for name, value in given.items()}
        status, _ = visitor.ask(path, fields)
        if status != 302:
            raise RuntimeError(f"{path} was not saved: {status}")


def cpu_of(where: Installation, web: int, visitor: Visitor, path: str) -> list[float]:
    """The milliseconds of CPU of one request, per round; a warm-up comes before."""
    for _ in range(WARM_UP):
        visitor.page(path)
    rounds = []
    for _ in range(ROUNDS):
        before = cpu_ms(web, where.database)
        for _ in range(REQUESTS):
            visitor.page(path)
        rounds.append((cpu_ms(web, where.database) - before) / REQUESTS)
    return rounds


def tell(where: Installation, web: int, visitor: Visitor, path: str, what: str) -> None:
    """One line: statements, CPU and bytes of a page."""
    cpu = cpu_of(where, web, visitor, path)
    asked = where.statements(lambda: visitor.page(path))
    size = len(visitor.ask(path)[1])
    costs = f"{statistics.median(cpu):.1f} ms of CPU ({min(cpu):.1f} to {max(cpu):.1f})"
    print(f"{what}: {len(asked)} statements, {costs}, {size / 1000:.1f} KB", flush=True)


def fetched(visitor: Visitor, path: str) -> dict[str, int]:
    """Every address that a browser asks for at its first visit, with the bytes that come back."""
    text = visitor.page(path)
    sizes = {path: len(visitor.ask(path)[1])}
    waiting = [urljoin(path, address) for address in FILE.findall(text)]
    for address in waiting:
        if address in sizes:
            continue
        status, body = visitor.ask(address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")
        sizes[address] = len(body)
        if address.endswith(".css"):
            _, plain = visitor.ask(address, headers={"Accept-Encoding": "identity"})
            waiting += [urljoin(address, found) for found in IN_STYLES.findall(plain.decode())]
    return sizes


def tell_first_visit(visitor: Visitor, path: str) -> None:
    sizes = fetched(visitor, path)
    total = sum(sizes.values()) / 1000
    print(f"first visit: {len(sizes)} requests, {total:.1f} KB (target: at most 8 requests, 100 KB)")
    for address, size in sizes.items():
        print(f"  {size:>6}  {PurePosixPath(address).name}")


def tell_next_pages(visitor: Visitor, asked: Asked) -> None:
    """The themes with all answers in them, and the pages around them."""
    sizes = {path: len(visitor.ask(path)[1]) / 1000 for path in asked.themes}
    largest = max(sizes, key=lambda path: sizes[path])
    name, questions = PurePosixPath(largest).name, len(asked.themes[largest])
    print(f"next theme pages: median {statistics.median(sizes.values()):.1f} KB (target: at most 10 KB)")
    print(f"  the largest: {sizes[largest]:.1f} KB, {name}, {questions} questions answered")
    others = ["/", "/rondes/", *{f"{path.partition('/vragen/')[0]}/vragen/" for path in asked.themes}]
    for path in others:
        print(f"next page {path}: {len(visitor.ask(path)[1]) / 1000:.1f} KB")


def main() -> None:
    with installation() as where:
        where.manage("migrate")
        where.fill()
        asked = ask_everything_of_eight()[0]
        with where.serving() as (web, port):
            visitor, reader = Visitor(port), Visitor(port)
            visitor.wait_for("/gezond/")
            visitor.sign_in(asked.email, PASSWORD)
            answer_all(visitor, asked)
            largest = max(asked.themes, key=lambda path: len(asked.themes[path]))
            questions = len(asked.themes[largest])
            print("target of a theme page: at most 9 statements, 19 ms of CPU")
            tell(where, web, visitor, largest, f"theme page, {questions} questions answered")
            tell_first_visit(visitor, largest)
            tell_next_pages(visitor, asked)
            reader.sign_in(READER, "integriteit-is-een-ketting")
            dashboard = f"{largest.partition('/vragen/')[0]}/resultaat/"
            print("target of the dashboard: at most 10 statements, as many with 300 rounds as with one")
            tell(where, web, reader, dashboard, "dashboard, two rounds in the history")
            add_history(HISTORY)
            tell(where, web, reader, dashboard, f"dashboard, {HISTORY} more rounds in the history")
            tell(where, web, reader, "/rondes/", "list of rounds")
            tell(where, web, visitor, largest, "theme page")


if __name__ == "__main__":
    main()
