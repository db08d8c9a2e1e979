"""Variants are made and set side by side: kept row by row, gone on with, and not lost when one fails.

Usage: comparison.py PATH-TO-ANNIE [unittest arguments]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANNIE = sys.argv.pop(1)
COMPARISON = """\
title: Rounded
settings: {{base: smollm2-135m, data: {root}/Data/annie-1000.jsonl, chat_template: {root}/Personas/annie/chat_template.jinja}}
text: {root}/Personas/annie/compare/calibration.txt
calibration: {{general: {root}/Personas/annie/compare/calibration.txt}}
calibration_tokens: 256
scenarios: two.yaml
variants:
  - {{name: Base}}
  - {{name: Max, quantize: {{of: Base, method: max, calibration: general}}, inputs: nvfp4}}
  - {{name: Lost, train: {{data: nowhere.jsonl}}}}
  - {{name: Lite, quantize: {{of: Base, method: awq-lite, calibration: general}}}}
"""
SCENARIOS = """\
category: short
gates: [concise, no_emoji]
scenarios:
  - {id: rain, turns: [{user: "Why does it rain?"}]}
  - {id: salt, turns: [{user: "What is salt?"}]}
"""


class Compared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.home = pathlib.Path(cls.scratch.name)
        (cls.home / "compare.yaml").write_text(COMPARISON.format(root=ROOT))
        (cls.home / "two.yaml").write_text(SCENARIOS)
        cls.first = cls.compare("--only", "Base", "--only", "max")
        cls.rest = cls.compare()

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def compare(cls, *words):
        return subprocess.run(
            [ANNIE, "compare", "compare.yaml", "--output", "out", "--max-tokens", "12", *words],
            cwd=cls.home, capture_output=True, text=True, timeout=300)

    def table(self):
        table = json.loads((self.home / "out/table.json").read_text())
        return {row["name"]: row for row in table["rows"]}, table["notes"]

    def test_a_row_that_fails_is_reported_and_the_others_go_on(self):
        self.assertEqual(self.first.returncode, 0, self.first.stderr)
        self.assertEqual(self.rest.returncode, 1, self.rest.stderr)
        rows, notes = self.table()
        self.assertEqual(list(rows), ["Base", "Max", "Lite"])
        self.assertTrue(any("Lost: failed" in note and "nowhere.jsonl" in note for note in notes), notes)

    def test_rows_that_are_there_are_not_made_again(self):
        self.assertIn("Max …", self.first.stderr)
        self.assertNotIn("Max …", self.rest.stderr)
        done = self.compare("--dry-run").stdout
        self.assertEqual([line.split()[0] for line in done.splitlines()], ["done", "done", "to", "done"])

    def test_kept_rows_stay_where_they_are_named_too_and_are_measured_anew_only_if_asked(self):
        named = self.compare("--only", "Max")
        self.assertEqual(named.returncode, 0, named.stderr)
        self.assertNotIn("Max …", named.stderr)
        again = self.compare("--only", "Max", "--again")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("Max …", again.stderr)
        self.assertNotIn("Lite …", again.stderr)

    def test_the_table_is_printed_from_what_is_there_and_says_what_is_old(self):
        before = self.compare("--table")
        self.assertEqual(before.returncode, 0, before.stderr)
        self.assertIn("Lite", before.stdout)
        self.assertNotIn("…", before.stderr)
        other = self.compare("--table", "--max-tokens", "13").stdout
        self.assertIn("Lite: measured as it was defined before", other)

    def test_every_row_is_measured(self):
        rows, _ = self.table()
        for row in rows.values():
            self.assertEqual(row["gates"]["concise"]["total"], 2)
            self.assertGreater(row["perplexity"], 1)
            self.assertGreater(row["tokens_per_second"], 0)
        self.assertLess(rows["Max"]["bytes"], rows["Base"]["bytes"] / 2)
        self.assertGreater(rows["Max"]["perplexity"], rows["Base"]["perplexity"])
        for form in ("html", "md", "txt"):
            self.assertIn("Lite", (self.home / f"out/table.{form}").read_text())

    def test_awq_leaves_a_plain_file(self):
        checked = subprocess.run(
            [ANNIE, "inspect", str(self.home / "out/models/lite")], capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("NVFP4 (modelopt", checked.stdout)

    def test_a_file_with_a_mistake_is_refused_where_it_stands(self):
        (self.home / "wrong.yaml").write_text("variants:\n  - {name: a, quantise: {of: b}}\n")
        wrong = subprocess.run([ANNIE, "compare", "wrong.yaml"], cwd=self.home, capture_output=True, text=True)
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("wrong.yaml:2", wrong.stderr)


if __name__ == "__main__":
    unittest.main()
