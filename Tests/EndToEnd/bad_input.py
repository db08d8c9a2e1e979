"""What comes of bad input, through the whole program: what each is answered with is stated by its test.

Usage: bad_input.py PATH-TO-ANNIE [unittest arguments]
"""

import asyncio
import json
import pathlib
import sys
import time
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Benchmarks/voice_measures"))

import server  # noqa: E402
import speech  # noqa: E402
from caller import RATE, Caller  # noqa: E402

NOBODY = "00000000-0000-0000-0000-000000000000"


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = server.Server(key="right").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def refused(self, status, *words, method="POST", path="/v1/chat", body=None, headers=None):
        found, text = self.server.request(method, path, body, headers)
        self.assertEqual(found, status, text)
        error = json.loads(text)["error"]["message"]
        for word in words:
            self.assertIn(word, error)

    def call(self, body, **options):
        """Runs `body` with a caller who is connected."""
        async def run():
            caller = Caller(self.server.url, "right", **options)
            await caller.connect()
            try:
                return await body(caller)
            finally:
                await caller.close()
        return asyncio.run(run())

    async def answers(self, caller):
        """Whether the call still works: what is typed is answered aloud."""
        begin = time.perf_counter()
        caller.type("What is the capital of Italy?")
        self.assertIsNotNone(await caller.speaks(begin, 20), "the call does not work any more")

    # ---- Over HTTP

    def test_an_unknown_session_is_not_found(self):
        self.refused(404, "session", body={"message": "Hello", "session_id": NOBODY})
        self.refused(404, "session", method="GET", path=f"/v1/sessions/{NOBODY}")
        self.refused(404, "session", method="DELETE", path=f"/v1/sessions/{NOBODY}")

    def test_a_call_into_an_unknown_session_is_not_found_and_leaves_no_call_behind(self):
        async def run():
            caller = Caller(self.server.url, "right")
            with self.assertRaises(OSError) as refusal:
                await caller.connect(NOBODY)
            await caller.close()
            return refusal.exception.code
        self.assertEqual(asyncio.run(run()), 404)
        self.assertEqual(self.server.metric("annie_calls"), 0)

    def test_a_wrong_or_missing_key_opens_nothing(self):
        for key in ("Bearer expired", "Bearer ", "Basic right"):
            for path in ("/v1/chat", "/start", "/api/offer"):
                self.refused(401, path=path, body={}, headers={"Authorization": key})
            for path in ("/v1/sessions", "/v1/memory", "/v1/notes", "/v1/status"):
                self.refused(401, method="GET", path=path, headers={"Authorization": key})

    def test_oversized_requests_are_refused_and_say_the_limit(self):
        self.refused(400, "32768", body={"message": "a" * 40_000})
        self.refused(413, body={"message": "a" * (2 << 20)})
        self.refused(413, path="/api/offer", body={"sdp": "v=0\r\n" + "a=x\r\n" * 100_000, "type": "offer"})

    def test_offers_that_are_none_are_bad_requests(self):
        for sdp in ("", "hello", "v=0\r\n", "\0" * 100, "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"):
            self.refused(400, path="/api/offer", body={"sdp": sdp, "type": "offer"})
        self.refused(400, "sdp", path="/api/offer", body={"sdp": 7})
        self.refused(400, path="/api/offer", body=b"{not json")
        self.refused(404, "pc_id", method="PATCH", path="/api/offer", body={"pc_id": "nobody", "candidates": []})

    # ---- Over the line

    def test_oversized_and_malformed_messages_are_answered_with_an_error_and_the_call_goes_on(self):
        async def body(caller):
            for text in ("{", "[]", "null", '{"type": 7}', "[" * 5000, '{"label":"rtvi-ai","type":"send-text","id":"1"}',
                         json.dumps({"label": "rtvi-ai", "type": "send-text", "id": "1",
                                     "data": {"content": "a" * 40_000}})):
                before = len(caller.told("error")) + len(caller.told("error-response"))
                caller.channel.send(text)
                more = await caller.until(
                    lambda: len(caller.told("error")) + len(caller.told("error-response")) > before, 5)
                self.assertTrue(more, f"no error came of {text[:40]!r}")
            await self.answers(caller)
            # The answer to the offer names a limit, which this client's library keeps unless it is kept from it.
            caller.pc.sctp._remote_max_message_size = 0
            caller.channel.send("a" * 300_000)
            await caller.quiet()
            await self.answers(caller)
        self.call(body)

    def test_silence_is_not_answered(self):
        async def body(caller):
            await asyncio.sleep(6)
            self.assertEqual(caller.told("user-started-speaking"), [])
            self.assertEqual(caller.transcript(), "")
            self.assertEqual(caller.heard(0), [])
        self.call(body, noise=0.0)

    def test_noise_is_not_taken_for_words(self):
        async def body(caller):
            chance = np.random.default_rng(3)
            hiss = chance.normal(0, 0.03, 4 * RATE)
            rumble = np.convolve(chance.normal(0, 0.4, 4 * RATE), np.ones(200) / 200, "same")
            knocks = np.zeros(4 * RATE)
            for at in range(RATE // 2, 4 * RATE, RATE):
                knocks[at:at + 400] = np.hanning(400) * chance.normal(0, 0.5, 400)
            for noise in (hiss, rumble, knocks):
                _, last = caller.microphone.say(noise.astype(np.float32))
                await last
            await asyncio.sleep(1)
            self.assertEqual(caller.transcript(), "")
            self.assertEqual(caller.heard(0), [])
        self.call(body)

    def test_a_knock_while_she_speaks_does_not_end_her_reply(self):
        async def body(caller):
            begin = time.perf_counter()
            caller.type("What is the capital of Italy?")
            await caller.speaks(begin, 20)
            knock = np.hanning(4000) * np.random.default_rng(1).normal(0, 0.5, 4000)
            caller.microphone.say(knock.astype(np.float32))
            self.assertTrue(await caller.until(lambda: caller.told("bot-stopped-speaking", begin), 20))
            self.assertEqual(caller.told("bot-interrupted", begin), [])
        self.call(body)

    def test_a_microphone_at_its_limit_is_survived(self):
        async def body(caller):
            words = speech.spoken(server.BINARY, "What is the capital of Italy?")
            _, last = caller.microphone.say(np.clip(words * 40, -1, 1))
            await last
            await asyncio.sleep(2)
            await caller.quiet()
            await self.answers(caller)
        self.call(body)


if __name__ == "__main__":
    server.BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
