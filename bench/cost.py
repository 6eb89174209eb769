"""What processes cost, from /proc: CPU time of whole trees of them, and memory. Linux only.

CPU time, since it means the same on a machine that is busy with other things; the clock does not.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """The process and everything below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(") ")[2].split()[1])
            below.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += below.get(pid, [])
    return found


def cpu_ms(*roots: int) -> float:
    """The milliseconds of CPU that these trees of processes took until now, those that ended included."""
    total = 0
    for pid in (pid for root in roots for pid in tree(root)):
        with suppress(OSError):
            values = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            total += sum(map(int, values[11:15]))  # utime, stime, and both of the children that it buried
    return total * 1000 / TICKS


def machine_cpu_ms() -> float:
    """What all processes of the machine took since it started, ours included."""
    user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    return sum(map(int, (user, nice, system, irq, softirq))) * 1000 / TICKS


def memory_mb(pid: int) -> tuple[float, float]:
    """PSS (shared pages by share) and RSS of one process, in MB of 10^6 bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return kib["Pss"] * 1.024 / 1000, kib["Rss"] * 1.024 / 1000
