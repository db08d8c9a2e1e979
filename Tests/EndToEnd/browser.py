"""The page in headless Chromium against `annie up` itself: somebody speaks, is understood, answered aloud, breaks in,
reloads, and meets what can go wrong.

Usage: browser.py PATH-TO-ANNIE [unittest arguments]     (Scripts/test-page sets it up)

Pictures of each test's end go to $PAGE_OUT.
"""

import json
import os
import pathlib
import re
import sys
import tempfile
import unittest
import wave

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "Tests/Interop/page"), str(ROOT / "Benchmarks/voice_measures")]

import server  # noqa: E402
import speech  # noqa: E402
from caller import RATE  # noqa: E402
from stand import chromium, heard_energy, open_page, shoot  # noqa: E402
from storyteller import Storyteller  # noqa: E402

#: Writes down each 10 ms how loud the microphone and she are, as [milliseconds, microphone, she].
LISTEN = """
() => {
  const connection = window.connections.at(-1);
  const context = new AudioContext();
  const tap = (track) => {
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    return () => {
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    };
  };
  const microphone = tap(connection.getSenders()[0].track), she = tap(connection.getReceivers()[0].track);
  window.levels = [];
  setInterval(() => window.levels.push([performance.now(), microphone(), she()]), 10);
}
"""


def microphone(path, *parts):
    """A wav for the browser: numbers are seconds of near silence, the rest is said."""
    noise = np.random.default_rng(1)
    samples = np.concatenate([part if isinstance(part, np.ndarray) else noise.normal(0, 0.0004, int(part * RATE))
                              for part in parts])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())
    return path


def turns(messages):
    """The roles that open and end each turn: whether she calls a tool in between is the model's own affair."""
    starts = [place for place, message in enumerate(messages) if message["role"] == "user"]
    return [(messages[start]["role"], messages[end - 1]["role"])
            for start, end in zip(starts, starts[1:] + [len(messages)])]


class BrowserTest(unittest.TestCase):
    """A server and a browser of its own; nothing in the page's console may be an error that was not provoked."""

    arguments, key, said, allowed, provoked = (), None, (60,), True, ()

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="annie-browser-")))
        self.server = self.enterContext(server.Server(*self.arguments, key=self.key))
        said = [speech.spoken(server.BINARY, part) if isinstance(part, str) else part for part in self.said]
        wav = microphone(self.folder / "said.wav", *said)
        self.browser = self.enterContext(chromium(wav, self.allowed))
        self.page = None

    def open(self, path="", **options):
        self.page = open_page(self.browser, f"http://localhost:{self.server.port}/{path}", is_raw=False, **options)
        return self.page

    def tearDown(self):
        if self.page and not self.page.is_closed():
            shoot(self.page, f"real-{self._testMethodName}")
            problems = [one for one in self.page.problems if not any(re.search(known, one) for known in self.provoked)]
            self.assertEqual(problems, [])

    def state(self, name):
        self.page.wait_for_selector(f"html[data-state={name}]")

    def kept(self):
        """Sessions in which something was said, with their messages."""
        sessions = json.loads(self.server.request("GET", "/v1/sessions")[1])["sessions"]
        return [json.loads(self.server.request("GET", f"/v1/sessions/{one['id']}")[1])
                for one in sessions]


class Spoken(BrowserTest):
    said = (1.5, "What is the capital of Italy?", 60)

    def test_a_question_is_understood_answered_aloud_and_still_there_after_a_reload(self):
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        page.wait_for_selector(".yours.partial")
        page.wait_for_selector(".yours:not(.partial):has-text('capital')")
        self.state("speaking")
        page.wait_for_selector(".hers .timing")
        page.wait_for_function("() => document.documentElement.dataset.state === 'listening'", timeout=30_000)
        self.assertGreater(heard_energy(page), 0.001)
        reply = page.text_content(".hers .words")
        page.reload()
        page.wait_for_selector(".yours:has-text('capital')")
        self.assertEqual(page.text_content(".hers .words").strip(), reply.strip())
        page.fill("#draft", "And of France?")
        page.press("#draft", "Enter")
        page.wait_for_selector(".hers:nth-of-type(4) .timing")
        self.assertEqual([turns(session["messages"]) for session in self.kept()], [[("user", "assistant")] * 2])


