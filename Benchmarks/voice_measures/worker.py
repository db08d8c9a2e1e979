"""The process that hears and speaks is killed while she speaks, and while nobody does: when she is heard again.

She is in a reply: it goes on with a worker started anew. Nobody speaks: the next question is understood and answered.
"""

import asyncio
import os
import signal
import time

import speech
from caller import Caller
from report import show
from server import BINARY, Server
from storyteller import Storyteller


def arguments(parser):
    parser.add_argument("--times", type=int, default=4)


async def run(options):
    question = speech.spoken(BINARY, "What is the capital of Italy?")
    speaking, idle, transcripts = [], [], []
    with Storyteller() as brain, Server("--chat-model", brain.url) as server:
        caller = Caller(server.url)
        await caller.connect()
        for _ in range(options.times):
            begin = time.perf_counter()
            caller.type("Tell me the story of a ship.")
            if await caller.speaks(begin, 20) is None:
                continue
            await asyncio.sleep(2)
            killed = await kill(server)
            # What was made already is played to its end; then nothing, and then she goes on.
            await asyncio.sleep(6)
            heard = [packet.time for packet in caller.heard(killed, killed + 6)]
            pauses = [(b - a, b) for a, b in zip([killed, *heard], heard)]
            speaking.append(max(pauses, default=(6.0, 0))[0])
            caller.send("client-message", {"t": "interrupt"})
            await caller.quiet(1)
            await kill(server)
            begin = time.perf_counter()
            _, last = caller.microphone.say(question)
            said = await last
            first = await caller.speaks(said, 10)
            idle.append(first - said if first else 10.0)
            transcripts.append(caller.transcript(begin))
            caller.send("client-message", {"t": "interrupt"})
            await caller.quiet(1)
        still = caller.pc.connectionState
        await caller.close()
    show("killed while she spoke: the longest silence after it", speaking, "back within 2000 ms")
    show("killed before a question: end of the question → first audible packet", idle, "back within 2000 ms")
    print(f"understood after it: {transcripts}; the call is {still}")
    return {"speaking": speaking, "idle": idle, "transcripts": transcripts}


async def kill(server):
    for pid in server.workers:
        os.kill(pid, signal.SIGKILL)
    return time.perf_counter()
