"""How long she takes to answer aloud: the user's last sample is said → her first audible packet arrives.

Each utterance is spoken in turn, in real time: stretches between pauses of the recordings of people that came with the
recogniser, and sentences in her own voice. Buffers of a browser come on top: some 40 ms.
"""

import json
import statistics
import time

import speech
from caller import RATE, Caller
from report import show, summary
from server import BINARY, MODELS, Server


def arguments(parser):
    parser.add_argument("--turns", type=int, default=40)


async def run(options):
    pieces = [piece for whole in speech.recordings(MODELS) for piece in speech.utterances(whole)]
    pieces += [speech.spoken(BINARY, sentence) for sentence in speech.SENTENCES]
    print(f"{len(pieces)} utterances, {statistics.median(len(s) / RATE for s in pieces):.1f} s in the median")
    with Server() as server:
        caller = Caller(server.url)
        report = {"connected": await caller.connect(), "turns": []}
        print(f"connected in {report['connected'] * 1000:.0f} ms")
        await caller.quiet(1)
        for number in range(options.turns):
            turn = await measure_turn(caller, pieces[number % len(pieces)])
            report["turns"].append(turn)
            first = turn["first_audio"]
            print(f"turn {number + 1:2}  {'no answer' if first is None else f'{first * 1000:4.0f} ms'}"
                  f"{'  (broke in)' if turn['early'] else ''}  {json.dumps(turn['stages'])}", flush=True)
        await caller.close()
    firsts = [turn["first_audio"] for turn in report["turns"] if turn["first_audio"] is not None]
    print(f"{len(firsts)} of {len(report['turns'])} turns were answered")
    show("last sample of speech → first audible packet", firsts, "median 500 ms, p95 900 ms")
    return report | {"first_audio": summary(firsts)}


async def measure_turn(caller, samples):
    begin = time.perf_counter()
    _, last = caller.microphone.say(samples)
    said = await last
    first = await caller.speaks(said)
    await caller.quiet()
    early = caller.first_audible(begin)
    metrics = caller.notices("turn-metrics", begin)
    return {"first_audio": None if first is None else first - said, "transcript": caller.transcript(begin),
            "early": early is not None and early < said, "stages": metrics[-1] if metrics else None}
