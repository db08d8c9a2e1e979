"""Calls the echo program with aiortc, an independent WebRTC implementation, and measures what comes back.

    python aiortc_call.py ECHO_PROGRAM [--host 127.0.0.1] [--loss 0.2 --jitter 0.1] [--only NAME ...]

Each check is a real call: sound with a known shape goes out, and the echo must correlate with it. With --loss or
--jitter the packets go through a relay that loses and delays them, in both directions.
"""

import argparse
import asyncio
import json
import sys
import time

import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from relay import Relay

RATE = 48000
FRAME = RATE // 50


class Echo:
    """The program under test: one JSON object a line, each way."""

    @classmethod
    async def start(cls, program, host):
        self = cls()
        self.process = await asyncio.create_subprocess_exec(
            program, host, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20
        )
        return self

    async def ask(self, **request):
        self.process.stdin.write((json.dumps(request) + "\n").encode())
        await self.process.stdin.drain()
        reply = json.loads(await asyncio.wait_for(self.process.stdout.readline(), 10))
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return reply

    async def stop(self):
        self.process.stdin.close()
        await asyncio.wait_for(self.process.wait(), 10)


class Voice(MediaStreamTrack):
    """Bursts of a sweeping tone like syllables: no two stretches are alike, so that an echo can be found in time."""

    kind = "audio"

    def __init__(self, is_silent=False):
        super().__init__()
        self.is_silent = is_silent
        self.sent = []
        self.first_at = None
        self.random = np.random.default_rng(7)
        self.phase = 0.0

    async def recv(self):
        if self.readyState != "live":
            raise MediaStreamError
        index = len(self.sent)
        if self.first_at is None:
            self.first_at = time.monotonic()
        await asyncio.sleep(max(0, self.first_at + index * 0.02 - time.monotonic()))
        samples = self.samples(index)
        self.sent.append(samples)
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = RATE
        frame.pts = index * FRAME
        return frame

    def samples(self, index):
        if self.is_silent:
            return np.zeros(FRAME, np.int16)
        syllable, position = divmod(index, 8)
        rng = np.random.default_rng(syllable)
        start, end = rng.uniform(250, 2500, 2)
        t = (position * FRAME + np.arange(FRAME)) / (8 * FRAME)
        phase = self.phase + np.cumsum(2 * np.pi * (start + (end - start) * t) / RATE)
        self.phase = phase[-1] % (2 * np.pi)
        return (9000 * np.sin(phase) * np.sin(np.pi * t) ** 0.5).astype(np.int16)


