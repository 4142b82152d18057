"""The page of a study whose trials callers run: made by the form, connected to programs, watched."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from browser import Keys, PageCase
from support import BINARY, ROOT


class MadeByTheForm(PageCase):
    def setUp(self):
        super().setUp()
        self.browser.open("#/new")
        self.browser.until(lambda: self.browser.all("#field-json"))

    def json(self):
        return json.loads(self.browser.find("#field-json").get_property("value"))

    def choose(self, selector, part):
        next(o for o in self.browser.all(f"{selector} option") if part in (o.text, o.get_property("value"))).click()

    def type(self, selector, text):
        field = self.browser.find(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)

    def field(self, what, number):
        return f"[aria-label='{what} of parameter {number}']"

    def run_lines(self, text, folder):
        """Runs lines of the page in a shell, with `cairn` on its path."""
        environment = {**os.environ, "PATH": f"{pathlib.Path(BINARY).resolve().parent}:{os.environ['PATH']}",
                       "PYTHONPATH": str(ROOT / "clients" / "python")}
        ended = subprocess.run(["sh", "-e", "-c", text], capture_output=True, text=True, timeout=300, cwd=folder,
                               env=environment)
        self.assertEqual(ended.returncode, 0, ended.stderr + ended.stdout)
        return ended.stdout

    def test_from_the_form_to_the_lines_that_run_it(self):
        browser = self.browser
        self.assertEqual(browser.texts("#field-metric"), [])
        self.choose("#field-template", "Your own program")
        self.assertEqual(browser.texts("#field-dataset"), [])
        self.assertEqual(browser.find("#field-kind").get_property("value"), "external")
        self.type("#field-name", "own")
        self.type("#field-metric", "it's score")
        self.choose("#field-goal", "minimize")
        self.type("#field-trials", "12")
        self.type(self.field("Values", 1), "0.001 to 0.1 in 5 levels")
        self.type(self.field("Values", 2), "2, 4, 8")
        browser.click_text("Add a parameter")
        self.type(self.field("Name", 3), "shape")
        self.choose(self.field("Type", 3), "categories")
        self.type(self.field("Values", 3), "round, flat")
        definition = self.json()
        self.assertEqual(definition["parameters"], {
            "learning_rate": {"type": "real", "scale": "log", "min": 0.001, "max": 0.1, "points": 5},
            "units": {"type": "integer", "values": [2, 4, 8]},
            "shape": {"type": "categorical", "values": ["round", "flat"]}})
        self.assertEqual(definition["objective"], {"metric": "it's score", "goal": "minimize"})
        browser.click("form button.main")
        browser.until_text("h1", "own")
        browser.until_text("#connect", "cairn worker")
        self.assertEqual(self.service.get("/v1/studies/own").json["definition"], definition)
        copies = browser.texts("#connect button")
        self.assertEqual(copies, ["Copy"] * 3)
        lines = {way: browser.text(f"#connect-{way}") for way in ("by-hand", "any-command", "python")}
        with tempfile.TemporaryDirectory() as folder:
            self.run_lines(lines["by-hand"], folder)
            first = self.service.get("/v1/studies/own/trials/1").json
            self.assertEqual((first["state"], first["metrics"]["it's score"]), ("completed", 0.5))
            # The parameters come in the order of their names: the sixth word is the number of units.
            script = pathlib.Path(folder, "train")
            script.write_text("#!/bin/sh\necho \"{\\\"it's score\\\": $6}\"\n")
            script.chmod(0o755)
            self.run_lines(lines["any-command"].replace("cairn worker", "cairn worker --trials 4"), folder)
            second = self.service.get("/v1/studies/own/trials/2").json
            self.assertEqual(second["state"], "completed")
            program = "def train(learning_rate, units, shape):\n    return units + learning_rate\n" + lines["python"]
            ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300,
                                   env={**os.environ, "PYTHONPATH": str(ROOT / "clients" / "python")})
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertIn("parameters", ended.stdout)
        browser.until_text("#summary .state", "completed")
        browser.until(lambda: browser.texts("#connect") == [])

    def test_from_a_built_in_model_to_a_program_and_back(self):
        before = self.json()
        self.choose("#field-kind", "external")
        external = self.json()
        self.assertEqual(external["model"], {"kind": "external"})
        self.assertEqual(external["parameters"], before["parameters"])
        self.assertEqual(set(external) & {"dataset", "validation"}, set())
        self.assertEqual(self.service.post("/v1/studies", {**external, "name": "taken-as-it-is"}).status, 201)
        self.choose("#field-kind", "mlp")
        back = self.json()
        self.assertEqual((back["dataset"], back["model"]), (before["dataset"], before["model"]))
        self.assertEqual(self.service.post("/v1/studies", {**back, "name": "also-taken", "budget": {"trials": 1}}).status, 201)

    def test_two_parameters_of_one_name_are_marked_and_none_is_lost(self):
        browser = self.browser
        self.choose("#field-template", "Your own program")
        self.type(self.field("Name", 2), "learning_rate")
        marked = [browser.find(self.field("Name", number)).get_attribute("aria-invalid") for number in (1, 2)]
        self.assertEqual(marked, ["true", "true"])
        self.assertEqual(list(self.json()["parameters"]), ["learning_rate"])
        self.type(self.field("Name", 2), "width")
        self.assertEqual(list(self.json()["parameters"]), ["learning_rate", "width"])
        browser.click("[aria-label='Remove parameter 1']")
        self.assertEqual(list(self.json()["parameters"]), ["width"])
        # What a line cannot say is left to the JSON.
        browser.run("const field = document.querySelector('#field-json');"
                    "field.value = field.value.replace('[', '[\"a,b\", ').replace('integer', 'categorical');"
                    "field.dispatchEvent(new Event('input'))")
        self.assertTrue(browser.find(self.field("Values", 1)).get_property("readOnly"))


class External(PageCase):
    def setUp(self):
        super().setUp()
        self.service.post("/v1/studies", {
            "name": "told", "model": {"kind": "external"},
            "parameters": {"x": {"type": "integer", "values": [1, 2, 3, 4]}},
            "objective": {"metric": "score", "goal": "maximize"}, "algorithm": {"name": "grid"}})
        self.held = self.post("/suggestions", {"worker": "node-7", "count": 3})["items"]
        self.post("/trials/1/complete", {"metrics": {"score": 0.5}})
        for step in (10, 20, 30):
            self.post("/trials/2/measurements",
                      {"lease": self.held[1]["lease"], "step": step, "metrics": {"score": step / 100, "cost": 1 / step}})
        self.browser.open("#/studies/told")
        self.browser.until_text("#summary .state", "running")

    def post(self, path, body):
        answer = self.service.post("/v1/studies/told" + path, body)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def state(self, number):
        return self.service.get(f"/v1/studies/told/trials/{number}").json["state"]

    def test_who_runs_what(self):
        self.browser.until_text("#trials", "node-7")
        heads = self.browser.texts("#trials th")
        self.assertIn("Worker", heads)
        self.assertNotIn("train loss", heads)
        self.browser.run("document.querySelector('tr[data-trial=\"2\"] button').click()")
        self.browser.until_text("#trial", "Held by")
        labels = self.browser.run("return [...document.querySelectorAll('#trial canvas')].map((c) => c.ariaLabel)")
        self.assertEqual(labels, ["cost of trial 2 by step", "score of trial 2 by step"])

    def test_a_trial_is_put_back_and_marked_as_failed(self):
        self.browser.run("document.querySelector('tr[data-trial=\"2\"] button').click()")
        self.browser.until_text("#trial", "Held by")
        self.browser.click_text("Put back in line")
        self.browser.until(lambda: self.state(2) == "queued")
        self.browser.until_text("#trial", "queued")
        self.browser.click_text("Mark as failed")
        self.browser.until_text("dialog", "Mark trial 2 as failed?")
        self.browser.click_text("Mark it")
        self.browser.until(lambda: self.state(2) == "failed")
        self.browser.until_text("#trial", "Marked as failed on the page.")
        self.browser.click_text("Try again")
        self.browser.until(lambda: self.state(2) == "queued")


if __name__ == "__main__":
    unittest.main()
