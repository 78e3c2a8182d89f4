"""Measures the resource usage of this process, and prints it."""

from __future__ import annotations

import json
import resource
import time

KEY = "bench.bench.bench"


class Meter:
    """A measurement, started when it is created."""

    def __init__(self) -> None:
        self._cpu, self._wall = _cpu(), time.perf_counter()

    def finish(self, **other: float) -> None:
        """Prints the measurement and further values as one line of JSON."""
        cpu, wall = _cpu() - self._cpu, time.perf_counter() - self._wall
        print(json.dumps({"cpu_s": cpu, "wall_s": wall, "peak_mb": _peak_mb(), **other}))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak_mb() -> float:
    # Not ru_maxrss: it also counts the process that started this one.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
