"""Measures the voice companion from outside: starts `annie up`, calls it by WebRTC, speaks, and listens.

    Scripts/measure-voice NAME [--json FILE] [options]      Scripts/measure-voice NAME --help
"""

import argparse
import asyncio
import importlib
import json
import pathlib

MEASURES = {
    "latency": "end of speech → first audible packet",
    "barge-in": "onset of speech → her last audible packet",
    "idle": "processor time of a call in which nobody speaks",
    "together": "three callers at once: gaps in anyone's sound",
    "sessions": "200 calls in a row: memory, descriptors, threads",
    "bad-line": "transcripts with 20 %% packet loss and 100 ms of jitter",
    "worker": "the speech worker is killed in the midst of a call",
    "monologue": "five minutes without a pause",
}


def main():
    parser = argparse.ArgumentParser(
        prog="Scripts/measure-voice", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    modules = {}
    for name, text in MEASURES.items():
        modules[name] = importlib.import_module(name.replace("-", "_"))
        one = names.add_parser(name, help=text, description=modules[name].__doc__,
                               formatter_class=argparse.RawDescriptionHelpFormatter)
        one.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write the figures there")
        modules[name].arguments(one)
    options = parser.parse_args()
    report = asyncio.run(modules[options.name].run(options))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
