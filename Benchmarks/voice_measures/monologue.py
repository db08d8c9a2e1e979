"""Somebody talks for minutes and leaves no pause to answer in: what is understood, what it costs, when she answers.

It is the longer of the recordings of people, over and over, its pauses cut to a tenth of a second.
"""

import time

import numpy as np

import speech
from caller import RATE, Caller
from server import MODELS, Server


def arguments(parser):
    parser.add_argument("--seconds", type=float, default=300)


async def run(options):
    whole = max(speech.recordings(MODELS), key=len)
    pieces = speech.utterances(whole, pause=0.2, shortest=0.1, longest=60)
    breath = np.zeros(RATE // 10, np.float32)
    once = np.concatenate([part for piece in pieces for part in (piece, breath)])
    samples = np.tile(once, int(options.seconds * RATE / len(once)) + 1)[: int(options.seconds * RATE)]
    with Server() as server:
        caller = Caller(server.url)
        await caller.connect()
        begin, before = time.perf_counter(), server.processor_seconds()
        _, last = caller.microphone.say(samples)
        said = await last
        share = (server.processor_seconds() - before) / (said - begin)
        early = caller.heard(begin, said)
        first = await caller.speaks(said, 20)
        await caller.quiet()
        text, partials = caller.transcript(begin), caller.told("user-transcription", begin)
        footprint = server.footprint()
        await caller.close()
    count = len(speech.words(text))
    print(f"{options.seconds:.0f} s of speech: {count} words in the final transcript ({len(partials)} messages of it), "
          f"{share:.2f} cores while it was said, {footprint}")
    print(f"she {'broke in' if early else 'did not break in'}; answered "
          f"{'not at all' if first is None else f'{first - said:.2f} s after its end'}")
    print(f"it ends: …{text[-160:]!r}")
    return {"words": count, "share": share, "first_audio": first and first - said, "broke in": bool(early)}
