"""A tiny Qwen3.5 with random weights, served and taught through the whole program, and asked by the official client.

Usage: qwen35.py PATH-TO-ANNIE [unittest arguments]

What such a model writes means nothing, so where a reply's form matters the request holds it to that form.
"""

import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import openai

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests/Fixtures"
ANNIE = sys.argv.pop(1)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PLAIN = ["<tool_call>", "</tool_call>", "<think>", "</think>"]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "enum": ["Bengaluru", "Berlin"]},
                "days": {"type": "integer", "minimum": 1, "maximum": 7},
            },
            "required": ["city", "days"],
            "additionalProperties": False,
        },
    },
}
QUESTION = [{"role": "user", "content": "How will it be?"}]
XML_CALL = (
    r"<tool_call>\n<function=get_weather>\n<parameter=city>\n(Bengaluru|Berlin)\n</parameter>\n"
    r"<parameter=days>\n[1-7]\n</parameter>\n</function>\n</tool_call>")


def bytes_as_characters():
    """The characters that byte-level tokenizers write the 256 bytes with."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters, extra = {byte: chr(byte) for byte in printable}, 256
    for byte in range(256):
        if byte not in characters:
            characters[byte] = chr(extra)
            extra += 1
    return [characters[byte] for byte in range(256)]


def make_model(directory):
    """The golden model with a tokenizer of single bytes and the family's chat template."""
    source = FIXTURES / "models/qwen3_5_tiny"
    directory.mkdir()
    shutil.copy(source / "model.safetensors", directory)
    shutil.copy(FIXTURES / "template/qwen3_5_small_chat_template.jinja", directory / "chat_template.jinja")
    vocabulary = {character: index for index, character in enumerate(bytes_as_characters())}
    ids = {text: 256 + index for index, text in enumerate(SPECIAL + PLAIN)}
    config = json.loads((source / "config.json").read_text())
    # One end token here, the other where the tokenizer's settings are, as it is published.
    config.update(max_position_embeddings=8192, eos_token_id=ids["<|endoftext|>"])
    (directory / "config.json").write_text(json.dumps(config))
    added = [{"id": id, "content": text, "special": text in SPECIAL, "single_word": False, "lstrip": False,
              "rstrip": False, "normalized": False} for text, id in ids.items()]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    (directory / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": byte_level, "post_processor": None, "decoder": byte_level,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": [], "byte_fallback": False},
    }))
    (directory / "tokenizer_config.json").write_text(json.dumps({"eos_token": "<|im_end|>"}))
    return ids


