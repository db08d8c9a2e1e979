"""A chat model that tells a story of a minute, for measures that need her to speak for long.

It stands behind `--chat-model`. Small models end a story after a sentence or two, whatever the persona says.
"""

import http.server
import itertools
import json
import threading
import time

SENTENCES = """\
The old ship left the harbour before the sun had risen over the hills and nobody on the quay looked up from the nets.
Her captain had been told that the island was only a story and he meant to find out who had told it first.
For nine days the wind held steady from the west and the crew sang while they mended the sails and counted the birds.
On the tenth morning a boy in the rigging saw a thin line of smoke where the chart showed nothing but deep water.
They lowered the small boat and rowed towards it through a sea so still that the oars left rings behind them.
An old woman was waiting on the beach with a kettle on her fire and a chair set ready for every one of them.
She poured the tea and began to speak of a harbour and a ship and a captain who would not believe what he was told.
""".splitlines()


class Storyteller:
    """Serves on a free port of the loopback interface while it is open."""

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer("application/json", json.dumps({"data": [{"id": "storyteller", "object": "model"}]}).encode())

    def do_POST(self):
        try:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer("text/event-stream")
            for word in itertools.chain.from_iterable(line.split() for line in SENTENCES):
                self.tell({"choices": [{"index": 0, "delta": {"content": word + " "}, "finish_reason": None}]})
                time.sleep(0.01)
            self.tell({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            return  # she was interrupted

    def answer(self, kind, body=b""):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def tell(self, chunk):
        chunk |= {"id": "story", "object": "chat.completion.chunk", "created": 0, "model": "storyteller"}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_):
        pass
