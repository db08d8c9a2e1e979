"""Runs the official OpenAI client against `annie up` on a free loopback port: what a program of a user's own would do.

Usage: openai_client.py PATH-TO-ANNIE [unittest arguments]
"""
import concurrent.futures
import json
import os
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
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}


class Server:
    """The program under test, from its start to its graceful end."""

    def __init__(self, binary):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen([binary, "up", "--port", str(self.port), "--api-key", KEY])
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

    def get(self, path, body=None, key=KEY):
        """Status and text of a plain request."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body)
        request.add_header("Authorization", f"Bearer {key}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def client(self, key=KEY):
        return openai.OpenAI(base_url=f"http://127.0.0.1:{self.port}/v1", api_key=key, max_retries=0, timeout=60)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


class EndToEnd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(BINARY)
        cls.client = cls.server.client()
        cls.model = cls.client.models.list().data[0].id

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        assert status == 0, f"the server ended with status {status} when asked to stop"

    def chat(self, messages=QUESTION, **options):
        options = {"max_tokens": 32, "temperature": 0, **options}
        return self.client.chat.completions.create(model=self.model, messages=messages, **options)

    # ---- Chat

    def test_a_chat_answers_and_counts_its_tokens(self):
        reply = self.chat()
        self.assertIn("Paris", reply.choices[0].message.content)
        self.assertEqual(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens)
        self.assertIn(reply.choices[0].finish_reason, ("stop", "length"))

    def test_a_stream_spells_the_same_reply_and_ends_with_usage(self):
        whole = self.chat()
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        self.assertEqual(text, whole.choices[0].message.content)
        self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
        self.assertEqual(chunks[-1].usage.completion_tokens, whole.usage.completion_tokens)
        self.assertEqual(len({c.id for c in chunks}), 1)

    def test_a_second_turn_reuses_the_first(self):
        first = self.chat(max_tokens=16).choices[0].message.content
        again = [*QUESTION, {"role": "assistant", "content": first}, {"role": "user", "content": "And of Italy?"}]
        cached = self.chat(again).usage.prompt_tokens_details.cached_tokens
        self.assertGreater(cached, 16)

    def test_the_same_seed_gives_the_same_text(self):
        texts = {self.chat(temperature=1, seed=7).choices[0].message.content for _ in range(2)}
        self.assertEqual(len(texts), 1)

    def test_a_stop_string_ends_the_reply_and_is_not_part_of_it(self):
        whole = self.chat().choices[0].message.content
        stop = whole.split()[2]
        reply = self.chat(stop=[stop]).choices[0]
        self.assertEqual(reply.finish_reason, "stop")
        self.assertEqual(reply.message.content, whole[: whole.index(stop)])

    def test_logprobs_come_with_the_alternatives_asked_for(self):
        tokens = self.chat(logprobs=True, top_logprobs=3, max_tokens=4).choices[0].logprobs.content
        self.assertEqual(len(tokens), 4)
        for token in tokens:
            self.assertEqual(len(token.top_logprobs), 3)
            self.assertAlmostEqual(token.logprob, token.top_logprobs[0].logprob, places=4)

    def test_several_choices_are_numbered(self):
        choices = self.chat(n=3, temperature=1, max_tokens=4).choices
        self.assertEqual(sorted(choice.index for choice in choices), [0, 1, 2])

    # ---- Structure

    def test_a_json_schema_is_kept_to(self):
        schema = {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 20}, "population": {"type": "integer"}},
            "required": ["city", "population"],
            "additionalProperties": False,
        }
        format = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema, "strict": True}}
        for seed in range(3):
            reply = self.chat(response_format=format, max_tokens=128, temperature=1, seed=seed)
            value = json.loads(reply.choices[0].message.content)
            self.assertEqual(set(value), {"city", "population"})
            self.assertIsInstance(value["population"], int)

    def test_a_named_tool_is_called_with_valid_arguments(self):
        choice = {"type": "function", "function": {"name": "get_weather"}}
        for stream in (False, True):
            call = self.tool_call(tools=[WEATHER], tool_choice=choice, max_tokens=128, stream=stream)
            self.assertEqual(call[0], "get_weather")
            arguments = json.loads(call[1])
            self.assertEqual(set(arguments), {"city", "unit"})
            self.assertIn(arguments["unit"], ("celsius", "fahrenheit"))

    def test_a_required_tool_is_called(self):
        name, arguments = self.tool_call(tools=[WEATHER], tool_choice="required", max_tokens=128, stream=False)
        self.assertEqual(name, "get_weather")
        json.loads(arguments)

    def tool_call(self, stream, **options):
        reply = self.chat([{"role": "user", "content": "What is the weather in Oslo?"}], stream=stream, **options)
        if not stream:
            function = reply.choices[0].message.tool_calls[0].function
            return function.name, function.arguments
        name, arguments = "", ""
        for chunk in reply:
            for call in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
                name += call.function.name or ""
                arguments += call.function.arguments or ""
        return name, arguments

    def test_a_tool_result_can_be_sent_back(self):
        call = {"id": "call_1", "type": "function",
                "function": {"name": "get_weather", "arguments": '{"city": "Oslo", "unit": "celsius"}'}}
        messages = [{"role": "user", "content": "What is the weather in Oslo?"},
                    {"role": "assistant", "content": None, "tool_calls": [call]},
                    {"role": "tool", "tool_call_id": "call_1", "content": "4 degrees, rain"}]
        self.assertTrue(self.chat(messages, tools=[WEATHER], tool_choice="none").choices[0].message.content)

    # ---- Completions and tokens

    def test_a_completion_continues_text_and_token_ids_alike(self):
        text = "The capital of France is"
        tokens = json.loads(self.server.get("/tokenize", json.dumps({"prompt": text}).encode())[1])["tokens"]
        replies = {
            self.client.completions.create(model=self.model, prompt=prompt, max_tokens=8, temperature=0).choices[0].text
            for prompt in (text, tokens)
        }
        self.assertEqual(len(replies), 1)
        back = json.loads(self.server.get("/detokenize", json.dumps({"tokens": tokens}).encode())[1])
        self.assertEqual(back["prompt"], text)

    def test_echo_with_logprobs_scores_the_prompt(self):
        choice = self.client.completions.create(
            model=self.model, prompt="One two three", max_tokens=1, temperature=0, echo=True, logprobs=1).choices[0]
        self.assertTrue(choice.text.startswith("One two three"))
        self.assertIsNone(choice.logprobs.token_logprobs[0])
        self.assertTrue(all(value <= 0 for value in choice.logprobs.token_logprobs[1:]))

    # ---- Many at once, and clients that leave

    def test_four_streams_at_once_do_not_mix(self):
        names = ["France", "Italy", "Spain", "Japan"]
        prompts = [[{"role": "user", "content": f"What is the capital of {name}?"}] for name in names]
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
        while time.monotonic() < deadline and self.running() > 0:
            time.sleep(0.1)
        self.assertEqual(self.running(), 0)

    def running(self):
        metrics = self.server.get("/metrics")[1]
        lines = [line for line in metrics.splitlines() if line.startswith("vllm:num_requests_running")]
        return float(lines[0].split()[-1])

    # ---- Errors

    def test_an_unknown_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.chat.completions.create(model="no-such-model", messages=QUESTION)

    def test_a_wrong_key_is_refused(self):
        with self.assertRaises(openai.AuthenticationError):
            self.server.client("wrong").chat.completions.create(model=self.model, messages=QUESTION)

    def test_bad_parameters_are_named(self):
        for options in ({"temperature": -1}, {"top_p": 2}, {"max_tokens": -1}, {"top_logprobs": 3}):
            with self.subTest(options), self.assertRaises(openai.BadRequestError) as caught:
                self.chat(**options)
            self.assertIn(next(iter(options)), str(caught.exception))

    def test_a_prompt_longer_than_the_context_is_refused(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.chat([{"role": "user", "content": "word " * 20000}])
        self.assertIn("context", str(caught.exception))

    def test_a_body_that_is_no_json_is_a_bad_request(self):
        status, body = self.server.get("/v1/chat/completions", b"{not json")
        self.assertEqual(status, 400)
        self.assertIn("message", json.loads(body)["error"])

    # ---- The page

    def test_the_page_is_served_without_a_key(self):
        status, body = self.server.get("/", key="")
        self.assertEqual(status, 200)
        self.assertIn("<title>Annie</title>", body)

    def test_a_second_server_on_the_same_port_says_so(self):
        second = subprocess.run([BINARY, "up", "--port", str(self.server.port)],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn(str(self.server.port), second.stderr)


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