class Server:
    def __init__(self, model, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [ANNIE, "serve", str(model), "--port", str(self.port), "--served-model-name", "tiny", "--log-level",
             "warning", *options], stderr=subprocess.PIPE, text=True)
        self.client = openai.OpenAI(
            base_url=f"http://127.0.0.1:{self.port}/v1", api_key="none", max_retries=0, timeout=60)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.client.models.list()
                self.chat(max_tokens=1)
                return
            except (openai.APIConnectionError, openai.InternalServerError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the server did not start: {self.process.stderr.read()}")
                time.sleep(0.1)

    def chat(self, messages=QUESTION, **options):
        options.setdefault("temperature", 0)
        return self.client.chat.completions.create(model="tiny", messages=messages, **options)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.process.stderr.close()
        return status


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = pathlib.Path(cls.folder.name)
        cls.ids = make_model(cls.home / "model")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class Served(Folder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.home / "model")

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0
        super().tearDownClass()

    def test_a_reply_is_the_same_whole_and_streamed(self):
        whole = self.server.chat(max_tokens=24)
        pieces = list(self.server.chat(max_tokens=24, stream=True, stream_options={"include_usage": True}))
        text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
        self.assertEqual(text, whole.choices[0].message.content)
        self.assertEqual(pieces[-1].usage.completion_tokens, whole.usage.completion_tokens)

    def check_call(self, call):
        self.assertEqual(call.function.name, "get_weather")
        arguments = json.loads(call.function.arguments)
        self.assertIn(arguments["city"], ["Bengaluru", "Berlin"])
        # An integer because the request's schema says so: the text has no types.
        self.assertIn(arguments["days"], range(1, 8))

    def test_a_call_in_xml_is_read_with_types_of_the_schema(self):
        options = dict(tools=[WEATHER], max_tokens=300, extra_body={"structured_outputs": {"regex": XML_CALL}})
        choice = self.server.chat(**options).choices[0]
        self.assertEqual(choice.finish_reason, "tool_calls")
        self.check_call(choice.message.tool_calls[0])
        self.assertFalse(choice.message.content)

    def test_a_call_in_xml_is_streamed_as_it_is_whole(self):
        options = dict(tools=[WEATHER], max_tokens=300, extra_body={"structured_outputs": {"regex": XML_CALL}})
        whole = self.server.chat(**options).choices[0].message.tool_calls[0].function
        name, arguments, reason = "", "", None
        for piece in self.server.chat(stream=True, **options):
            reason = piece.choices[0].finish_reason or reason
            for call in piece.choices[0].delta.tool_calls or []:
                name += call.function.name or ""
                arguments += call.function.arguments or ""
        self.assertEqual((name, json.loads(arguments), reason), (whole.name, json.loads(whole.arguments), "tool_calls"))

    def test_a_forced_call_is_valid(self):
        for choice in ("required", {"type": "function", "function": {"name": "get_weather"}}):
            message = self.server.chat(tools=[WEATHER], tool_choice=choice, max_tokens=300).choices[0].message
            self.check_call(message.tool_calls[0])

    def test_a_call_and_its_result_are_understood_as_history(self):
        call = {"id": "1", "type": "function", "function": {
            "name": "get_weather", "arguments": json.dumps({"city": "Berlin", "days": 2})}}
        messages = QUESTION + [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "1", "content": "Rain"}]
        self.assertEqual(self.server.chat(messages, tools=[WEATHER], max_tokens=4).choices[0].finish_reason, "length")

    def test_the_rendered_prompt_decides_what_is_reasoning(self):
        text = {"structured_outputs": {"regex": "[a-z]{8}"}}
        plain = self.server.chat(max_tokens=20, extra_body=text).choices[0].message
        self.assertRegex(plain.content, "^[a-z]{8}$")
        self.assertFalse(getattr(plain, "reasoning_content", None))
        # The template thinks when it is asked to; of a thought that is cut off, nothing is the answer.
        bias = {str(self.ids["</think>"]): -100, str(self.ids["<|im_end|>"]): -100,
                str(self.ids["<|endoftext|>"]): -100}
        thought = self.server.chat(
            max_tokens=20, logit_bias=bias, extra_body={"chat_template_kwargs": {"enable_thinking": True}})
        self.assertTrue(thought.choices[0].message.reasoning_content)
        self.assertFalse(thought.choices[0].message.content)

    def test_both_end_tokens_end_a_reply(self):
        for text in ("<|endoftext|>", "<|im_end|>"):
            reply = self.server.chat(max_tokens=50, logit_bias={str(self.ids[text]): 100})
            self.assertEqual(reply.choices[0].finish_reason, "stop", text)
            self.assertEqual(reply.usage.completion_tokens, 1, text)

    def test_the_padded_vocabulary_is_never_sampled(self):
        reply = self.server.chat(
            max_tokens=300, temperature=2, seed=1, extra_body={"return_token_ids": True, "ignore_eos": True})
        tokens = reply.choices[0].token_ids
        self.assertEqual(len(tokens), 300)
        # The model has 512 rows, the tokenizer 263 tokens.
        self.assertLess(max(tokens), 263)

    def test_a_conversation_that_goes_on_is_not_read_again(self):
        messages = [{"role": "user", "content": "One " * 40}]
        first = self.server.chat(messages, max_tokens=8)
        messages += [{"role": "assistant", "content": first.choices[0].message.content or "x"},
                     {"role": "user", "content": "Two"}]
        second = self.server.chat(messages, max_tokens=8)
        self.assertGreaterEqual(
            second.usage.prompt_tokens_details.cached_tokens, first.usage.prompt_tokens - 30)


class Restarted(Folder):
    def test_a_session_goes_on_after_a_restart(self):
        options = ["--snapshot-dir", str(self.home / "states")]
        messages = [{"role": "user", "content": "One " * 40}]
        server = Server(self.home / "model", *options)
        first = server.chat(messages, max_tokens=8)
        # At once: what is written at the end must be whole.
        self.assertEqual(server.stop(), 0)
        self.assertTrue(list((self.home / "states").glob("*.safetensors")))
        self.assertFalse(list((self.home / "states").glob("*.partial*")))
        server = Server(self.home / "model", *options)
        again = server.chat(messages, max_tokens=8)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(again.choices[0].message.content, first.choices[0].message.content)
        self.assertGreater(again.usage.prompt_tokens_details.cached_tokens, 100)


class Taught(Folder):
    def test_it_is_taught_in_nvfp4_and_served(self):
        lines = []
        for word in ("red", "green", "blue", "white", "black", "grey"):
            lines.append(json.dumps({"messages": [
                {"role": "user", "content": f"Say {word}."}, {"role": "assistant", "content": f"{word}."}]}))
        (self.home / "chats.jsonl").write_text("\n".join(lines) + "\n")
        (self.home / "recipe.yaml").write_text(
            f"base: {self.home}/model\ndata: {self.home}/chats.jsonl\nmethod: full\nrounding: weight-only\nepochs: 2\n"
            "learning_rate: 1e-3\nbatch_tokens: 512\n")
        result = subprocess.run(
            [ANNIE, "train", str(self.home / "recipe.yaml"), "--output", str(self.home / "taught"), "--json",
             "--examples", "0"], capture_output=True, text=True, timeout=300)
        self.assertEqual(result.returncode, 0, result.stderr)
        inspected = subprocess.run(
            [ANNIE, "inspect", str(self.home / "taught")], capture_output=True, text=True, timeout=60)
        self.assertEqual(inspected.returncode, 0, inspected.stdout + inspected.stderr)
        server = Server(self.home / "taught")
        self.assertTrue(server.chat(max_tokens=8).choices)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    del Folder
    unittest.main()
