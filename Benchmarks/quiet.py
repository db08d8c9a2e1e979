"""Tells whether a measurement had the machine to itself, and repeats it while it had not."""
import os
import sys
import time

ENOUGH = 0.1  # cores that others may take


def busy_seconds():
    """Processor seconds that the whole machine has spent on anything."""
    fields = [int(field) for field in open("/proc/stat").readline().split()[1:]]
    idle = fields[3] + fields[4]
    return (sum(fields[:8]) - idle) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(name, run, attempts=3):
    """The result of `run`, and the cores that other work took meanwhile; the quietest of some attempts."""
    best = None
    for _ in range(attempts):
        busy, own, clock = busy_seconds(), own_seconds(), time.monotonic()
        result = run()
        others = (busy_seconds() - busy - (own_seconds() - own)) / (time.monotonic() - clock)
        if best is None or others < best[1]:
            best = result, others
        if others <= ENOUGH:
            break
        print(f"{name}: other work took {others:.2f} cores meanwhile", file=sys.stderr)
    return best


def disturbance(others):
    """A sentence on the cores that other work took, by measurement."""
    worst = max(others, key=others.get)
    if others[worst] <= ENOUGH:
        return f"Other work took at most {others[worst]:.2f} cores during any measurement."
    return f"**Disturbed:** other work took {others[worst]:.2f} cores during '{worst}'; the figures are not to be quoted."
