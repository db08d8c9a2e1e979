"""The companion among other programs: reached from other machines, with another model, with tools, with her memory.

Usage: surroundings.py PATH-TO-ANNIE [unittest arguments]
"""

import asyncio
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Benchmarks/voice_measures"))

import server  # noqa: E402
from caller import Caller  # noqa: E402
from scripted_brain import ScriptedBrain  # noqa: E402

PERSONA = """\
name: Annie
about: a test
rules: [Answer.]
greeting: ""
tools: ["*"]
"""


def chat(running, message, session=None):
    """A typed turn's events, as (name, data)."""
    status, text = running.request("POST", "/v1/chat", {"message": message, "session_id": session})
    if status != 200:
        raise AssertionError(text)
    blocks = [block.split("\ndata: ") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data)) for name, data in blocks]


def spoken_to(running, text, token=None):
    """Whether a call comes about in which the typed text is answered aloud."""
    async def run():
        caller = Caller(running.url, token, trust=running.trust)
        await caller.connect()
        begin = time.perf_counter()
        caller.type(text)
        first = await caller.speaks(begin, 20)
        await caller.close()
        return first is not None
    return asyncio.run(run())


class Reached(unittest.TestCase):
    def test_from_other_machines_she_is_reached_over_tls_and_by_those_who_have_the_key(self):
        with server.Server("--host", "0.0.0.0", key="sesame") as running:
            # Its own certificate is good for the address it is opened by: the client checks the name.
            self.assertEqual(running.request("GET", "/")[0], 200)
            self.assertEqual(running.request("GET", "/v1/status", headers={"Authorization": "Bearer wrong"})[0], 401)
            self.assertTrue(spoken_to(running, "What is the capital of Italy?", "sesame"))
            log = running.log.read_text()
            self.assertIn("#token=sesame", log)
            self.assertEqual(running.certificate.with_name("key.pem").stat().st_mode & 0o077, 0)

    def test_without_a_key_she_is_not_opened_to_others(self):
        run = subprocess.run([server.BINARY, "up", "--host", "0.0.0.0"], capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 64)
        self.assertIn("--api-key", run.stderr)


class Thinking(unittest.TestCase):
    def test_another_server_thinks_for_her(self):
        port = server.free_port()
        brain = subprocess.Popen([server.BINARY, "serve", "--port", str(port), "--log-level", "error"],
                                 stderr=subprocess.DEVNULL)
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
                    break
                except OSError:
                    time.sleep(0.1)
            with server.Server("--chat-model", f"http://127.0.0.1:{port}/v1") as running:
                events = chat(running, "What is the capital of France?")
                self.assertIn("Paris", "".join(data["delta"] for name, data in events if name == "text"))
                self.assertTrue(spoken_to(running, "What is the capital of Italy?"))
        finally:
            brain.terminate()
            brain.wait(30)

    def test_a_model_server_that_is_not_there_is_named(self):
        url = f"http://127.0.0.1:{server.free_port()}/v1"
        run = subprocess.run([server.BINARY, "up", "--chat-model", url], capture_output=True, text=True, timeout=60)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(url.removesuffix("/v1"), run.stderr)

    def test_a_model_taught_with_another_prompt_is_warned_of(self):
        with tempfile.TemporaryDirectory() as folder:
            for file in (server.MODELS / "smollm2-135m-nvfp4").iterdir():
                os.symlink(file, pathlib.Path(folder) / file.name)
            record = {"fingerprint": "0" * 64, "persona": "Annie"}
            (pathlib.Path(folder) / "annie_prompt.json").write_text(json.dumps(record))
            with server.Server(folder) as running:
                self.assertIn("taught with another prompt", running.log.read_text())


class Using(unittest.TestCase):
    def test_a_tool_of_another_program_is_called_and_its_answer_told(self):
        fixture = ROOT / "Tests/Fixtures/mcp/server.py"
        options = json.dumps({"mcp": [{"name": "other", "command": sys.executable, "args": [str(fixture)]}]})
        with ScriptedBrain() as brain, server.Server("--chat-model", brain.url, persona=PERSONA, options=options) as running:
            events = chat(running, 'call echo {"text": "a parrot"}')
            tools = [data for name, data in events if name == "tool"]
            self.assertEqual([tool["phase"] for tool in tools], ["started", "finished"])
            self.assertIn("a parrot", events[-1][1]["text"])
            offered = [tool["function"]["name"] for tool in brain.asked[0]["tools"]]
            self.assertTrue({"echo", "other_remember"} <= set(offered), offered)
            self.assertTrue(spoken_to(running, 'call echo {"text": "aloud"}'))

    def test_tools_that_the_persona_does_not_name_are_warned_of(self):
        fixture = ROOT / "Tests/Fixtures/mcp/server.py"
        options = json.dumps({"mcp": [{"name": "other", "command": sys.executable, "args": [str(fixture)]}]})
        with ScriptedBrain() as brain, server.Server("--chat-model", brain.url, options=options) as running:
            self.assertIn("does not allow these tools of MCP servers: echo,", running.log.read_text())

    def test_a_tool_that_dies_is_told_of_and_the_next_turn_works(self):
        fixture = ROOT / "Tests/Fixtures/mcp/server.py"
        options = json.dumps({"mcp": [{"name": "other", "command": sys.executable, "args": [str(fixture)]}]})
        with ScriptedBrain() as brain, server.Server("--chat-model", brain.url, persona=PERSONA, options=options) as running:
            events = chat(running, "call crash {}")
            tool = [data for name, data in events if name == "tool"][-1]
            self.assertTrue(tool["is_error"], tool)
            self.assertEqual(chat(running, "Hello")[-1][1]["text"], "I heard you.")

    def test_what_she_was_told_to_remember_is_listed_found_exported_and_forgotten(self):
        with ScriptedBrain() as brain, server.Server("--chat-model", brain.url, persona=PERSONA) as running:
            fact = "The user's sister Clara hates museums."
            chat(running, "call remember " + json.dumps({"fact": fact}))
            self.assertIn(fact, running.annie("memory", "list"))
            self.assertIn(fact, running.annie("memory", "search", "Clara"))
            export = running.annie("memory", "export")
            self.assertIn(fact, [one["text"] for one in json.loads(export)["facts"]])
            facts = json.loads(running.request("GET", "/v1/memory?query=museums")[1])["facts"]
            self.assertEqual([one["text"] for one in facts], [fact])
            # She is told of it in the next conversation, without a tool.
            chat(running, "What does Clara think of museums?")
            self.assertIn(fact, json.dumps(brain.asked[-1]["messages"]))
            running.annie("memory", "forget", str(facts[0]["id"]))
            self.assertNotIn(fact, running.annie("memory", "list"))


if __name__ == "__main__":
    server.BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