class Caller:
    """One aiortc peer."""

    def __init__(self, echo, relay=None, is_silent=False):
        self.echo, self.relay = echo, relay
        self.peer = RTCPeerConnection()
        self.voice = Voice(is_silent)
        self.heard = []
        self.heard_at = None
        self.texts = asyncio.Queue()
        self.connected = asyncio.Event()
        self.opened = asyncio.Event()
        self.peer.addTrack(self.voice)
        self.channel = self.peer.createDataChannel("chat", ordered=True)
        self.channel.on("open", self.opened.set)
        self.channel.on("message", self.texts.put_nowait)
        self.peer.on("track", self.on_track)
        self.peer.on("connectionstatechange", self.on_state)

    def on_state(self):
        if self.peer.connectionState == "connected":
            self.connected_at = time.monotonic()
            self.connected.set()

    def on_track(self, track):
        self.listening = asyncio.ensure_future(self.listen(track))

    async def listen(self, track):
        try:
            while True:
                frame = await track.recv()
                if self.heard_at is None:
                    self.heard_at = time.monotonic()
                samples = frame.to_ndarray().reshape(-1, 2)[:, 0] if frame.layout.name == "stereo" else frame.to_ndarray()[0]
                self.heard.append(samples.copy())
        except MediaStreamError:
            pass

    async def call(self, connection=None, restarts=False):
        started = time.monotonic()
        await self.peer.setLocalDescription(await self.peer.createOffer())
        request = {"sdp": self.peer.localDescription.sdp, "restarts": restarts}
        if connection:
            request["connectionID"] = connection
        answer = await self.echo.ask(**request)
        self.id, self.is_new = answer["connectionID"], answer["isNew"]
        sdp = self.relay.rewrite(answer["sdp"]) if self.relay else answer["sdp"]
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        await asyncio.wait_for(self.connected.wait(), 20)
        self.connect_ms = (self.connected_at - started) * 1000
        await asyncio.wait_for(self.opened.wait(), 20)
        self.open_ms = (time.monotonic() - started) * 1000

    async def say(self, text):
        self.channel.send(text)
        return await asyncio.wait_for(self.texts.get(), 20)

    async def hang_up(self):
        await self.peer.close()

    def echo_match(self, skip_seconds=1.0, window_seconds=0.4):
        """How well stretches of what was heard correlate with what was said, and the echo's delay in ms: medians."""
        said = np.concatenate(self.voice.sent).astype(float)
        heard = np.concatenate(self.heard).astype(float)
        window = int(window_seconds * RATE)
        energy = np.concatenate([[0], np.cumsum(said**2)])
        correlations, delays = [], []
        for start in range(int(skip_seconds * RATE), len(heard) - window, window):
            part = heard[start : start + window]
            size = 1 << (len(said) + window).bit_length()
            cross = np.fft.irfft(np.fft.rfft(said, size) * np.conj(np.fft.rfft(part, size)), size)
            lag = int(np.argmax(cross[: len(said) - window]))
            norm = np.sqrt((energy[lag + window] - energy[lag]) * np.dot(part, part))
            correlations.append(cross[lag] / (norm + 1))
            delays.append(self.heard_at + start / RATE - (self.voice.first_at + lag / RATE))
        return float(np.median(correlations)), float(np.median(delays)) * 1000


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


async def check_call(echo, options):
    caller = Caller(echo)
    await caller.call()
    for text in ["hello", "Grüße, 你好", "x" * 60000, ""]:
        expect(await caller.say(text) == text, "the text came back changed")
    round_trips = []
    for index in range(20):
        started = time.monotonic()
        await caller.say(str(index))
        round_trips.append((time.monotonic() - started) * 1000)
    await asyncio.sleep(4)
    correlation, delay = caller.echo_match()
    statistics = await echo.ask(statistics=caller.id)
    await caller.hang_up()
    expect(caller.is_new, "the call was not new")
    expect(correlation > 0.9, f"the echo correlates with {correlation:.3f} only")
    expect(statistics["lost"] == 0, f"{statistics['lost']} packets were lost on loopback")
    expect(statistics["roundTrip"] is not None, "no round trip from RTCP")
    return {
        "connect_ms": caller.connect_ms,
        "channel_ms": caller.open_ms,
        "server_connect_ms": statistics["connectSeconds"] * 1000,
        "echo_correlation": correlation,
        "echo_delay_ms": delay,
        "text_round_trip_ms": float(np.median(round_trips)),
        "rtcp_round_trip_ms": statistics["roundTrip"] * 1000,
        "jitter_ms": statistics["jitter"] * 1000,
    }


async def check_closing(echo, options):
    caller = Caller(echo)
    await caller.call()
    await caller.hang_up()
    await asyncio.sleep(2.5)
    events = (await echo.ask(statistics=caller.id))["events"]
    expect(events == ["connected", "channelOpened", "disconnected", "closed remote"], f"events were {events}")
    caller = Caller(echo)
    await caller.call()
    await echo.ask(close=caller.id)
    for _ in range(100):
        if caller.peer.connectionState in ("closed", "failed"):
            break
        await asyncio.sleep(0.05)
    events = (await echo.ask(statistics=caller.id))["events"]
    expect(caller.peer.connectionState == "closed", f"the caller is {caller.peer.connectionState}")
    expect(events[-1] == "closed local", f"events were {events}")
    await caller.hang_up()


