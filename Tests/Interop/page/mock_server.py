"""A companion of cardboard for working on the page: it serves Web/ and speaks the server's endpoints.

    python mock_server.py [--port 8080]

`POST /mock/set` changes how it behaves ({"token", "missing", "offer_error", "chat_error", "deaf", "forget_sessions"}),
`POST /mock/drop` cuts every call, `GET /mock/state` says what has arrived.
"""

import argparse
import asyncio
import contextlib
import json
import time
import uuid
from pathlib import Path

from aiohttp import web

import script
from mock_call import MockCall

WEB = Path(__file__).resolve().parents[3] / "Web"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"


class Companion:
    """The state behind the endpoints."""

    def __init__(self):
        now = time.time()
        self.sessions, self.facts, self.notes = script.sessions(now), script.facts(now), script.notes(now)
        self.calls = {}
        self.turn = 0
        self.behaviour = {"token": None, "missing": [], "offer_error": None, "chat_error": None, "deaf": False}
        self.offers = []

    def peek_turn(self):
        return script.TURNS[self.turn % len(script.TURNS)]

    def next_turn(self):
        turn = self.peek_turn()
        self.turn += 1
        return turn

    def open_session(self, identifier=None):
        identifier = identifier or f"s-{uuid.uuid4().hex[:8]}"
        return self.sessions.setdefault(identifier, script.session(identifier, "", time.time(), []))["id"]

    def record(self, identifier, role, content, interrupted=False):
        session = self.sessions[self.open_session(identifier)]
        session["messages"].append({"id": len(session["messages"]) + 1, "role": role, "content": content,
                                    "date": script.iso(time.time()), "interrupted": interrupted})
        session["title"] = session["title"] or content
        session["updated_at"] = script.iso(time.time())


def problem(status, message, **more):
    return web.json_response({"error": {"message": message, **more}}, status=status)


@web.middleware
async def guard(request, handler):
    companion = request.app["companion"]
    token = companion.behaviour["token"]
    is_api = request.path.startswith(("/v1", "/api", "/start"))
    if is_api and token and request.headers.get("Authorization") != f"Bearer {token}":
        return problem(401, "This server wants a token.")
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
    return response


async def status(request):
    behaviour = request.app["companion"].behaviour
    missing = behaviour["missing"]
    return web.json_response({
        "persona": {"name": "Annie", "greeting": "Hello. What shall we talk about?"}, "model": "smollm2-135m-nvfp4",
        "voice": {"hearing": not any(part["part"] == "speech to text" for part in missing),
                  "speaking": not any(part["part"] == "voice" for part in missing), "missing": missing},
        "version": "0.3.0", "needs_token": behaviour["token"] is not None})


async def start(request):
    return web.json_response({"sessionId": request.app["companion"].open_session()})


async def offer(request):
    companion = request.app["companion"]
    body = await request.json()
    companion.offers.append({key: body.get(key) for key in ("pc_id", "restart_pc", "request_data")})
    if companion.behaviour["offer_error"]:
        return problem(503, companion.behaviour["offer_error"])
    session = (body.get("request_data") or {}).get("session_id")
    if session and session not in companion.sessions:
        return problem(404, "No such session.")
    known = companion.calls.get(body.get("pc_id"))
    if known and not body.get("restart_pc"):
        return problem(409, "This mock cannot restart ICE on a connection.")
    if body.get("pc_id") and not known:
        return problem(404, "No such connection.")
    if known:
        await known.close()
    identifier = body.get("pc_id") or f"pc-{uuid.uuid4().hex[:8]}"
    call = companion.calls[identifier] = MockCall(identifier, companion, companion.open_session(session))
    answer = await call.answer(body["sdp"], body["type"])
    return web.json_response({"sdp": answer.sdp, "type": answer.type, "pc_id": identifier})


async def candidates(request):
    # The browser's own checks reach this machine; its candidates are not needed.
    body = await request.json()
    if body["pc_id"] not in request.app["companion"].calls:
        return problem(404, "No such connection.")
    return web.json_response({"status": "success"})