@unittest.skipUnless(os.environ.get("ANNIE_EVENING"), "hangs on what a small model says: Scripts/test-page --evening")
class FirstEvening(BrowserTest):
    said = (1.5, "Please remember that my sister is called Clara.", 9, "What time is it?", 9,
            "What is the name of my sister?", 9, "Why is the sky blue?", 1.4,
            "Wait a moment, I want to ask you something else.", 9, "What is the capital of Italy?", 60)

    def test_a_talk_with_a_fact_a_tool_an_interruption_and_a_reload(self):
        page = self.open()
        page.click("#microphone")
        page.wait_for_selector(".yours:not(.partial):has-text('capital')", timeout=90_000)
        self.state("speaking")
        self.state("listening")
        kept = self.kept()[0]["messages"]
        print("\n" + "\n".join(f"{one['role']}: {one['content']}" for one in kept), flush=True)
        names = page.eval_on_selector_all(".hers .tool", "tools => tools.map(tool => tool.textContent)")
        self.assertTrue(any("remember" in name.lower() for name in names), names)
        self.assertTrue(any("clock" in name.lower() for name in names), names)
        facts = json.loads(self.server.request("GET", "/v1/memory")[1])
        self.assertIn("Clara", json.dumps(facts))
        asked = next(i for i, one in enumerate(kept) if one["role"] == "user" and "name of my sister" in one["content"])
        self.assertIn("Clara", kept[asked + 1]["content"])
        self.assertTrue(any(one["interrupted"] for one in kept))
        page.reload()
        page.wait_for_selector(".yours:has-text('capital')")
        said = page.eval_on_selector_all(".yours .words", "all => all.map(one => one.textContent.trim())")
        self.assertEqual(said, [one["content"] for one in kept if one["role"] == "user"])


class BrokenIn(BrowserTest):
    said = (1.5, "Tell me a story.", 9, "Wait a moment I want to ask you something else now.", 60)

    def setUp(self):
        brain = self.enterContext(Storyteller())
        self.arguments = ("--chat-model", brain.url)
        super().setUp()

    def test_she_falls_silent_when_she_is_spoken_to(self):
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        page.evaluate(LISTEN)
        self.state("speaking")
        page.wait_for_selector(".hers.interrupted", timeout=20_000)
        page.wait_for_selector(".yours:has-text('something else')")
        levels = page.evaluate("window.levels")
        onset = self.onset(levels)
        # She answers anew after the interruption's last word, which is more than two seconds later.
        heard = [when - onset for when, _, she in levels if onset - 300 < when < onset + 1500 and she > 0.01]
        self.assertTrue(heard, "she was not speaking")
        print(f"\nbarge-in in the browser: silent {max(heard):.0f} ms after the microphone's first sound", flush=True)
        self.assertLess(max(heard), 600)
        kept = next(one["content"] for one in self.kept()[0]["messages"] if one["interrupted"])
        self.assertGreater(len(kept.split()), 5)
        self.assertEqual(page.text_content(".hers.interrupted .words").split(), kept.split())

    @staticmethod
    def onset(levels):
        """When the microphone is loud for the first time after three seconds of quiet."""
        loud = [when for when, microphone, _ in levels if microphone > 0.02]
        return next(b for a, b in zip(loud, loud[1:]) if b - a > 3000)


class Denied(BrowserTest):
    allowed = False

    def test_without_a_microphone_the_page_says_why_and_writing_works(self):
        page = self.open()
        page.click("#microphone")
        page.wait_for_selector(".notice[data-kind=call]")
        self.assertIn("not allowed", page.text_content(".notice"))
        self.state("idle")
        page.fill("#draft", "Hello")
        page.press("#draft", "Enter")
        page.wait_for_selector(".hers .timing")


class Guarded(BrowserTest):
    key, provoked = "right", ["401"]

    def test_a_key_that_no_longer_holds_is_asked_for_again(self):
        page = self.open("#token=expired")
        page.fill("#token", "wrong")
        page.press("#token", "Enter")
        page.wait_for_selector(".notice:has-text('not the server')")
        page.fill("#token", "right")
        page.press("#token", "Enter")
        page.wait_for_selector(".notice", state="detached")
        page.fill("#draft", "Hello")
        page.press("#draft", "Enter")
        page.wait_for_selector(".hers .timing")
        page.click("#microphone")
        self.state("listening")


class WorkerKilled(BrowserTest):
    said = (6, "What is the capital of Italy?", 60)

    def test_a_call_outlives_the_process_that_hears_and_speaks(self):
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        for worker in self.server.workers:
            os.kill(worker, 9)
        page.wait_for_selector(".yours:not(.partial):has-text('capital')", timeout=20_000)
        self.state("speaking")
        page.wait_for_timeout(1000)
        self.assertGreater(heard_energy(page), 0.0005)


if __name__ == "__main__":
    server.BINARY = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
