"""One growing conversation with an OpenAI-compatible server, and how long each turn waits for its first token."""
import json
import random
import re
import subprocess
import time
import urllib.request

WORDS = """river morning window garden letter winter silver basket village thunder candle market bridge orchard
lantern harbour meadow kitchen feather station blanket carpet pocket marble summer corner ladder needle shadow
ribbon mirror cellar pepper saddle anchor barrel button cottage ferry""".split()


def sentence(words, seed):
    """Nonsense of a known length: what is said does not matter to the clock."""
    source = random.Random(seed)
    return " ".join(source.choice(WORDS) for _ in range(words)) + "."


class Server:
    """A server process that is ready when its /health is."""

    def __init__(self, command, port, quiet=True):
        sink = subprocess.DEVNULL if quiet else None
        self.port = port
        self.process = subprocess.Popen(command, stdout=sink, stderr=sink)
        for _ in range(600):
            if self.process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with status {self.process.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as response:
                    if response.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{command[0]} was not ready within a minute")

    def peak_memory(self):
        """The process's largest resident size so far, in bytes."""
        return self._status("VmHWM")

    def memory(self):
        """The process's resident size, in bytes."""
        return self._status("VmRSS")

    def _status(self, name):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1024

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def turn(port, messages, reply_tokens):
    """Time to first token, the reply, and the usage of one request."""
    body = json.dumps({"messages": messages, "stream": True, "temperature": 0, "max_tokens": reply_tokens,
                       "ignore_eos": True, "stream_options": {"include_usage": True}, "cache_prompt": True})
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/chat/completions", body.encode(),
                                     {"Content-Type": "application/json"})
    began, first, text, usage = time.perf_counter(), None, "", {}
    with urllib.request.urlopen(request, timeout=120) as response:
        for line in response:
            if not line.startswith(b"data: {"):
                continue
            event = json.loads(line[6:])
            usage = event.get("usage") or usage
            for choice in event.get("choices", []):
                if piece := choice.get("delta", {}).get("content"):
                    first = first or time.perf_counter() - began
                    text += piece
    return first, text, usage


def converse(port, turns=20, reply_tokens=48, system_words=290, turn_words=48):
    """Twenty turns: about 360 tokens at first, 65 new ones a turn besides the reply, 2,400 at the end."""
    messages = [{"role": "system", "content": sentence(system_words, "system")}]
    rows = []
    for number in range(1, turns + 1):
        messages.append({"role": "user", "content": sentence(turn_words, number)})
        seconds, text, usage = turn(port, messages, reply_tokens)
        messages.append({"role": "assistant", "content": text})
        rows.append({"turn": number, "seconds": seconds, "prompt_tokens": usage.get("prompt_tokens")})
    return rows