async def chat(request):
    companion = request.app["companion"]
    body = await request.json()
    if companion.behaviour["chat_error"]:
        return problem(503, companion.behaviour["chat_error"])
    if body.get("session_id") and body["session_id"] not in companion.sessions:
        return problem(404, "No such session.")
    session = companion.open_session(body.get("session_id"))
    companion.record(session, "user", body["message"])
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)

    async def send(event, data):
        await response.write(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())

    with contextlib.suppress(ConnectionResetError):  # the page may stop the reply
        await play(body["message"], send, companion, session)
    return response


async def play(message, send, companion, session):
    """Writes the events of one typed turn."""
    await send("session", {"session_id": session})
    _, tools, reply = next(turn for turn in script.TYPED if turn[0] in message.lower())
    for tool in tools:
        about = {"id": uuid.uuid4().hex[:8], "name": tool["name"], "arguments": json.dumps(tool["arguments"])}
        await send("tool", {"phase": "started", **about})
        await asyncio.sleep(tool["seconds"])
        await send("tool", {"phase": "finished", **about, "result": tool["result"], "is_error": tool.get("is_error", False)})
    if "void" in message:
        await send("text", {"delta": "spoiled spoiled spoiled"})
        await send("restarted", {})
    for word in reply.split(" "):
        await asyncio.sleep(0.03)
        await send("text", {"delta": word + " "})
        if "cut" in message:
            return
    companion.record(session, "assistant", reply)
    await send("done", {"text": reply, "timings": {
        "first_token": 84, "first_clause": 190, "total": 84 + 31 * len(reply.split()), "prompt_tokens": 412,
        "cached_tokens": 380, "completion_tokens": len(reply.split())}})


async def sessions(request):
    rows = [{**{key: value for key, value in session.items() if key != "messages"},
             "turn_count": sum(message["role"] == "user" for message in session["messages"])}
            for session in request.app["companion"].sessions.values()]
    return web.json_response({"sessions": sorted(rows, key=lambda row: row["updated_at"], reverse=True)})


async def session(request):
    found = request.app["companion"].sessions.get(request.match_info["id"])
    return web.json_response(found) if found else problem(404, "No such session.")


async def delete_session(request):
    found = request.app["companion"].sessions.pop(request.match_info["id"], None)
    return web.Response(status=204) if found else problem(404, "No such session.")


async def memory(request):
    query = request.query.get("query", "").lower()
    return web.json_response({"facts": [fact for fact in request.app["companion"].facts if query in fact["text"].lower()]})


async def notes(request):
    return web.json_response({"notes": request.app["companion"].notes})


def delete_from(name):
    async def delete(request):
        rows = getattr(request.app["companion"], name)
        rows[:] = [row for row in rows if str(row["id"]) != request.match_info["id"]]
        return web.Response(status=204)
    return delete


async def set_behaviour(request):
    companion = request.app["companion"]
    changes = await request.json()
    if changes.pop("forget_sessions", False):
        companion.sessions.clear()
    companion.behaviour.update(changes)
    return web.json_response(companion.behaviour)


async def drop(request):
    companion = request.app["companion"]
    for call in companion.calls.values():
        await call.close()
    if (await request.text()) == "forget":
        companion.calls.clear()
    return web.Response(status=204)


async def state(request):
    companion = request.app["companion"]
    received = [text for call in companion.calls.values() for text in call.received]
    return web.json_response({"offers": companion.offers, "received": received, "sessions": list(companion.sessions)})


async def index(request):
    return web.FileResponse(WEB / "index.html")


def application():
    """The mock, ready to be run."""
    app = web.Application(middlewares=[guard])
    app["companion"] = Companion()
    app.add_routes([
        web.get("/", index), web.get("/v1/status", status), web.post("/start", start), web.post("/api/offer", offer),
        web.patch("/api/offer", candidates), web.post("/v1/chat", chat), web.get("/v1/sessions", sessions),
        web.get("/v1/sessions/{id}", session), web.delete("/v1/sessions/{id}", delete_session),
        web.get("/v1/memory", memory), web.delete("/v1/memory/{id}", delete_from("facts")),
        web.get("/v1/notes", notes), web.delete("/v1/notes/{id}", delete_from("notes")),
        web.post("/mock/set", set_behaviour), web.post("/mock/drop", drop), web.get("/mock/state", state),
        web.static("/", WEB),
    ])
    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    web.run_app(application(), host="127.0.0.1", port=parser.parse_args().port, print=None)
