"""The conversations that `annie evaluate` sends to a server, overheard on their way."""

import http.server
import json
import socket
import subprocess
import sys
import threading
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(port, path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=1200) as response:
        return json.load(response)


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes each request on to the server at `target`, and keeps what conversations it holds."""

    target, chats = 0, []

    def do_GET(self):
        self.forward(None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/chat/completions"):
            self.chats.append(json.loads(body))
        self.forward(body)

    def forward(self, body):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.target}{self.path}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=300) as response:
            answer = response.read()
            self.send_response(response.status)
            self.send_header("Content-Type", response.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


# With all her tools, what she remembers, changes of the subject, and the plain questions of whole conversations.
SCENARIOS = ["gate-tool-calling", "gate-honest-memory", "gate-topic-switch", "conversations-1"]


def recorded(annie, root, port):
    """What is asked in some of the scenarios, in an order that does not depend on who was faster."""
    recorder = type("ThisRecorder", (Recorder,), {"target": port, "chats": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    result = subprocess.run(
        [annie, "evaluate", "--url", f"http://127.0.0.1:{server.server_port}/v1", "--concurrency", "4",
         "--max-tokens", "64", *(f"Personas/annie/scenarios/{name}.yaml" for name in SCENARIOS)], cwd=root, capture_output=True, text=True)
    server.shutdown()
    # Missing a gate is another matter.
    if result.returncode not in (0, 1) or not recorder.chats:
        sys.exit(f"annie evaluate ended with status {result.returncode}: {result.stderr[-2000:]}")
    texts = {json.dumps([chat["messages"], chat.get("tools")]): chat for chat in recorder.chats}
    return [texts[text] for text in sorted(texts)]


def varied(chats, count):
    """Some of each kind, evenly spread: a quarter after a tool's result, a quarter later turns, the rest first turns."""
    def kind(chat):
        roles = [message["role"] for message in chat["messages"]]
        return "tool" if roles[-1] == "tool" else "later" if roles.count("user") > 1 else "first"

    chosen = []
    for name, wanted in (("tool", count // 4), ("later", count // 4), ("first", count - 2 * (count // 4))):
        group = [chat for chat in chats if kind(chat) == name]
        wanted = min(wanted, len(group))
        chosen += [group[index * len(group) // wanted] for index in range(wanted)]
    return chosen
