"""Drives a running server with the official `openai` package, as a user's program would.

    python openai_client.py http://127.0.0.1:8000/v1 MODEL [--api-key KEY]

Nothing here depends on what the model has to say: where a reply's form matters, the request constrains it. The last
line reads `N passed, N failed`; the exit status is 1 if anything failed.
"""

import argparse
import asyncio
import json
import sys
import traceback
import urllib.request
from typing import Literal

import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel, Field

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city in the coming days",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "enum": ["Bengaluru", "Berlin", "Boston"]},
                "days": {"type": "integer", "minimum": 1, "maximum": 7},
            },
            "required": ["city", "days"],
            "additionalProperties": False,
        },
    },
}
PING = {"type": "function", "function": {"name": "ping", "parameters": {"type": "object", "properties": {}, "additionalProperties": False}}}
QUESTION = [{"role": "user", "content": "What is the capital of France?"}]


class Trip(BaseModel):
    city: Literal["Bengaluru", "Berlin", "Boston"]
    days: int = Field(ge=1, le=7)


class Checks:
    def __init__(self, base_url: str, model: str, api_key: str):
        self.client = OpenAI(base_url=base_url, api_key=api_key, max_retries=0, timeout=120)
        self.asynchronous = AsyncOpenAI(base_url=base_url, api_key=api_key, max_retries=0, timeout=120)
        self.root = base_url.removesuffix("/").removesuffix("/v1")
        self.model, self.api_key = model, api_key
        self.has_auto_tools = True

    def raw(self, path, body=None):
        """Asks for what the package has no name for."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read().decode()

    def chat(self, **fields):
        fields = {"messages": QUESTION, "max_tokens": 24, "temperature": 0} | fields
        return self.client.chat.completions.create(model=self.model, **fields)

    def complete(self, **fields):
        fields = {"prompt": "Once upon a time", "max_tokens": 12, "temperature": 0} | fields
        return self.client.completions.create(model=self.model, **fields)

    # Models and health

    def check_models_are_listed(self):
        names = [model.id for model in self.client.models.list()]
        assert self.model in names, names
        assert self.client.models.retrieve(self.model).id == self.model

    def check_health_version_and_metrics(self):
        assert self.raw("/health") == ""
        assert "version" in json.loads(self.raw("/version"))
        page = self.raw("/metrics")
        assert "vllm:time_to_first_token_seconds_bucket" in page and "vllm:request_success_total" in page

    def check_tokens_round_trip(self):
        text = "Grüße, 世界! 🙂"
        tokens = json.loads(self.raw("/tokenize", {"prompt": text, "add_special_tokens": False}))
        assert tokens["count"] == len(tokens["tokens"]) > 0
        assert json.loads(self.raw("/detokenize", {"tokens": tokens["tokens"]}))["prompt"] == text

    # Chat

    def check_chat(self):
        reply = self.chat()
        choice = reply.choices[0]
        assert choice.message.role == "assistant" and isinstance(choice.message.content, str)
        assert choice.finish_reason in ("stop", "length"), choice.finish_reason
        usage = reply.usage
        assert usage.prompt_tokens > 0 and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
        assert usage.completion_tokens <= 24

    def check_greedy_chat_repeats_itself(self):
        assert self.chat().choices[0].message.content == self.chat().choices[0].message.content

    def check_same_seed_same_text(self):
        texts = {self.chat(temperature=1, seed=7).choices[0].message.content for _ in range(2)}
        assert len(texts) == 1, "the same seed gave two texts"

    def check_stream_equals_whole(self):
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        assert chunks[0].choices[0].delta.role == "assistant"
        assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text == self.chat().choices[0].message.content
        assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] != []
        assert len({chunk.id for chunk in chunks}) == 1

    def check_several_choices(self):
        reply = self.chat(n=3, temperature=1)
        assert [choice.index for choice in reply.choices] == [0, 1, 2]

    def check_stop_string(self):
        text = self.chat().choices[0].message.content
        word = text.split()[-1]
        reply = self.chat(stop=[word]).choices[0]
        assert word not in reply.message.content and reply.finish_reason == "stop"
        assert text.startswith(reply.message.content)

    def check_limit(self):
        reply = self.chat(max_tokens=1)
        assert reply.usage.completion_tokens == 1

    def check_logprobs(self):
        choice = self.chat(logprobs=True, top_logprobs=3).choices[0]
        entries = choice.logprobs.content
        assert entries and all(len(entry.top_logprobs) == 3 and entry.logprob <= 0 for entry in entries)
        assert all(entry.top_logprobs[0].logprob >= entry.top_logprobs[2].logprob for entry in entries)

    def check_conversation(self):
        messages = QUESTION + [{"role": "assistant", "content": "Paris."}, {"role": "user", "content": "And of Spain?"}]
        assert self.chat(messages=[{"role": "system", "content": "Be brief."}] + messages).choices

    def check_content_parts(self):
        parts = [{"type": "text", "text": "What is the capital"}, {"type": "text", "text": "of France?"}]
        assert self.chat(messages=[{"role": "user", "content": parts}]).choices

    # Forms

    def check_json_schema(self):
        reply = self.chat(
            max_tokens=100,
            response_format={"type": "json_schema", "json_schema": {"name": "trip", "schema": Trip.model_json_schema()}},
        )
        Trip.model_validate_json(reply.choices[0].message.content)
        assert reply.choices[0].finish_reason == "stop"

    def check_parsing_into_a_model(self):
        reply = self.client.chat.completions.parse(
            model=self.model, messages=QUESTION, max_tokens=100, response_format=Trip
        )
        assert isinstance(reply.choices[0].message.parsed, Trip)

    def check_json_object(self):
        choice = self.chat(max_tokens=200, response_format={"type": "json_object"}).choices[0]
        # A model with nothing to say may fill the object to the limit.
        assert choice.finish_reason == "length" or isinstance(json.loads(choice.message.content), dict)

    def check_choice_and_pattern(self):
        choice = self.chat(extra_body={"structured_outputs": {"choice": ["yes", "no"]}}).choices[0]
        assert choice.message.content in ("yes", "no"), choice.message.content
        pattern = self.chat(extra_body={"structured_outputs": {"regex": "[0-9]{4}-[0-9]{2}"}}).choices[0]
        assert len(pattern.message.content) == 7 and pattern.message.content[4] == "-"

    # Tools

    def check_auto_tools(self):
        try:
            reply = self.chat(tools=[WEATHER], max_tokens=64)
        except openai.BadRequestError as error:
            # A server without a tool parser says how to get one; that is as good an answer.
            assert "--enable-auto-tool-choice" in error.message, error.message
            self.has_auto_tools = False
            return
        message = reply.choices[0].message
        for call in message.tool_calls or []:
            json.loads(call.function.arguments)
        if reply.choices[0].finish_reason == "tool_calls":
            assert message.tool_calls
        else:
            assert message.content is not None or message.tool_calls

    def check_required_tools(self):
        choice = self.chat(tools=[WEATHER, PING], tool_choice="required", parallel_tool_calls=False, max_tokens=128).choices[0]
        assert choice.finish_reason == "tool_calls", choice.finish_reason
        assert len(choice.message.tool_calls) == 1 and not choice.message.content
        self.check_call(choice.message.tool_calls[0])

    def check_named_tool(self):
        named = {"type": "function", "function": {"name": "get_weather"}}
        choice = self.chat(tools=[WEATHER, PING], tool_choice=named, max_tokens=128).choices[0]
        assert choice.finish_reason == "stop", choice.finish_reason
        assert choice.message.tool_calls[0].function.name == "get_weather"
        self.check_call(choice.message.tool_calls[0])

    def check_streamed_tools(self):
        stream = self.chat(tools=[WEATHER], tool_choice="required", parallel_tool_calls=False, max_tokens=128, stream=True)
        name, identifier, arguments, reasons = None, None, "", []
        for chunk in stream:
            choice = chunk.choices[0]
            reasons += [choice.finish_reason] if choice.finish_reason else []
            for call in choice.delta.tool_calls or []:
                assert call.index == 0
                if call.id:
                    assert identifier is None and arguments == "", "a call may be opened once, before its arguments"
                    identifier, name = call.id, call.function.name
                arguments += call.function.arguments or ""
        assert name == "get_weather" and reasons == ["tool_calls"], (name, reasons)
        Trip.model_validate_json(arguments)

    def check_tool_results_go_back(self):
        call = {"id": "call_1", "type": "function", "function": {"name": "ping", "arguments": "{}"}}
        messages = QUESTION + [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": "pong"},
        ]
        assert self.chat(messages=messages).choices

    def check_call(self, call):
        assert call.type == "function" and call.id
        arguments = json.loads(call.function.arguments)
        if call.function.name == "get_weather":
            Trip.model_validate(arguments)
        else:
            assert call.function.name == "ping" and arguments == {}

    # Completions

    def check_completion(self):
        reply = self.complete()
        assert isinstance(reply.choices[0].text, str) and reply.usage.completion_tokens <= 12
        text = "".join(chunk.choices[0].text for chunk in self.complete(stream=True) if chunk.choices)
        assert text == reply.choices[0].text

    def check_completion_logprobs(self):
        logprobs = self.complete(logprobs=2, echo=True).choices[0].logprobs
        count = len(logprobs.tokens)
        assert len(logprobs.token_logprobs) == len(logprobs.top_logprobs) == len(logprobs.text_offset) == count
        assert logprobs.token_logprobs[0] is None and all(value <= 0 for value in logprobs.token_logprobs[1:])
        assert all(2 <= len(top) <= 3 for top in logprobs.top_logprobs[1:])

    def check_prompt_scoring(self):
        choice = self.complete(logprobs=1, echo=True, max_tokens=0).choices[0]
        assert choice.text == "Once upon a time"
        reply = self.complete(extra_body={"prompt_logprobs": 1})
        positions = reply.choices[0].model_extra["prompt_logprobs"]
        assert positions[0] is None and len(positions) == reply.usage.prompt_tokens

    def check_token_prompts(self):
        tokens = json.loads(self.raw("/tokenize", {"prompt": "Once upon a time"}))["tokens"]
        assert self.complete(prompt=tokens).choices[0].text == self.complete().choices[0].text
        several = self.complete(prompt=["Once upon a time", "The sky is"], n=2, temperature=1)
        assert [choice.index for choice in several.choices] == [0, 1, 2, 3]

    # Errors

    def refused(self, kind, field, call):
        try:
            call()
        except kind as error:
            assert field is None or (error.body or {}).get("param") == field, error.body
            return
        raise AssertionError(f"expected {kind.__name__}")

    def check_errors(self):
        bad = openai.BadRequestError
        self.refused(bad, "temperature", lambda: self.chat(temperature=-1))
        self.refused(bad, "stream_options", lambda: self.chat(stream_options={"include_usage": True}))
        self.refused(bad, "tools", lambda: self.chat(tools=[]))
        self.refused(bad, "tool_choice", lambda: self.chat(tool_choice="required"))
        self.refused(bad, "messages", lambda: self.chat(messages=[]))
        self.refused(bad, "max_tokens", lambda: self.chat(max_tokens=10_000_000))
        self.refused(bad, None, lambda: self.chat(messages=[{"role": "user", "content": "word " * 300_000}]))
        self.refused(bad, "suffix", lambda: self.complete(suffix="end"))
        impossible = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "integer", "enum": ["a"]}}}
        self.refused(bad, "response_format", lambda: self.chat(response_format=impossible))
        other = self.client.chat.completions
        self.refused(openai.NotFoundError, "model", lambda: other.create(model="no-such-model", messages=QUESTION))

    def check_wrong_key(self):
        if self.api_key == "none":
            return
        stranger = OpenAI(base_url=str(self.client.base_url), api_key="wrong", max_retries=0)
        self.refused(openai.AuthenticationError, None, lambda: list(stranger.models.list()))

    # Several clients

    def check_broken_off_stream(self):
        stream = self.chat(stream=True, max_tokens=400, extra_body={"ignore_eos": True})
        next(iter(stream))
        stream.close()
        assert self.chat(max_tokens=4).choices

    def check_many_clients(self):
        async def ask(number):
            reply = await self.asynchronous.chat.completions.create(
                model=self.model, messages=[{"role": "user", "content": f"Count to {number}."}], max_tokens=16, temperature=0
            )
            return reply.choices[0].message.content

        async def ask_all():
            return await asyncio.gather(*(ask(number) for number in range(8)))

        assert all(isinstance(text, str) for text in asyncio.run(ask_all()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url")
    parser.add_argument("model")
    parser.add_argument("--api-key", default="none")
    parser.add_argument("--only", default="", help="run only checks whose name contains this")
    options = parser.parse_args()
    checks = Checks(options.base_url, options.model, options.api_key)
    passed = failed = 0
    for name in [name for name in vars(Checks) if name.startswith("check_") and name != "check_call"]:
        if options.only not in name:
            continue
        try:
            getattr(checks, name)()
            passed += 1
            print("ok    ", name.removeprefix("check_").replace("_", " "))
        except Exception:
            failed += 1
            print("FAILED", name.removeprefix("check_").replace("_", " "))
            traceback.print_exc()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
