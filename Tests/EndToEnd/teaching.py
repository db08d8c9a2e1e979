"""A model is taught: interrupted, resumed, exported, put to questions.

Usage: teaching.py PATH-TO-ANNIE [unittest arguments]
"""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANNIE = sys.argv.pop(1)
RECIPE = """\
base: smollm2-135m
data: {data}
persona: {root}/Personas/annie/persona.yaml
chat_template: {root}/Personas/annie/chat_template.jinja
method: lora
lora: {{rank: 4, alpha: 8}}
rounding: weight-only
epochs: 1
learning_rate: 1e-3
batch_tokens: 1536
held_out: 0.2
evaluate_every: 100
"""


def annie(*words, **options):
    return subprocess.run([ANNIE, *map(str, words)], capture_output=True, text=True, timeout=300, **options)


class Taught(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = pathlib.Path(cls.folder.name)
        lines = (ROOT / "Data/annie-1000.jsonl").read_text().splitlines()[:16]
        (cls.home / "chats.jsonl").write_text("\n".join(lines) + "\n")
        (cls.home / "recipe.yaml").write_text(RECIPE.format(data=cls.home / "chats.jsonl", root=ROOT))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def train(self, output, *words):
        return annie("train", self.home / "recipe.yaml", "--output", output, "--json", "--examples", "0", *words)

    def steps(self, text):
        events = [json.loads(line) for line in text.splitlines()]
        return {event["step"]: event["loss"] for event in events if event["event"] == "step"}

    def test_a_run_that_was_interrupted_goes_on_to_the_same_end(self):
        whole = self.train(self.home / "whole")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        losses = self.steps(whole.stdout)
        self.assertGreater(len(losses), 2)

        parts = subprocess.Popen(
            [ANNIE, "train", str(self.home / "recipe.yaml"), "--output", str(self.home / "parts"), "--json",
             "--examples", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = ""
        while '"step":1,' not in first.replace(" ", ""):
            line = parts.stdout.readline()
            self.assertTrue(line, "it ended before its first step")
            first += line
        parts.send_signal(signal.SIGINT)
        rest, said = parts.communicate(timeout=300)
        self.assertEqual(parts.returncode, 130, said)
        self.assertIn("--resume", said)
        resumed = self.train(self.home / "parts", "--resume")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual({**self.steps(first + rest), **self.steps(resumed.stdout)}, losses)
        self.assertEqual(
            (self.home / "parts/model.safetensors").read_bytes(), (self.home / "whole/model.safetensors").read_bytes())

        # What was made is whole, says what it was taught with, and is taken by the other commands.
        self.assertEqual(annie("inspect", self.home / "whole").returncode, 0)
        self.assertIn("fingerprint", json.loads((self.home / "whole/annie_prompt.json").read_text()))
        self.assertIn("| Base | smollm2-135m |", (self.home / "whole/README.md").read_text())
        self.assertIn("<svg", (self.home / "whole.run/report.html").read_text())
        adapter = json.loads((self.home / "whole.run/adapter/adapter_config.json").read_text())
        self.assertEqual((adapter["peft_type"], adapter["r"]), ("LORA", 4))

    def test_a_recipe_with_a_mistake_is_refused_where_it_stands(self):
        (self.home / "wrong.yaml").write_text("base: smollm2-135m\nepoch: 3\n")
        result = annie("train", self.home / "wrong.yaml")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("wrong.yaml:2", result.stderr)
        self.assertIn("did you mean 'epochs'", result.stderr)

    def test_what_cannot_be_learned_is_told_by_its_line(self):
        (self.home / "broken.jsonl").write_text('{"messages": [{"role": "king", "content": "x"}]}\nnot json\n')
        result = annie("train", "--base", "smollm2-135m", "--data", self.home / "broken.jsonl", "-o", self.home / "none")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("line 1", result.stderr)
        self.assertFalse((self.home / "none").exists())

    def test_an_output_that_is_there_is_not_replaced_unasked(self):
        (self.home / "there").mkdir(exist_ok=True)
        result = self.train(self.home / "there")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("--overwrite", result.stderr)


if __name__ == "__main__":
    unittest.main()
