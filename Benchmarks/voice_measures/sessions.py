"""Calls in a row, each with something said and answered: whether memory, descriptors or threads grow.

The first calls warm up (models, threads, the cache of prompts, which may fill its memory: here 64 MiB), so the figures to
compare are those after a tenth of the calls with those after all.
"""

import asyncio
import time

import speech
from caller import Caller
from server import BINARY, Server


def arguments(parser):
    parser.add_argument("--calls", type=int, default=200)


async def run(options):
    word = speech.spoken(BINARY, "Good morning, Annie.")
    report = {"footprints": {}, "failed": [], "unanswered": 0}
    with Server("--kv-cache-memory", "64M") as server:
        report["footprints"][0] = server.footprint()
        began = time.perf_counter()
        for number in range(1, options.calls + 1):
            try:
                if not await one_call(server.url, word, hangs_up=number % 2):
                    report["unanswered"] += 1
            except Exception as error:
                report["failed"].append(f"{number}: {type(error).__name__}: {error}")
            if number in (options.calls // 10, options.calls // 2, options.calls):
                await asyncio.sleep(4)
                report["footprints"][number] = server.footprint()
                print(f"after {number} calls, {time.perf_counter() - began:.0f} s: {server.footprint()}", flush=True)
        await asyncio.sleep(5)
        report["calls held at the end"] = server.metric("annie_calls")
    print(f"{len(report['failed'])} calls failed, {report['unanswered']} were not answered, "
          f"{report['calls held at the end']:.0f} still held at the end")
    for failure in report["failed"][:5]:
        print(" ", failure)
    return report


async def one_call(url, word, hangs_up):
    """Whether she answered. Every other caller leaves in the midst of her answer."""
    caller = Caller(url)
    try:
        await caller.connect()
        _, last = caller.microphone.say(word)
        said = await last
        first = await caller.speaks(said, 5)
        if hangs_up:
            caller.send("disconnect-bot", {})
        return first is not None
    finally:
        await caller.close()
