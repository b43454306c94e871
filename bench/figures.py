"""A measure, what it may be at most, and how it is taken."""

import math
import statistics
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TARGETS = tomllib.loads((Path(__file__).parent / "targets.toml").read_text())
REPEATS = 15


@dataclass(frozen=True)
class Figure:
    """One measure and its target; an infinite one when it is only told."""

    name: str
    measured: float
    target: float
    unit: str

    @property
    def is_held(self) -> bool:
        return self.measured <= self.target

    def __str__(self) -> str:
        verdict = "ok" if self.is_held else "MISSED"
        awaited = "–" if math.isinf(self.target) else f"{self.target:.0f}"
        return f"{self.name:<44}{self.measured:>9.0f}{awaited:>9} {self.unit:<8} {verdict}"


def milliseconds(act: Callable[[], object]) -> float:
    """How long an act takes, once."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def median(act: Callable[[], object]) -> float:
    """How long it usually takes, in milliseconds: the median of fifteen, after two to warm up."""
    durations = [milliseconds(act) for _ in range(REPEATS + 2)]
    return statistics.median(durations[2:])
