"""llama.cpp runs what `annie export` writes, and says greedily what `annie serve` says.

Prompts are those that `annie evaluate` sends in the project's own scenarios: with the companion's system prompt, her tools,
earlier turns and results of tools. llama.cpp renders and tokenises them by what stands in the exported file, and must come
to the same tokens. Both programs then continue the same tokens, in three precisions:

exact   the exported NVFP4 weights multiplied in fp32 by both (llama.cpp's file unpacked by its own llama-quantize)
bf16    the same weights rounded to bf16, by `annie import` and `annie export`
nvfp4   as both are used: `annie serve` with inputs in int8, llama.cpp with the exported file and inputs in its Q8_0

A parting is a near-tie when its gap is within the precision's noise. The gap is how far the two programs together
prefer their own candidate to the other's, in nats: their disagreement on one difference of logits. The same disagreement,
on the leading two candidates, is measured wherever both still agree: that is the noise, between the two programs, and of
each from exact arithmetic.
"""

import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))
import conversation  # noqa: E402
import llama_cpp  # noqa: E402
from recorded_prompts import call, free_port, recorded, varied  # noqa: E402

CACHE = pathlib.Path(os.environ.get("ANNIE_CACHE") or pathlib.Path.home() / ".cache/annie")
CANDIDATES = 10
# The largest gap of a near-tie, in nats, and the share of replies that must be alike. The most that the programs disagreed
# where they chose the same (Annie, 40 prompts, 790 to 798 tokens) was 0.0004, 0.35 and 2.04 nats.
BOUNDS = {"exact": (0.001, 1.0), "bf16": (0.35, 0.9), "nvfp4": (1.75, 0.6)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annie", type=pathlib.Path, help="the program")
    parser.add_argument("--model", default="annie", help="a model in NVFP4: a directory or a name")
    parser.add_argument("--llama-bin", type=pathlib.Path, help="a folder with llama-server and llama-quantize")
    parser.add_argument("--precision", action="append", choices=list(BOUNDS), help="only this; may be given again")
    parser.add_argument("--prompts", type=int, default=40)
    parser.add_argument("--tokens", type=int, default=64, help="the longest reply")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=pathlib.Path, help="a file for everything that was measured, as JSON")
    return parser.parse_args()


# ---- The two programs

class Program(conversation.Server):
    """A server of ours or of llama.cpp's that continues tokens."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Annie(Program):
    def __init__(self, options, model, *words):
        port = free_port()
        super().__init__([options.annie, "serve", str(model), "--port", str(port), "--log-level", "error",
                          "--threads", str(options.threads), *words], port)

    def tokens(self, chat):
        fields = {"messages": chat["messages"], "tools": chat.get("tools"), "add_generation_prompt": True}
        return call(self.port, "/tokenize", fields)["tokens"]

    def reply(self, tokens, length):
        """Each position's token, and the leading candidates with their log-probabilities, likeliest first."""
        choice = call(self.port, "/v1/completions", {
            "prompt": tokens, "max_tokens": length, "temperature": 0, "logprobs": CANDIDATES,
            "return_token_ids": True, "return_tokens_as_token_ids": True})["choices"][0]
        number = lambda name: int(name.removeprefix("token_id:"))  # noqa: E731
        logprobs = choice["logprobs"]
        return [(number(name), sorted(((number(key), value) for key, value in top.items()), key=lambda pair: -pair[1]))
                for name, top in zip(logprobs["tokens"], logprobs["top_logprobs"])], choice["finish_reason"]


class Llama(Program):
    def __init__(self, options, file, *words):
        port = free_port()
        super().__init__([options.llama_bin / "llama-server", "-m", file, "--port", str(port), "--parallel", "1",
                          "-c", "4096", "-t", str(options.threads), "--jinja", *words], port)

    def tokens(self, chat):
        text = call(self.port, "/apply-template", {name: chat[name] for name in ("messages", "tools") if name in chat})
        return call(self.port, "/tokenize", {"content": text["prompt"], "add_special": True,
                                             "parse_special": True})["tokens"]

    def reply(self, tokens, length):
        choice = call(self.port, "/v1/completions", {
            "prompt": tokens, "max_tokens": length, "temperature": 0, "logprobs": CANDIDATES,
            "cache_prompt": True})["choices"][0]
        return [(entry["id"], [(each["id"], each["logprob"]) for each in entry["top_logprobs"]])
                for entry in choice["logprobs"]["content"]], choice["finish_reason"]


# ---- What is compared

def prepared(options, folder):
    """The command lines' endings of both programs, by precision."""
    def run(*command):
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"{command[0]} {command[1]} ended with status {result.returncode}:\n{result.stderr[-2000:]}")

    names = {name: folder / f"{name}.gguf" for name in ("nvfp4", "whole", "exact", "bf16")}
    run(options.annie, "export", options.model, "-o", names["nvfp4"])
    run(options.annie, "export", options.model, "--dense", "bf16", "-o", names["whole"])
    run(options.llama_bin / "llama-quantize", "--allow-requantize", names["whole"], names["exact"], "F32")
    run(options.annie, "import", names["whole"], "-o", folder / "dense")
    run(options.annie, "export", folder / "dense", "--dense", "bf16", "-o", names["bf16"])
    exact = ["-ctk", "f32", "-ctv", "f32", "-fa", "off"]
    return {
        "exact": ([options.model, "--dtype", "float32"], [names["exact"], *exact]),
        "bf16": ([folder / "dense"], [names["bf16"], "-ctk", "bf16", "-ctv", "bf16"]),
        "nvfp4": ([options.model], [names["nvfp4"]]),
    }


