"""Pictures of the page as it is with `annie up`: idle, listening, hearing, speaking and with a conversation; light and dark,
on a desk and on a phone. Into $PAGE_OUT.

Usage: screenshots.py PATH-TO-ANNIE
"""

import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "Tests/Interop/page"), str(ROOT / "Benchmarks/voice_measures")]

import server  # noqa: E402
import speech  # noqa: E402
from browser import microphone  # noqa: E402
from stand import DESKTOP, OUT, PHONE, chromium, open_page, shoot  # noqa: E402

LOOKS = [("desk-light", DESKTOP, "light"), ("desk-dark", DESKTOP, "dark"), ("phone-light", PHONE, "light"),
         ("phone-dark", PHONE, "dark")]
SAID = (3.0, "What is the capital of Italy?", 6.0, "Tell me something about the sea.", 60)


def take(page, look):
    """One conversation of two spoken turns."""
    page.wait_for_timeout(600)
    shoot(page, f"{look}-1-idle")
    page.click("#microphone")
    page.wait_for_selector("html[data-state=listening]")
    page.wait_for_timeout(800)
    shoot(page, f"{look}-2-listening")
    page.wait_for_selector(".yours.partial")
    page.wait_for_timeout(300)
    shoot(page, f"{look}-3-hearing")
    page.wait_for_selector("html[data-state=speaking]")
    page.wait_for_timeout(300)
    shoot(page, f"{look}-4-speaking")
    page.wait_for_selector(".yours:nth-of-type(3):not(.partial)", timeout=30_000)
    page.wait_for_selector("html[data-state=speaking]")
    page.wait_for_selector("html[data-state=listening]", timeout=60_000)
    page.locator(".hers .timing summary").last.click()
    page.wait_for_timeout(400)
    shoot(page, f"{look}-5-conversation")


def main():
    with tempfile.TemporaryDirectory() as folder, server.Server() as running:
        said = [speech.spoken(server.BINARY, part) if isinstance(part, str) else part for part in SAID]
        wav = microphone(pathlib.Path(folder) / "said.wav", *said)
        for look, viewport, scheme in LOOKS:
            with chromium(wav) as browser:
                page = open_page(browser, f"http://localhost:{running.port}/", viewport, scheme, is_raw=False,
                                 scale=1 if viewport is DESKTOP else 2)
                take(page, look)
        print(OUT)


if __name__ == "__main__":
    server.BINARY = pathlib.Path(sys.argv[1]).resolve()
    main()
