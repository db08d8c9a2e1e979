"""How fast she falls silent: the first sample of the user's speech is said → her last audible packet arrives.

She tells a story of a minute (its words come from a script, see storyteller.py), and is spoken to at odd
moments in the midst of it, by people's recordings and by a sentence of Piper's. A try says nothing, and is left out and
counted, where she made a pause of her own just then: no sound from 60 ms before the user's first sample on, or sound that
ends within 60 ms after it.
"""

import asyncio
import random
import time

import speech
from caller import RATE, Caller
from report import show
from server import BINARY, MODELS, Server
from storyteller import Storyteller

PAUSE = 0.06  # shorter silences are within a word


def arguments(parser):
    parser.add_argument("--tries", type=int, default=16)


async def run(options):
    told = speech.spoken(BINARY, "Wait a moment I want to ask you something else now.")
    people = [piece for whole in speech.recordings(MODELS) for piece in speech.utterances(whole, pause=0.14, shortest=0.9)]
    with Storyteller() as brain, Server("--chat-model", brain.url) as server:
        caller = Caller(server.url)
        await caller.connect()
        tries = [await interrupt(caller, told if index % 2 else people[index % len(people)], index)
                 for index in range(options.tries)]
        await caller.close()
    measured = [one for one in tries if one["silent"] is not None]
    print(f"{len(measured)} interruptions; {len(tries) - len(measured)} tries left out, in pauses of hers")
    missed = sum(not one["decided"] for one in measured)
    print(f"{missed} of the {len(measured)} were not taken for interruptions")
    show("onset of speech → her last audible packet", [one["silent"] for one in measured], "at most 300 ms")
    show("onset of speech → the page is told that she stands still", [one["yielded"] for one in measured if one["yielded"]])
    show("onset of speech → the page is told that it was an interruption", [one["decided"] for one in measured if one["decided"]])
    return {"tries": tries}


async def interrupt(caller, samples, index):
    """One story, and one interruption of it."""
    chance = random.Random(index)
    begin = time.perf_counter()
    caller.type("Tell me a story.")
    if await caller.speaks(begin, 20) is None:
        raise SystemExit("she told no story")
    await asyncio.sleep(chance.uniform(1.0, 5.0))
    first, last = caller.microphone.say(samples)
    onset = await first
    await last
    # Whatever she answers comes after the user's last sample.
    heard = caller.heard(onset - PAUSE, onset + len(samples) / RATE)
    decided = await caller.until(lambda: caller.told("bot-interrupted", onset), 2)
    yielded = [when for when, m in caller.told("server-message", onset) if m["data"].get("phase") == "yielding"]
    result = {"silent": None, "decided": decided[0][0] - onset if decided else None,
              "yielded": yielded[0] - onset if yielded else None}
    caller.send("client-message", {"t": "interrupt"})
    await caller.quiet(1.0)
    if heard and heard[-1].time - onset >= PAUSE:
        result["silent"] = heard[-1].time - onset
        print(f"  {len(samples) / RATE:.1f} s of speech: silent after {result['silent'] * 1000:.0f} ms, decided after "
              f"{(result['decided'] or 0) * 1000:.0f} ms", flush=True)
    return result
