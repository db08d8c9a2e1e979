"""One call of the mock: a peer connection, RTVI messages, and turns from the script."""

import asyncio
import itertools
import json
import time

from aiortc import RTCPeerConnection, RTCSessionDescription

import script
from sound import Ear, Hum, hum


class MockCall:
    """Listens for loud and quiet, and answers with the script's next turn."""

    def __init__(self, identifier, companion, session):
        self.id, self.companion, self.session = identifier, companion, session
        self.connection = RTCPeerConnection()
        self.voice = Hum()
        self.channel = None
        self.turn_task = None
        self.partials_task = None
        self.received = []
        self.numbers = itertools.count(1)
        self.heard, self.speaking = "", ("", 1.0)

    async def answer(self, sdp, kind):
        """Takes an offer, returns the answer's SDP."""
        connection = self.connection
        if connection.localDescription is None:
            connection.on("track", lambda track: asyncio.ensure_future(self.listen(track)))
            connection.on("datachannel", self.opened)
            await connection.setRemoteDescription(RTCSessionDescription(sdp, kind))
            connection.addTrack(self.voice)
        else:
            await connection.setRemoteDescription(RTCSessionDescription(sdp, kind))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription

    def opened(self, channel):
        self.channel = channel
        channel.on("message", lambda text: asyncio.ensure_future(self.received_text(text)))

    async def received_text(self, text):
        self.received.append(text)
        if not text.startswith("{"):
            return
        message = json.loads(text)
        kind, data = message.get("type"), message.get("data") or {}
        if kind == "client-ready":
            self.send("bot-ready", {"version": "1.0.0", "about": {"session_id": self.session}}, message["id"])
        elif kind == "send-text":
            self.begin(script.TURNS[-1], typed=data["content"])
        elif kind == "client-message" and data.get("t") == "interrupt":
            self.interrupt()
        elif kind == "disconnect-bot":
            await self.close()

    def send(self, kind, data=None, identifier="0"):
        if self.channel is not None and self.channel.readyState == "open":
            self.channel.send(json.dumps({"label": "rtvi-ai", "type": kind, "id": identifier, "data": data or {}}))

    async def listen(self, track):
        ear = Ear()
        for count in itertools.count():
            try:
                frame = await track.recv()
            except Exception:  # the caller is gone
                return
            change = ear.hear(frame)
            if count % 5 == 0:
                self.send("user-audio-level", {"value": round(ear.level, 3)})
            if change == "started":
                self.interrupt()
                self.send("user-started-speaking")
                self.partials_task = asyncio.ensure_future(self.partials())
            elif change == "stopped":
                self.stopped = time.monotonic()
                if self.partials_task:
                    self.partials_task.cancel()
                self.send("user-stopped-speaking")
                if not self.companion.behaviour["deaf"]:
                    self.begin(self.companion.next_turn())

    async def partials(self):
        if self.companion.behaviour["deaf"]:
            return
        words = self.companion.peek_turn()["user"].split()
        for count in range(1, len(words) + 1):
            await asyncio.sleep(0.18)
            self.send("user-transcription", {"text": " ".join(words[:count]), "final": False, "user_id": "user"})

    def begin(self, turn, typed=None):
        if self.turn_task:
            self.turn_task.cancel()
        self.turn_task = asyncio.ensure_future(self.reply(turn, typed))

    async def reply(self, turn, typed):
        if typed is None:
            await asyncio.sleep(0.08)
            self.send("user-transcription", {"text": turn["user"], "final": True, "user_id": "user"})
        self.companion.record(self.session, "user", typed or turn["user"])
        for tool in turn["tools"]:
            await self.use(tool)
        self.send("bot-llm-started")
        await asyncio.sleep(0.1)
        self.heard = ""
        clauses = [piece + " " for piece in turn["reply"].replace(". ", ".|").replace(", ", ",|").split("|")]
        for word in turn["reply"].split(" "):
            self.send("bot-llm-text", {"text": word + " "})
        self.send("bot-llm-stopped")
        self.send("bot-tts-started")
        self.send("bot-started-speaking")
        self.send("server-message", {"type": "turn-metrics", "turn": next(self.numbers), "stages": {
            "silence": 200, "decode": 92, "first_token": 61, "first_clause": 48, "synthesis": 118,
            "total": 431 + 37 * (len(turn["reply"]) % 5)}})
        # As the server does, sound is made well ahead of being heard.
        for number, clause in enumerate(clauses):
            self.output(number, clause, "new")
            self.send("bot-tts-text", {"text": clause})
        for number, clause in enumerate(clauses):
            self.speaking = (clause, len(clause) * 0.055)
            self.voice.queue.extend(hum(self.speaking[1]))
            while self.voice.queue:
                await asyncio.sleep(0.02)
            self.heard += clause
            self.output(number, clause, "completed")
        self.send("bot-tts-stopped")
        self.send("bot-stopped-speaking")
        self.companion.record(self.session, "assistant", turn["reply"])
        self.turn_task = None

    def output(self, number, clause, status):
        """A piece of what she says, in the form of RTVI 2."""
        self.send("bot-output", {"text": clause.strip(), "output_type": "sentence", "aggregated_by": "sentence",
                                 "segment_id": number, "will_be_spoken": True, "spoken_status": status})

    async def use(self, tool):
        identifier = f"call-{time.monotonic_ns()}"
        about = {"tool_call_id": identifier, "function_name": tool["name"]}
        self.send("llm-function-call-started", {"function_name": tool["name"]})
        self.send("llm-function-call-in-progress", {**about, "arguments": tool["arguments"]})
        await asyncio.sleep(tool["seconds"])
        self.send("llm-function-call-stopped", {**about, "cancelled": False, "result": tool["result"]})

    def interrupt(self):
        """The user breaks in: nothing of the reply may follow."""
        if self.turn_task is None:
            return
        self.turn_task.cancel()
        self.turn_task = None
        clause, seconds = self.speaking
        left = len(self.voice.queue) * 0.02
        words = clause.split()
        heard = (self.heard + " ".join(words[: int(len(words) * (1 - left / seconds))])).strip()
        self.voice.clear()
        self.send("bot-tts-stopped")
        self.send("bot-stopped-speaking")
        self.send("server-message", {"type": "reply-interrupted", "heard": heard})
        self.send("bot-interrupted")
        self.companion.record(self.session, "assistant", heard, interrupted=True)

    async def close(self):
        for task in (self.turn_task, self.partials_task):
            if task:
                task.cancel()
        await self.connection.close()
