"""Several callers at once: whether anyone's sound has gaps.

Two things are looked at. The line: what a player that buffers 40 ms, as browsers do, would have had to fill, because a
packet was not there when it was due; gaps longer than 20 ms are counted. The voice: silences inside a clause because its sound was not made in time, as the server
itself counts them; and the longest silence inside a reply, which is where a next clause was late.
"""

import asyncio
import time

import speech
from caller import Caller
from report import show, summary
from server import BINARY, MODELS, Server
from storyteller import Storyteller

BUFFER, GAP = 0.040, 0.020


def arguments(parser):
    parser.add_argument("--callers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=75)
    parser.add_argument("--stories", action="store_true", help="she tells each of them a story all the time")


async def run(options):
    people = [piece for whole in speech.recordings(MODELS) for piece in speech.utterances(whole)]
    people += [speech.spoken(BINARY, sentence) for sentence in speech.SENTENCES]
    with Storyteller() as brain, Server(*["--chat-model", brain.url][: 2 * options.stories]) as server:
        callers = [Caller(server.url) for _ in range(options.callers)]
        for caller in callers:
            await caller.connect()
        end = time.perf_counter() + options.seconds
        await asyncio.gather(*(talk(caller, people[index::options.callers], end, options.stories)
                               for index, caller in enumerate(callers)))
        report = {"callers": [judge(caller) for caller in callers],
                  "gaps in clauses": server.metric("annie_audio_gaps_total"),
                  "seconds of them": server.metric("annie_audio_gap_seconds_total")}
        for caller in callers:
            await caller.close()
    for index, one in enumerate(report["callers"]):
        print(f"caller {index + 1}: {one['answers']} answers, {one['seconds']:.0f} s of speech, {one['packets']} packets, "
              f"{one['lost']} lost, {one['gaps']} gaps ({one['silent']:.2f} s) behind a buffer of 40 ms, latest packet {one['latest'] * 1000:.0f} ms "
              f"late; longest pause {one['longest pause']:.2f} s")
    print(f"sound that was not made in time: {report['gaps in clauses']:.0f} gaps, {report['seconds of them']:.2f} s; target 0")
    first = [value for one in report["callers"] for value in one.pop("first audio")]
    show("last sample of speech → first audible packet", first)
    return report | {"first_audio": summary(first)}


async def talk(caller, pieces, end, story):
    """Speaks and lets her answer, over and over; stories are cut off after a while by the next thing said."""
    caller.firsts, turn = [], 0
    while time.perf_counter() < end:
        begin = time.perf_counter()
        if story:
            caller.type("Tell me a story.")
            await caller.speaks(begin, 20)
            await asyncio.sleep(15)
        else:
            _, last = caller.microphone.say(pieces[turn % len(pieces)])
            said = await last
            first = await caller.speaks(said)
            await caller.quiet(limit=20)
            if first:
                caller.firsts.append(first - said)
        turn += 1


def judge(caller):
    """Gaps of the line, by stretches of packets that followed each other without a pause of the stream's own."""
    gaps, silent, latest, lost, longest_pause = 0, 0.0, 0.0, 0, 0.0
    for stretch in stretches(caller.packets):
        audible = [index for index, packet in enumerate(stretch) if packet.is_audible]
        if not audible:
            continue
        inside = stretch[audible[0]: audible[-1] + 1]
        delays = [packet.time - (packet.timestamp - inside[0].timestamp) / 48_000 for packet in inside]
        latest = max(latest, max(delays) - min(delays))
        # A player waits for a packet that is late, and is that much further behind from then on.
        played = delays[0] + BUFFER
        for delay in delays:
            if delay > played:
                gaps += delay - played > GAP
                silent += delay - played
                played = delay
        lost += sum(b.sequence - a.sequence - 1 for a, b in zip(stretch, stretch[1:]) if b.sequence > a.sequence)
    for begin, end in replies(caller):
        heard = caller.heard(begin, end)
        longest_pause = max([longest_pause, *(b.time - a.time for a, b in zip(heard, heard[1:]))])
    return {"answers": len(caller.told("bot-started-speaking")), "packets": len(caller.packets),
            "seconds": 0.02 * sum(packet.is_audible for packet in caller.packets), "gaps": gaps, "silent": silent,
            "latest": latest, "lost": lost, "longest pause": longest_pause, "first audio": getattr(caller, "firsts", [])}


def stretches(packets):
    """Packets whose timestamps follow each other by 20 ms."""
    stretch = []
    for packet in packets:
        if stretch and packet.timestamp - stretch[-1].timestamp != 960 * max(1, packet.sequence - stretch[-1].sequence):
            yield stretch
            stretch = []
        stretch.append(packet)
    if stretch:
        yield stretch


def replies(caller):
    """From her first sound to her last, of each reply."""
    begins = [when for when, _ in caller.told("bot-started-speaking")]
    ends = [when for when, _ in caller.told("bot-stopped-speaking")]
    for begin in begins:
        end = next((when for when in ends if when > begin), None)
        if end:
            yield begin, end
