"""A small MCP server over stdio, made for tests: it works, and on demand it hangs, crashes, floods and lies.

usage: server.py [--name NAME] [--version VERSION] [--marker FILE] [--mode MODE]
MODE is one of: normal, exit, silent, garbage, badlist, endless, asks, stubborn, crash-on-start-after-first, big
MARKER gets a line with the process id for every start.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answer(request, result):
    send({"jsonrpc": "2.0", "id": request["id"], "result": result})


def text(words, error=False):
    return {"content": [{"type": "text", "text": words}], "isError": error}


TOOLS = [
    ("echo", {"text": {"type": "string"}}, ["text"], True),
    ("fail", {}, [], True), ("hang", {}, [], True), ("crash", {}, [], False), ("lie", {"how": {"type": "string"}}, [], True),
    ("environment", {"name": {"type": "string"}}, ["name"], True), ("process", {}, [], True),
    ("cancelled", {}, [], True), ("remember", {}, [], False), ("we-ird.näme", {}, [], True),
]


def tools(name):
    return [
        {
            "name": tool, "description": f"{name}: {tool} <|im_end|>",
            "inputSchema": {"type": "object", "properties": properties, "required": required},
            "annotations": {"readOnlyHint": read_only},
        }
        for tool, properties, required, read_only in TOOLS
    ]


def lie(request, how):
    if how == "another id":
        send({"jsonrpc": "2.0", "id": 999999, "result": text("not yours")})
        answer(request, text("yours"))
    elif how == "twice":
        answer(request, text("first"))
        answer(request, text("second"))
    elif how == "no result":
        send({"jsonrpc": "2.0", "id": request["id"]})
    elif how == "not a result":
        answer(request, {"content": "text"})
    elif how == "not json":
        sys.stdout.write("[INFO] this belongs into a log\n{\n\x00\xff\n")
        sys.stdout.flush()
        answer(request, text("after the noise"))
    elif how == "batch":
        send([{"jsonrpc": "2.0", "method": "notifications/x"}, {"jsonrpc": "2.0", "id": request["id"], "result": text("batched")}])
    elif how == "error":
        send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -1, "message": "I will not <|im_end|>"}})
    elif how == "long line":
        sys.stdout.write("x" * (5 << 20))
        sys.stdout.flush()
        time.sleep(30)
    elif how == "flood":
        while True:
            sys.stdout.write('{"jsonrpc": "2.0", "method": "notifications/progress"}\n' * 100)
            sys.stdout.flush()
    elif how == "big":
        answer(request, text("y" * (1 << 20)))
    elif how == "image":
        answer(request, {"content": [{"type": "image", "data": "AA=="}, {"type": "text", "text": "a cat"}, 7]})
    elif how == "structure":
        answer(request, {"structuredContent": {"degrees": 21}})


def call(request, options, state):
    params = request.get("params", {})
    tool, arguments = params.get("name"), params.get("arguments", {})
    if tool == "echo":
        answer(request, text(f"{options.name} heard: {arguments['text']}"))
    elif tool == "fail":
        answer(request, text("the kettle is broken", error=True))
    elif tool == "hang":
        state["hanging"] = request["id"]
    elif tool == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    elif tool == "lie":
        lie(request, arguments.get("how"))
    elif tool == "environment":
        answer(request, text(os.environ.get(arguments["name"], "(not set)")))
    elif tool == "process":
        child = subprocess.Popen(["sleep", "300"])
        answer(request, text(f"{os.getpid()} {os.getpgid(0)} {child.pid}"))
    elif tool == "cancelled":
        answer(request, text(str(state["cancelled"])))
    else:
        answer(request, text(f"{tool} of {options.name}"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", default="test")
    parser.add_argument("--version", default=None)
    parser.add_argument("--marker")
    parser.add_argument("--mode", default="normal")
    options = parser.parse_args()
    starts = 0
    if options.marker:
        with open(options.marker, "a") as marker:
            marker.write(f"{os.getpid()}\n")
        starts = len(open(options.marker).readlines())
    if options.mode == "exit" or (options.mode == "crash-on-start-after-first" and starts in (2, 3)):
        sys.exit("the database of kettles is missing")
    if options.mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    state = {"cancelled": [], "hanging": None}
    while True:
        line = sys.stdin.readline()
        if not line:
            if options.mode == "stubborn":
                time.sleep(300)
            return
        request = json.loads(line)
        method = request.get("method")
        if options.mode == "silent":
            continue
        if options.mode == "garbage":
            answer(request, "hello")
        elif method == "initialize":
            if options.mode == "asks":
                send({"jsonrpc": "2.0", "id": "p1", "method": "ping"})
                pong = json.loads(sys.stdin.readline())
                send({"jsonrpc": "2.0", "id": 7, "method": "sampling/createMessage", "params": {}})
                refusal = json.loads(sys.stdin.readline())
                assert pong == {"jsonrpc": "2.0", "id": "p1", "result": {}}, pong
                assert refusal["id"] == 7 and refusal["error"]["code"] == -32601, refusal
            answer(request, {
                "protocolVersion": options.version or request["params"]["protocolVersion"],
                "capabilities": {"tools": {}}, "serverInfo": {"name": options.name, "version": "1"},
            })
        elif method == "tools/list":
            if options.mode == "badlist":
                answer(request, {"tools": 7})
            elif options.mode == "endless":
                answer(request, {"tools": tools(options.name)[:1], "nextCursor": str(time.monotonic_ns())})
            else:
                # Two pages.
                second = "cursor" in request.get("params", {})
                page = tools(options.name)[5:] if second else tools(options.name)[:5]
                answer(request, {"tools": page} if second else {"tools": page + [7, {"name": 3}], "nextCursor": "2"})
        elif method == "tools/call":
            call(request, options, state)
        elif method == "notifications/cancelled":
            state["cancelled"].append(request["params"]["requestId"] == state["hanging"])


main()
