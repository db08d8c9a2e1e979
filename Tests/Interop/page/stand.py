"""Where the page is tried: the mock server as a child process, and headless Chromium with a wav for a microphone."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from sound import write_microphone

HERE = Path(__file__).resolve().parent
OUT = Path(os.environ.get("PAGE_OUT", tempfile.gettempdir() + "/annie-page"))
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
#: One spoken turn, then quiet.
ONE_TURN = [(0.8, False), (2.6, True), (60, False)]


class Mock:
    """The mock server, started on a port of its own."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}/"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([sys.executable, HERE / "mock_server.py", "--port", str(self.port)])
        for _ in range(100):
            with contextlib.suppress(OSError):
                self.ask("mock/state")
                return
            time.sleep(0.1)
        raise RuntimeError("the mock server did not come up")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def ask(self, path, body=None):
        data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data), timeout=10) as response:
            text = response.read()
        return json.loads(text) if text else None

    def set(self, **behaviour):
        return self.ask("mock/set", behaviour)

    def drop(self, forget=False):
        self.ask("mock/drop", "forget" if forget else "")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def chromium(microphone=ONE_TURN, allowed=True, flags=()):
    """A browser whose microphone plays `microphone`, a pattern or a file; `allowed` answers its question."""
    folder = Path(tempfile.mkdtemp(prefix="annie-page-"))
    wav = folder / "microphone.wav"
    if isinstance(microphone, Path):
        shutil.copyfile(microphone, wav)
    else:
        write_microphone(wav, microphone)
    flags = [*flags, "--headless=new", "--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream",
             f"--use-file-for-fake-audio-capture={wav}%noloop", "--autoplay-policy=user-gesture-required"]
    flags.append("--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), headless=False, args=flags)
        try:
            yield browser
        finally:
            browser.close()
            shutil.rmtree(folder, ignore_errors=True)


#: Keeps the page's peer connections where a test can ask them for statistics.
PREPARATION = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...values) { super(...values); window.connections.push(this); }
};
"""
#: Takes the microphone as it is.
RAW_MICROPHONE = """
// A hum is no speech to the browser's noise suppression, and while she speaks an echo to its canceller.
const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (open) {
  navigator.mediaDevices.getUserMedia = () => (
    open({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } }));
}
"""


def open_page(browser, url, viewport=DESKTOP, scheme="light", is_raw=True, scale=2, **options):
    """A page, with what went wrong in it gathered in `page.problems`."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=scale, locale="en-GB",
                                  timezone_id="Europe/Rome", **options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.add_init_script(PREPARATION + (RAW_MICROPHONE if is_raw else ""))
    page.goto(url)
    return page


def heard_energy(page):
    """How much sound of hers has reached the page, over all connections."""
    return page.evaluate("""async () => {
      let energy = 0;
      for (const connection of window.connections) {
        for (const report of (await connection.getStats()).values()) {
          if (report.type === "inbound-rtp" && report.kind === "audio") energy += report.totalAudioEnergy ?? 0;
        }
      }
      return energy;
    }""")


def shoot(page, name):
    """Keeps a picture."""
    OUT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=OUT / f"{name}.png")