def gap(ours, theirs):
    """How much the two disagree on the difference between their own candidates; None if one does not name the other's."""
    (a, candidates), (b, others) = ours, theirs
    candidates, others = dict(candidates), dict(others)
    if b not in candidates or a not in others:
        return None
    return (candidates[a] - candidates[b]) + (others[b] - others[a])


def noise(ours, theirs):
    """The disagreement on the difference between our leading two candidates."""
    (first, one), (second, two) = ours[1][:2]
    others = dict(theirs[1])
    if first not in others or second not in others:
        return None
    return abs((one - two) - (others[first] - others[second]))


def compared(ours, theirs):
    """Where two replies part, if they do, with the candidates' margins; and the noise before."""
    (mine, ending), (other, other_ending) = ours, theirs
    found = {"length": len(mine), "noise": []}
    for index, (one, two) in enumerate(zip(mine, other)):
        if one[0] != two[0]:
            return found | {"parts_at": index, "gap": gap(one, two), "ours": one, "theirs": two}
        value = noise(one, two)
        if value is not None:
            found["noise"].append(value)
    if len(mine) != len(other) or ending != other_ending:
        return found | {"parts_at": min(len(mine), len(other)), "gap": None,
                        "endings": [ending, other_ending], "lengths": [len(mine), len(other)]}
    return found


def spread(rows):
    values = sorted(value for row in rows for value in row["noise"])
    most = values[min(len(values) - 1, int(0.99 * len(values)))]
    return f"{statistics.median(values):.4f} nats (median), {most:.4f} (99 %), {values[-1]:.4f} (most)"


def report(name, rows, bound, share):
    """A summary on standard output; whether all is well."""
    parted = [(number, row) for number, row in enumerate(rows, 1) if "parts_at" in row]
    alike = len(rows) - len(parted)
    print(f"\n{name}: {alike} of {len(rows)} replies are the same, token by token "
          f"({sum(row['length'] for row in rows)} tokens)")
    print(f"  noise where both agree: {spread(rows)}")
    wide = 0
    for number, row in parted:
        if row["gap"] is None or row["gap"] > bound:
            wide += 1
        if row["gap"] is None:
            print(f"  prompt {number}: parts at token {row['parts_at']}, not at a near-tie: {row}")
            continue
        (a, candidates), (b, others) = row["ours"], row["theirs"]
        candidates, others = dict(candidates), dict(others)
        print(f"  prompt {number}: parts at token {row['parts_at']}: ours leads by {candidates[a] - candidates[b]:.4f},"
              f" theirs by {others[b] - others[a]:.4f}: {'near-tie' if row['gap'] <= bound else 'NO NEAR-TIE'}")
    enough = alike >= share * len(rows)
    if wide:
        print(f"  FAILED: {wide} part further than {bound} nats")
    if not enough:
        print(f"  FAILED: {share:.0%} must be the same")
    return enough and not wide


def main():
    options = arguments()
    # Asked to stop, it stops the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options.annie = options.annie.resolve()
    options.llama_bin = options.llama_bin or llama_cpp.binaries(CACHE)
    print(f"{options.model} beside {llama_cpp.version(options.llama_bin)}")
    with tempfile.TemporaryDirectory() as scratch:
        settings = prepared(options, pathlib.Path(scratch))
        with Annie(options, options.model) as annie, Llama(options, *settings["nvfp4"][1]) as llama:
            chats = varied(recorded(options.annie, ROOT, annie.port), options.prompts)
            prompts = [annie.tokens(chat) for chat in chats]
            others = [number for number, (chat, tokens) in enumerate(zip(chats, prompts), 1)
                      if llama.tokens(chat) != tokens]
        calls = sum(any(message["role"] == "tool" for message in chat["messages"]) for chat in chats)
        print(f"{len(prompts)} prompts of {min(map(len, prompts))} to {max(map(len, prompts))} tokens, {calls} of them "
              f"with results of tools; llama.cpp's template and tokenizer come to the same tokens in "
              f"{len(prompts) - len(others)}" + (f" (not in {others})" if others else ""))
        replies, passes = {}, not others and len(prompts) >= min(20, options.prompts)
        for name in options.precision or BOUNDS:
            ours, theirs = settings[name]
            with Annie(options, *ours) as annie, Llama(options, *theirs) as llama:
                replies[name] = []
                for number, tokens in enumerate(prompts, 1):
                    print(f"{name}: prompt {number} of {len(prompts)}", file=sys.stderr)
                    replies[name].append((annie.reply(tokens, options.tokens), llama.reply(tokens, options.tokens)))
            passes = report(name, [compared(*pair) for pair in replies[name]], *BOUNDS[name]) and passes
            if name != "exact" and "exact" in replies:
                for side, program in enumerate(("Annie", "llama.cpp")):
                    pairs = zip(replies["exact"], replies[name])
                    print(f"  {program} from exact arithmetic: "
                          f"{spread([compared(exact[0], other[side]) for exact, other in pairs])}")
    if options.output:
        options.output.write_text(json.dumps({"prompts": chats, "replies": replies}))
    sys.exit(0 if passes else 1)


main()
