"""A chat model for tests that does what it is told: "call NAME {arguments}" calls a tool, and a tool's answer is read out."""

import http.server
import json
import threading


class ScriptedBrain:
    """Serves the OpenAI API on a free port of the loopback interface while it is open; `asked` holds what it was asked."""

    def __enter__(self):
        self.asked = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads, self.server.brain = True, self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @staticmethod
    def reply(messages):
        last = messages[-1]
        if last["role"] == "tool":
            return {"content": f"The tool said: {last['content']}"}
        words = last["content"].rsplit("\n", 1)[-1]
        if words.startswith("call "):
            _, name, arguments = words.split(" ", 2)
            return {"tool_calls": [{"index": 0, "id": "call-1", "type": "function",
                                    "function": {"name": name, "arguments": arguments}}]}
        return {"content": "I heard you."}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer("application/json", json.dumps({"data": [{"id": "scripted", "object": "model"}]}))

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.brain.asked.append(request)
        delta = ScriptedBrain.reply(request["messages"])
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
        ends = {"index": 0, "delta": {}, "finish_reason": "tool_calls" if "tool_calls" in delta else "stop"}
        lines = [chunk | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}, chunk | {"choices": [ends]}]
        self.answer("text/event-stream", "".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n")

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), ("Connection", "close")]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