async def check_restart(echo, options):
    """The same line with a new peer: asked for, and by a page that was loaded again."""
    first = Caller(echo)
    await first.call()
    second = Caller(echo)
    await second.call(connection=first.id, restarts=True)
    expect(second.id == first.id and not second.is_new, "a restart made a new line")
    expect(await second.say("again") == "again", "no text after a restart")
    await first.peer.close()
    await second.hang_up()
    await asyncio.sleep(0.5)
    third = Caller(echo)
    await third.call(connection=first.id)
    expect(third.id == first.id and not third.is_new, "coming back made a new line")
    expect(await third.say("back") == "back", "no text after coming back")
    await asyncio.sleep(2)
    correlation, _ = third.echo_match()
    expect(correlation > 0.9, f"after coming back the echo correlates with {correlation:.3f} only")
    events = (await echo.ask(statistics=third.id))["events"]
    pair = ["connected", "channelOpened"]
    expect(events == pair + (["disconnected"] + pair) * 2, f"events were {events}")
    await third.hang_up()


async def check_renegotiation(echo, options):
    caller = Caller(echo)
    await caller.call()
    caller.peer.addTransceiver("video", direction="recvonly")
    await caller.peer.setLocalDescription(await caller.peer.createOffer())
    answer = await echo.ask(sdp=caller.peer.localDescription.sdp, connectionID=caller.id)
    expect(answer["connectionID"] == caller.id and not answer["isNew"], "renegotiation made a new line")
    expect("m=video 0 " in answer["sdp"], "video was not refused")
    expect(await caller.say("still here") == "still here", "no text after renegotiation")
    await caller.hang_up()


async def check_unknown_line(echo, options):
    caller = Caller(echo)
    await caller.call(connection="no-such-line")
    expect(caller.is_new and caller.id != "no-such-line", "an unknown line was taken for a known one")
    await caller.hang_up()


async def check_idle_cost(echo, options):
    callers = [Caller(echo, is_silent=True) for _ in range(3)]
    for caller in callers:
        await caller.call()
    await asyncio.sleep(2)
    before = await echo.ask(usage=True)
    await asyncio.sleep(10)
    after = await echo.ask(usage=True)
    for caller in callers:
        await caller.hang_up()
    share = (after["processorSeconds"] - before["processorSeconds"]) / 10 / len(callers)
    return {"core_share_per_idle_call": share}


async def check_bad_line(echo, options):
    """Loss and jitter through the relay: the call connects, texts arrive in order, the echo is still recognisable."""
    relay = await Relay.start(options.loss, options.jitter)
    caller = Caller(echo, relay=relay)
    await caller.call()
    for index in range(20):
        caller.channel.send(str(index))
    texts = [await asyncio.wait_for(caller.texts.get(), 20) for _ in range(20)]
    expect(texts == [str(index) for index in range(20)], f"texts came as {texts}")
    await asyncio.sleep(12)
    statistics = await echo.ask(statistics=caller.id)
    await caller.hang_up()
    relay.stop()
    expected = statistics["received"] + statistics["lost"]
    expect(statistics["received"] > 300, "too little was received to say anything")
    return {
        "connect_ms": caller.connect_ms,
        "channel_ms": caller.open_ms,
        "loss": statistics["lost"] / expected,
        "recovered_of_lost": statistics["recovered"] / max(1, statistics["lost"]),
        "concealed_frames": statistics["concealed"] / expected,
        "jitter_ms": statistics["jitter"] * 1000,
        "remote_loss": statistics["remoteLoss"],
    }


CHECKS = {
    "call": check_call,
    "closing": check_closing,
    "restart": check_restart,
    "renegotiation": check_renegotiation,
    "unknown-line": check_unknown_line,
    "idle-cost": check_idle_cost,
    "bad-line": check_bad_line,
}


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--loss", type=float, default=0.2, help="of the bad line, from 0 to 1")
    parser.add_argument("--jitter", type=float, default=0.1, help="of the bad line, in seconds")
    parser.add_argument("--only", nargs="*", choices=CHECKS)
    options = parser.parse_args()
    echo = await Echo.start(options.program, options.host)
    failures = 0
    for name in options.only or CHECKS:
        try:
            figures = await CHECKS[name](echo, options) or {}
            print(f"ok   {name} " + " ".join(f"{key}={value:.3f}" for key, value in figures.items()), flush=True)
        except Exception as error:
            failures += 1
            print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)
    await echo.stop()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    asyncio.run(main())
