"""Talks with the companion as a person would: types, speaks over WebRTC, is heard and answered, comes back.

Usage: companion.py PATH-TO-ANNIE [unittest arguments]
"""
import asyncio
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Benchmarks/voice_measures"))

from caller import Caller  # noqa: E402
from latency import measure_turn  # noqa: E402
from speech import read_wav  # noqa: E402


class Companion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.environment = os.environ | {"XDG_DATA_HOME": cls.folder.name, "XDG_CONFIG_HOME": cls.folder.name}
        cls.start()

    @classmethod
    def start(cls):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        cls.url = f"http://127.0.0.1:{port}"
        cls.process = subprocess.Popen([BINARY, "up", "--port", str(port), "--log-level", "warning", "--no-greeting"],
                                       env=cls.environment, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            try:
                if cls.request("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit("annie up was not ready within two minutes")

    @classmethod
    def stop(cls):
        cls.process.send_signal(signal.SIGTERM)
        return cls.process.wait(30)

    @classmethod
    def tearDownClass(cls):
        cls.stop()
        cls.folder.cleanup()

    @classmethod
    def request(cls, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(cls.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def chat(self, message, session=None):
        status, text = self.request("POST", "/v1/chat", {"message": message, "session_id": session})
        self.assertEqual(status, 200, text)
        events = [block.split("\ndata: ") for block in text.strip().split("\n\n")]
        return [(name.removeprefix("event: "), json.loads(data)) for name, data in events]

    def test_a_typed_turn_is_answered_and_kept(self):
        events = self.chat("What is the capital of France?")
        self.assertEqual(events[0][0], "session")
        self.assertEqual(events[-1][0], "done")
        self.assertTrue(events[-1][1]["text"])
        kept = json.loads(self.request("GET", "/v1/sessions/" + events[0][1]["session_id"])[1])
        roles = [message["role"] for message in kept["messages"]]
        # Whether she calls a tool in between is the model's own affair.
        self.assertEqual((roles[0], roles[-1], roles.count("user")), ("user", "assistant", 1))

    def test_a_session_goes_on_after_a_restart(self):
        session = self.chat("My name is Ada.")[0][1]["session_id"]
        self.assertEqual(self.stop(), 0)
        type(self).start()
        events = self.chat("What is my name?", session)
        self.assertEqual(events[0][1]["session_id"], session)
        kept = json.loads(self.request("GET", "/v1/sessions/" + session)[1])
        self.assertEqual(sum(message["role"] == "user" for message in kept["messages"]), 2)

    def test_she_hears_and_answers_aloud(self):
        speech = pathlib.Path(self.folder.name) / "question.wav"
        subprocess.run([BINARY, "say", "What is the capital of Italy?", "-o", speech], check=True,
                       capture_output=True)

        async def call():
            caller = Caller(self.url)
            await caller.connect()
            await asyncio.sleep(1)
            turns = [await measure_turn(caller, read_wav(speech)) for _ in range(2)]
            await caller.close()
            return turns

        for turn in asyncio.run(call()):
            self.assertIsNotNone(turn["first_audio"], "nothing audible came back")
            self.assertIn("capital", turn["transcript"].lower())

    def test_a_text_is_spoken_and_heard_again(self):
        speech = pathlib.Path(self.folder.name) / "said.wav"
        subprocess.run([BINARY, "say", "Good morning, how are you today?", "-o", speech], check=True,
                       capture_output=True)
        heard = subprocess.run([BINARY, "hear", speech], check=True, capture_output=True, text=True).stdout
        self.assertIn("morning", heard.lower())


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
