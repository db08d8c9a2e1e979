"""A caller of its own (aiortc) that speaks to Annie in real time and notes when each packet of hers arrives."""

import asyncio
import fractions
import json
import math
import time
import urllib.request
from dataclasses import dataclass

import numpy as np
from aiortc import AudioStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs.opus import OpusDecoder
from aiortc.jitterbuffer import JitterFrame
from av import AudioFrame

RATE, FRAME = 48_000, 960
AUDIBLE = 0.01  # of full scale, root mean square of 20 ms


class Microphone(AudioStreamTrack):
    """Speaks what it is given, and is silent else; always in real time.

    A packet that leaves at T holds what was said from T - 20 ms to T, as a real microphone's does.
    """

    def __init__(self, noise=0.0004):
        super().__init__()
        self.queue, self.position, self.started = np.zeros(0, np.float32), 0, None
        self.noise = noise  # a microphone is never quite silent
        self.marks = []  # (samples still to be sent, future)

    def say(self, samples):
        """Futures of the times at which the first and the last of the samples were said."""
        loop = asyncio.get_running_loop()
        first, last = loop.create_future(), loop.create_future()
        before = len(self.queue)
        self.queue = np.concatenate([self.queue, samples])
        self.marks += [(before + 1, first), (before + len(samples), last)]
        return first, last

    def hush(self):
        """Drops what was not said yet."""
        self.queue, self.marks = np.zeros(0, np.float32), []

    async def recv(self):
        if self.started is None:
            self.started = time.perf_counter()
        leaves = self.started + self.position / RATE
        await asyncio.sleep(max(0, leaves - time.perf_counter()))
        chunk, self.queue = self.queue[:FRAME], self.queue[FRAME:]
        data = np.random.default_rng(self.position).normal(0, self.noise, FRAME).astype(np.float32)
        data[: len(chunk)] += chunk
        marks, self.marks = self.marks, []
        for left, future in marks:
            if left > FRAME:
                self.marks.append((left - FRAME, future))
            elif not future.done():
                future.set_result(leaves - (FRAME - left) / RATE)
        frame = AudioFrame.from_ndarray((np.clip(data, -1, 1) * 32767).astype(np.int16).reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.position, fractions.Fraction(1, RATE)
        self.position += FRAME
        return frame


@dataclass(frozen=True)
class Heard:
    """A packet of hers: when it came, its place in the stream, and how loud it is."""

    time: float
    sequence: int
    timestamp: int
    level: float

    @property
    def is_audible(self):
        return self.level > AUDIBLE


class Caller:
    """One call. What is heard is judged as each packet arrives, before any buffer of the client's."""

    def __init__(self, url, token=None, relay=None, noise=0.0004, trust=None):
        self.url, self.token, self.relay, self.trust = url.rstrip("/"), token, relay, trust
        self.pc, self.microphone = RTCPeerConnection(), Microphone(noise)
        self.packets = []
        self.messages = []  # (time, message)
        self.opened = asyncio.Event()
        self.session = self.channel = self.pinging = None

    def post(self, path, body):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30, context=self.trust) as reply:
            return json.load(reply)

    async def connect(self, session=None):
        """Calls; returns the seconds from the offer to the connection."""
        self.pc.addTrack(self.microphone)
        self.channel = self.pc.createDataChannel("chat", ordered=True)
        self.channel.on("open", self.opened.set)
        self.channel.on("message", self.take)
        self.pc.on("track", self.listen)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        while self.pc.iceGatheringState != "complete":
            await asyncio.sleep(0.01)
        start = time.perf_counter()
        offer = {"sdp": self.pc.localDescription.sdp, "type": "offer", "pc_id": None,
                 "request_data": {"session_id": session} if session else {}}
        answer = await asyncio.to_thread(self.post, "/api/offer", offer)
        sdp = self.relay.rewrite(answer["sdp"]) if self.relay else answer["sdp"]
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        while self.pc.connectionState != "connected":
            if self.pc.connectionState in ("failed", "closed"):
                raise ConnectionError(f"the call is {self.pc.connectionState}")
            await asyncio.sleep(0.002)
        connected = time.perf_counter() - start
        await asyncio.wait_for(self.opened.wait(), 20)
        self.send("client-ready", {"version": "2.0.0", "about": {"library": "voice_measures"}})
        self.pinging = asyncio.ensure_future(self.ping())
        return connected

    def send(self, kind, data):
        self.channel.send(json.dumps({"label": "rtvi-ai", "type": kind, "id": str(len(self.messages)), "data": data}))

    def type(self, text):
        """Asks in writing, to be answered aloud."""
        self.send("send-text", {"content": text, "options": {"run_immediately": True, "audio_response": True}})

    async def ping(self):
        while self.channel.readyState == "open":
            self.channel.send(f"ping: {int(time.time() * 1000)}")
            await asyncio.sleep(1)

    def take(self, text):
        try:
            self.messages.append((time.perf_counter(), json.loads(text)))
        except ValueError:
            return

    def listen(self, track):
        receiver = next(one for one in self.pc.getReceivers() if one.track is track)
        handle, decoder = receiver._handle_rtp_packet, OpusDecoder()

        async def note(packet, arrival_time_ms):
            now = time.perf_counter()
            try:
                frames = decoder.decode(JitterFrame(data=packet.payload, timestamp=packet.timestamp))
                samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]) / 32768
                level = math.sqrt(float(np.mean(samples ** 2)))
                self.packets.append(Heard(now, packet.sequence_number, packet.timestamp, level))
            except Exception:
                pass  # a packet without sound
            # For the reports of loss that the server gets.
            await handle(packet, arrival_time_ms)

        receiver._handle_rtp_packet = note
        asyncio.ensure_future(self.drain(track))

    @staticmethod
    async def drain(track):
        try:
            while True:
                await track.recv()
        except Exception:
            return

    def heard(self, since, until=math.inf):
        """Audible packets of a while, oldest first."""
        found = []
        for packet in reversed(self.packets):
            if packet.time < since:
                break
            if packet.time <= until and packet.is_audible:
                found.append(packet)
        return found[::-1]

    def first_audible(self, since):
        return next((packet.time for packet in self.heard(since)), None)

    async def speaks(self, since, limit=15):
        """When she is first heard; None if she is not within `limit` seconds."""
        return await self.until(lambda: self.first_audible(since), limit)

    async def quiet(self, seconds=0.8, limit=40):
        """Waits until she has been silent for so long."""
        await self.until(lambda: not self.heard(time.perf_counter() - seconds), limit)

    @staticmethod
    async def until(condition, limit):
        """What the condition becomes, looked at each 10 ms; None after `limit` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            if found := condition():
                return found
            await asyncio.sleep(0.01)
        return None

    def told(self, kind, since=0):
        return [(when, message) for when, message in self.messages if when >= since and message.get("type") == kind]

    def notices(self, kind, since=0):
        return [message["data"] for _, message in self.told("server-message", since)
                if message.get("data", {}).get("type") == kind]

    def transcript(self, since=0):
        """What was understood, from final transcripts."""
        return " ".join(m["data"]["text"] for _, m in self.told("user-transcription", since) if m["data"].get("final"))

    async def close(self):
        if self.pinging:
            self.pinging.cancel()
        await self.pc.close()
