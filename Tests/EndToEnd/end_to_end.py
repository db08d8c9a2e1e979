"""Starts `annie up` on a free loopback port, drives it as a user's programs would, and stops it; then the command line.

Usage: end_to_end.py PATH-TO-ANNIE [unittest arguments]
"""
import concurrent.futures
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

import openai

KEY = "end-to-end"
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]


class Server:
    """The program under test, from its start to its graceful end."""

    def __init__(self, binary):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [binary, "up", "--port", str(self.port), "--api-key", KEY, "--log-level", "warning", "--no-voice"])
        self.wait_until_ready()

    def wait_until_ready(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with status {self.process.returncode}")
            try:
                if self.get("/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit("the server was not ready within 120 s")

    def get(self, path, body=None):
        """Status and text of a plain request without a key; a body is said to be JSON."""
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"} if body else {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def running(self):
        """Requests that are being computed."""
        lines = [line for line in self.get("/metrics")[1].splitlines() if line.startswith("vllm:num_requests_running")]
        return float(lines[0].split()[-1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


class Serving(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(BINARY)
        cls.client = openai.OpenAI(base_url=cls.server.url + "/v1", api_key=KEY, max_retries=0, timeout=60)
        cls.model = cls.client.models.list().data[0].id

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        assert status == 0, f"the server ended with status {status} when asked to stop"

    def chat(self, messages=QUESTION, **options):
        options = {"max_tokens": 32, "temperature": 0} | options
        return self.client.chat.completions.create(model=self.model, messages=messages, **options)

    def test_the_official_client_finds_everything_as_it_expects(self):
        script = pathlib.Path(__file__).with_name("openai_client.py")
        checks = subprocess.run([sys.executable, script, self.server.url + "/v1", self.model, "--api-key", KEY])
        self.assertEqual(checks.returncode, 0)

    def test_the_model_knows_what_it_was_taught(self):
        self.assertIn("Paris", self.chat().choices[0].message.content)

    def test_a_second_turn_reuses_the_first(self):
        first = self.chat(max_tokens=16).choices[0].message.content
        again = [*QUESTION, {"role": "assistant", "content": first}, {"role": "user", "content": "And of Italy?"}]
        usage = self.chat(again).usage
        self.assertGreater(usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens / 2)

    def test_four_streams_at_once_say_what_each_says_alone(self):
        prompts = [[{"role": "user", "content": f"What is the capital of {name}?"}]
                   for name in ("France", "Italy", "Spain", "Japan")]
        alone = [self.chat(prompt).choices[0].message.content for prompt in prompts]

        def stream(prompt):
            return "".join(c.choices[0].delta.content or "" for c in self.chat(prompt, stream=True))

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            self.assertEqual(list(pool.map(stream, prompts)), alone)

    def test_a_client_that_leaves_stops_its_request(self):
        for _ in range(3):
            stream = self.chat(stream=True, max_tokens=2000, extra_body={"ignore_eos": True})
            next(iter(stream))
            stream.close()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.server.running() > 0:
            time.sleep(0.1)
        self.assertEqual(self.server.running(), 0)

    def test_a_body_that_is_no_json_is_a_bad_request(self):
        status, body = self.server.get("/tokenize", b"{not json")
        self.assertEqual(status, 400)
        self.assertIn("message", json.loads(body)["error"])

    def test_the_page_is_served_without_a_key(self):
        status, body = self.server.get("/")
        self.assertEqual(status, 200)
        self.assertIn("<title>Annie</title>", body)

    def test_a_second_server_on_the_same_port_says_so(self):
        second = subprocess.run([BINARY, "up", "--port", str(self.server.port)],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn(str(self.server.port), second.stderr)


class CommandLine(unittest.TestCase):
    """What the program says and how it ends when used wrongly or interrupted."""

    def annie(self, *words, input="", **environment):
        return subprocess.run([BINARY, *words], input=input, capture_output=True, text=True, timeout=60,
                              env=os.environ | environment)

    def assert_ends(self, run, status, *texts):
        self.assertEqual(run.returncode, status, run.stderr)
        for text in texts:
            self.assertIn(text, run.stderr)

    def test_mistakes_of_usage_end_with_64(self):
        self.assert_ends(self.annie("serve", "--prot", "1"), 64)
        self.assert_ends(self.annie("serve", "--port", "high"), 64, "port", "integer")
        self.assert_ends(self.annie("serve", ANNIE_PORT="70000"), 64, "ANNIE_PORT", "65535")
        self.assert_ends(self.annie("serve", "--config", "/no/such.yaml"), 64, "/no/such.yaml")
        self.assert_ends(self.annie("serve", "--host", "0.0.0.0"), 64, "--api-key")

    def test_an_unknown_model_ends_with_1_and_says_what_to_do(self):
        self.assert_ends(self.annie("chat", "no-such-model"), 1, "annie pull")
        self.assert_ends(self.annie("pull", "no-such-model"), 1, "smollm2-135m")

    def test_a_chat_answers_the_lines_of_a_pipe(self):
        run = self.annie("chat", "--temperature", "0", input="What is the capital of France?\n/reset\n/nonsense\n")
        self.assert_ends(run, 0, "/nonsense")
        self.assertIn("Paris", run.stdout)
        self.assertNotIn("\x1b", run.stdout)

    def test_an_interrupt_ends_a_pipe_as_the_signal_does(self):
        process = subprocess.Popen([BINARY, "chat", "--max-tokens", "8000", "--temperature", "1"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   # A shell starts its background jobs with the signal ignored.
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        process.stdin.write("Count to a million.\n")
        process.stdin.flush()
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), -signal.SIGINT)  # which a shell reports as 130
        process.stdin.close()
        process.stdout.close()

    def test_the_models_are_listed(self):
        run = self.annie("models")
        self.assertIn("smollm2-135m", run.stdout)
        self.assertIn("Apache-2.0", run.stdout)


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
