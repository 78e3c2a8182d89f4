"""Imports a package, and prints the time."""

import resource
import sys
import time

before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
__import__(sys.argv[1])
wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(f'{{"cpu_ms": {cpu * 1000}, "wall_ms": {wall * 1000}}}')
