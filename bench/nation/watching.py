"""What processes hold in memory, and how long they work, while something happens."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

EVERY = 0.5


def pss(process: int) -> float:
    """The proportional share of a process, shared pages counted once, in MB; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def worked(master: int) -> float:
    """How long a process and its children have worked, in seconds: what waiting does not change."""
    return sum(map(ticks, family(master))) / os.sysconf("SC_CLK_TCK")


def ticks(process: int) -> int:
    """In user mode and in the kernel, from `proc(5)`; 0 once it is gone."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    user, kernel = told.rpartition(")")[2].split()[11:13]
    return int(user) + int(kernel)


def family(master: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return [master, *map(int, children)]


@dataclass
class Watch:
    """Of each process, what it held last and at most; what all held at the beginning, in MB."""

    master: int
    before: float = 0
    now: dict[int, float] = field(default_factory=dict)
    most: dict[int, float] = field(default_factory=dict)
    totals: list[float] = field(default_factory=list)

    def look(self) -> None:
        self.now = {process: pss(process) for process in family(self.master)}
        for process, held in self.now.items():
            self.most[process] = max(held, self.most.get(process, 0))
        self.totals.append(self.total)

    @property
    def total(self) -> float:
        return sum(self.now.values())

    @property
    def grown(self) -> float:
        """What all of them hold more at the end than halfway."""
        return self.totals[-1] - self.totals[len(self.totals) // 2]

    @property
    def largest(self) -> float:
        """The most that one process held."""
        return max(self.most.values())


@contextlib.contextmanager
def watched(master: int) -> Iterator[Watch]:
    """Look at these processes twice a second, until the end of what happens."""
    watch, is_over = Watch(master), threading.Event()
    watch.look()
    watch.before = watch.total

    def look_again() -> None:
        while not is_over.wait(EVERY):
            watch.look()

    thread = threading.Thread(target=look_again, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        is_over.set()
        thread.join()
        watch.look()
