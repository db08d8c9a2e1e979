"""Pipecat's own page (its prebuilt Playground, from PyPI) talks with Annie: a third client that we did not write.

    Scripts/test-pipecat        (downloads pipecat-ai-prebuilt and sets this up)
    python pipecat_page.py PATH-TO-ANNIE PATH-TO-PIPECAT'S-DIST

As it comes, the page cannot work offline: on Connect it loads its microphone handling from c.daily.co. That one class is
put in its place when the page is served, by one that asks the browser for the microphone; all else is Pipecat's: the
WebRTC transport, the RTVI client, and what is shown. The page and Annie's endpoints come from one address, as with
Pipecat's runner.
"""

import asyncio
import mimetypes
import os
import pathlib
import re
import sys
import tempfile

import aiohttp
from aiohttp import web
from playwright.async_api import async_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "Tests/EndToEnd"), str(ROOT / "Benchmarks/voice_measures")]

import server  # noqa: E402
import speech  # noqa: E402
from browser import microphone  # noqa: E402

OUT = pathlib.Path(os.environ.get("PAGE_OUT", tempfile.gettempdir() + "/annie-page"))

#: What the page's transport asks of a microphone; whatever else it asks for is not there.
MICROPHONE = """
class BrowserMicrophone {
  async initialize() { this.stream ??= await navigator.mediaDevices.getUserMedia({ audio: true }); }
  async connect() { await this.initialize(); }
  async disconnect() { for (const track of this.stream?.getTracks() ?? []) track.stop(); this.stream = null; }
  tracks() { return { local: { audio: this.stream?.getAudioTracks()[0] } }; }
  async getAllMics() { return []; } async getAllCams() { return []; } async getAllSpeakers() { return []; }
  setUserAudioCallback() {} setClientOptions() {} updateMic() {} updateCam() {} updateSpeaker() {}
  enableMic() {} enableCam() {} enableScreenShare() {}
  get isMicEnabled() { return true; } get isCamEnabled() { return false; } get isSharingScreen() { return false; }
  get supportsScreenShare() { return false; } get selectedMic() { return {}; } get selectedCam() { return {}; }
  get selectedSpeaker() { return {}; }
}
"""
PLACE = re.compile(r"this\.mediaManager=\w+\.mediaManager\|\|new \w+\(")


def application(dist, annie):
    """Pipecat's page, and Annie behind it."""
    async def page(request):
        path = dist / (request.match_info["path"] or "index.html")
        if not path.is_file():
            raise web.HTTPNotFound()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix != ".js":
            return web.Response(body=path.read_bytes(), content_type=kind)
        text, count = PLACE.subn("this.mediaManager=new BrowserMicrophone(", path.read_text())
        return web.Response(text=text + (MICROPHONE if count else ""), content_type="text/javascript")

    async def forward(request):
        async with aiohttp.ClientSession() as session, session.request(
            request.method, annie + request.path_qs, data=await request.read(),
            headers={"Content-Type": "application/json"},
        ) as reply:
            return web.Response(status=reply.status, body=await reply.read(), content_type=reply.content_type)

    made = web.Application()
    for path in ("/start", "/api/offer", "/sessions/{rest:.*}", "/status"):
        made.router.add_route("*", path, forward)
    made.router.add_get("/client/{path:.*}", page)
    return made


async def talk(url, wav):
    """Connects, speaks, and returns what the page shows."""
    flags = ["--headless=new", "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
             f"--use-file-for-fake-audio-capture={wav}%noloop", "--autoplay-policy=no-user-gesture-required"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), headless=False, args=flags)
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        page.on("pageerror", lambda error: print("page:", error))
        outside = []
        page.on("request", lambda request: outside.append(request.url) if not request.url.startswith(
            (url, "data:", "blob:")) else None)
        await page.goto(url + "/client/")
        await page.get_by_role("button", name=re.compile("^connect$", re.I)).first.click()
        try:
            await page.get_by_text(re.compile("capital of italy", re.I)).first.wait_for(timeout=40_000)
            await page.wait_for_timeout(5000)
        finally:
            OUT.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=OUT / "pipecat.png")
            text = await page.inner_text("body")
            await browser.close()
        return text, outside


async def main(dist):
    with tempfile.TemporaryDirectory() as folder, server.Server() as annie:
        wav = microphone(pathlib.Path(folder) / "said.wav", 3, speech.spoken(server.BINARY, "What is the capital of Italy?"),
                         120)
        runner = web.AppRunner(application(dist, annie.url))
        await runner.setup()
        port = server.free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        text, outside = await talk(f"http://127.0.0.1:{port}", wav)
        await runner.cleanup()
    # Rome, or whatever a small model makes of it: words of hers after the question.
    after = text.lower().split("capital of italy", 1)[1]
    print("shown:", " | ".join(line for line in text.splitlines() if line.strip())[:600])
    print("asked for elsewhere:", sorted(set(outside)) or "nothing")
    if "ready" not in text.lower():
        sys.exit("the page never said that the bot was ready")
    if not re.search(r"[a-z]{3}", after):
        sys.exit("no answer of hers is shown")
    print("ok")


if __name__ == "__main__":
    server.BINARY = pathlib.Path(sys.argv[1]).resolve()
    asyncio.run(main(pathlib.Path(sys.argv[2]).resolve()))
