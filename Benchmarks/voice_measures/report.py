"""Figures in words."""

import statistics


def summary(values):
    values = sorted(values)
    if not values:
        return None
    return {"count": len(values), "median": statistics.median(values),
            "p95": values[min(len(values) - 1, int(0.95 * len(values)))], "worst": values[-1]}


def show(name, values, bound=""):
    """One line about times in seconds."""
    if figures := summary(values):
        print(f"{name}: median {figures['median'] * 1000:.0f} ms, p95 {figures['p95'] * 1000:.0f} ms, "
              f"worst {figures['worst'] * 1000:.0f} ms ({figures['count']} times){bound and f'; target {bound}'}",
              flush=True)
    else:
        print(f"{name}: nothing was measured", flush=True)
