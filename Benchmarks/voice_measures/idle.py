"""What a call costs while nobody speaks: processor time of the server and its speech worker over a minute."""

import asyncio
import time

from caller import Caller
from server import Server


def arguments(parser):
    parser.add_argument("--seconds", type=float, default=60)


async def run(options):
    result = {}
    with Server() as server:
        await asyncio.sleep(3)
        result["no call"] = await share(server, min(10, options.seconds))
        # -68 dB is a quiet room's microphone; -50 dB one beside a fan.
        for name, noise in [("digital silence", 0.0), ("a quiet room, -68 dB", 0.0004), ("a fan, -50 dB", 0.003)]:
            caller = Caller(server.url, noise=noise)
            await caller.connect()
            await asyncio.sleep(3)
            result[name] = await share(server, options.seconds if "quiet" in name else options.seconds / 2)
            await caller.close()
            await asyncio.sleep(4)
    for name, value in result.items():
        print(f"{name}: {value * 100:.2f} % of a core{'; target at most 1 %' if 'quiet' in name else ''}")
    return result


async def share(server, seconds):
    before, start = server.processor_seconds(), time.perf_counter()
    await asyncio.sleep(seconds)
    return (server.processor_seconds() - before) / (time.perf_counter() - start)
