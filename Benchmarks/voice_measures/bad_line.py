"""What she understands over a line that loses packets and delays each by a chance amount, against the same without.

The packets go through a relay that loses 20 % and delays each by up to 100 ms, in both directions. People's recordings are
said in turn; words are compared with what she understood of them over the good line, and with the text of the recording.
"""

import asyncio
import pathlib
import sys
import time

import speech
from caller import RATE, Caller
from report import show
from server import BINARY, MODELS, Server

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Tests/Interop"))
from relay import Relay  # noqa: E402

#: Who does not talk: what is understood is what is measured.
QUIET = """\
name: Annie
about: a listener
rules:
  - Answer with the one word "Yes" and nothing else.
greeting: ""
"""


def arguments(parser):
    parser.add_argument("--loss", type=float, default=0.2)
    parser.add_argument("--jitter", type=float, default=0.1, help="seconds")
    parser.add_argument("--utterances", type=int, default=20)


async def run(options):
    pieces = [(sentence, speech.spoken(BINARY, sentence)) for sentence in speech.SENTENCES]
    people = [piece for whole in speech.recordings(MODELS) for piece in speech.utterances(whole, shortest=1.2)]
    pieces += [(None, piece) for piece in people]
    pieces = pieces[: options.utterances]
    with Server(persona=QUIET) as server:
        good, _ = await understood(server, pieces, None)
        relay = await Relay.start(options.loss, options.jitter)
        bad, connected = await understood(server, pieces, relay)
        relay.stop()
    errors = total = 0
    for (sentence, samples), (before, _), (after, _) in zip(pieces, good, bad):
        changed, count = speech.word_errors(before, after)
        errors, total = errors + changed, total + count
        print(f"  {len(samples) / RATE:.1f} s  {before!r}{'' if before == after else f' → {after!r}'}")
    print(f"connected over the bad line in {connected:.2f} s; {sum(not text for text, _ in bad)} of {len(pieces)} "
          f"utterances were not understood at all, {sum(not text for text, _ in good)} over the good line")
    known = [(sentence, text) for (sentence, _), (text, _) in zip(pieces, bad) if sentence]
    wrong = [speech.word_errors(sentence, text) for sentence, text in known]
    print(f"words changed by the line: {errors} of {total} ({errors / max(1, total):.0%}); of the sentences whose words are "
          f"known, {sum(w for w, _ in wrong)} of {sum(n for _, n in wrong)} are wrong")
    show("last sample of speech → first audible packet, good line", [first for _, first in good if first])
    show("the same, bad line", [first for _, first in bad if first])
    return {"changed": errors, "words": total, "good": good, "bad": bad}


async def understood(server, pieces, relay):
    """What she understood of each piece, and how long her answer took."""
    caller = Caller(server.url, relay=relay)
    connected = await caller.connect()
    await asyncio.sleep(1)
    results = []
    for _, samples in pieces:
        begin = time.perf_counter()
        _, last = caller.microphone.say(samples)
        said = await last
        first = await caller.speaks(said, 4)
        await caller.quiet(0.6, 6)
        results.append((caller.transcript(begin), None if first is None else first - said))
    await caller.close()
    return results, connected
