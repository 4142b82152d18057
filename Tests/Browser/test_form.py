"""The form that makes a study: templates, JSON, curl line, the service's faults, and the study that comes of it."""
import json
import subprocess
import unittest

from browser import Keys, PageCase
from support import ROOT

TEMPLATES = {"First study": "first-study", "four": "paper-4d-approximate-gradient", "five": "paper-5d-approximate-gradient"}


class Form(PageCase):
    # Chromium itself logs every answer of 400 and above.
    expected_messages = ("the server responded with a status of 4",)

    def setUp(self):
        super().setUp()
        self.browser.open("#/new")
        self.browser.until(lambda: self.browser.all("#field-json"))

    def json(self):
        return json.loads(self.browser.find("#field-json").get_property("value"))

    def choose(self, selector, part):
        option = next(o for o in self.browser.all(f"{selector} option") if part in o.text)
        option.click()

    def type(self, selector, text):
        field = self.browser.find(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)

    def set_json(self, value):
        text = value if isinstance(value, str) else json.dumps(value, indent=2)
        self.browser.run(
            "const field = document.querySelector('#field-json'); field.value = arguments[0];"
            "field.dispatchEvent(new Event('input'))", text)

    def test_templates_are_the_examples(self):
        for part, name in TEMPLATES.items():
            with self.subTest(name):
                self.choose("#field-template", part)
                example = json.loads((ROOT / "examples" / f"{name}.json").read_text())
                made = self.json()
                self.assertTrue(example["name"].startswith(made.pop("name")))
                del example["name"], example["dataset"]
                # The real images are not at hand here.
                self.assertEqual(made.pop("dataset"), "synthetic-cats")
                self.assertEqual(made, example)

    def test_from_the_form_to_the_end_of_the_study(self):
        browser = self.browser
        browser.open()
        browser.until_text("main", "There is no study yet")
        browser.run("window.marked = true")
        browser.click("main a[href='#/new']")
        browser.until(lambda: browser.all("#field-json"))
        self.type("#field-name", "from-the-form")
        self.choose("#field-algorithm", "random")
        self.type("#field-trials", "5")
        self.type("#field-seed", "42")
        definition = self.json()
        self.assertEqual(definition["name"], "from-the-form")
        self.assertEqual(definition["algorithm"], {"name": "random"})
        self.assertEqual((definition["budget"], definition["seed"]), ({"trials": 5}, 42))
        browser.click("form button.main")
        browser.until_text("h1", "from-the-form")
        browser.until_text("#summary .state", "completed", 600)
        self.assertIn("5 of 5", browser.text("#summary"))
        self.assertTrue(browser.run("return window.marked"), "the page was loaded again")
        self.assertEqual(self.service.get("/v1/studies/from-the-form").json["definition"], definition)
        # The same template once more gets a name of its own.
        self.post_study("first-study")
        browser.open("#/new")
        browser.until(lambda: browser.all("#field-json"))
        self.assertEqual(self.json()["name"], "first-study-2")

    def test_a_typed_definition_is_kept_until_it_is_posted_or_discarded(self):
        browser = self.browser
        typed = {**self.json(), "name": "typed-by-hand", "budget": {"trials": 2}}
        given = browser.find("#field-json").get_property("value")
        self.assertNotIn("Discard my changes", browser.texts("form button"))
        self.set_json(typed)
        # A change of colours leaves the very field alone.
        browser.run("window.field = document.querySelector('#field-json')")
        browser.scheme("dark")
        browser.until(lambda: browser.run("return matchMedia('(prefers-color-scheme: dark)').matches"))
        self.assertTrue(browser.run("return field.isConnected"))
        self.assertEqual(self.json(), typed)
        # A look at another view, and a reload.
        for leave in (lambda: browser.click(".top nav a[href='#/datasets']"), browser.driver.refresh):
            leave()
            browser.click(".top nav a[href='#/datasets']")
            browser.until_text("#datasets", "synthetic-cats")
            browser.driver.back()
            browser.until(lambda: browser.all("#field-json"))
            self.assertEqual(self.json(), typed)
            self.assertEqual(browser.find("#field-name").get_property("value"), "typed-by-hand")
        # Another template asks first; a no changes nothing.
        self.choose("#field-template", "four")
        browser.click_text("Cancel")
        browser.until(lambda: not browser.all("dialog"))
        self.assertEqual(self.json(), typed)
        self.choose("#field-template", "four")
        browser.click_text("Use the template")
        browser.until(lambda: self.json()["name"] == "paper-4d")
        self.choose("#field-template", "First study")
        self.assertEqual(browser.find("#field-json").get_property("value"), given)
        self.set_json(typed)
        browser.click_text("Discard my changes")
        self.assertEqual(browser.find("#field-json").get_property("value"), given)
        # What the service refuses is kept, what it takes is not.
        self.set_json({**typed, "sed": 1})
        browser.click("form button.main")
        browser.until_text("#faults", "/sed")
        self.assertIn("Please fix", browser.text("#faults"))
        self.set_json(typed)
        browser.click("form button.main")
        browser.until_text("h1", "typed-by-hand")
        browser.click(".top nav a[href='#/']")
        browser.click("main a[href='#/new']")
        browser.until(lambda: browser.all("#field-json"))
        self.assertEqual(browser.find("#field-json").get_property("value"), given)

    def test_the_first_template_works_with_a_data_set_of_one_file(self):
        table = "a,b,label\n" + "".join(f"{i},{(i * 7) % 11},{'yes' if i % 2 else 'no'}\n" for i in range(60))
        parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in (
            ("name", "one-file"), ("format", "csv")))
        body = (parts + '--x\r\nContent-Disposition: form-data; name="files"; filename="t.csv"\r\n\r\n' + table + "\r\n--x--\r\n")
        answer = self.service.post("/v1/datasets", body.encode(), {"Content-Type": "multipart/form-data; boundary=x"})
        self.assertEqual(answer.status, 201, answer.text)
        self.browser.open("#/new")
        self.browser.until(lambda: self.browser.all("#field-json"))
        self.choose("#field-dataset", "one-file")
        self.assertNotIn("split", self.json().get("validation", {}))
        self.type("#field-trials", "2")
        self.browser.click("form button.main")
        self.browser.until_text("h1", "first-study")
        self.browser.until_text("#summary .state", "completed", 600)

    def test_the_curl_line_does_the_same(self):
        definition = {**self.json(), "name": "by-curl", "notes": "it's \"quoted\" & $HOME `x` \\ ü"}
        self.set_json(definition)
        ended = subprocess.run(["sh", "-c", self.browser.text("#curl")], capture_output=True, text=True, timeout=120)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(json.loads(ended.stdout)["definition"], definition)
        # What is in the JSON is in the fields.
        self.assertEqual(self.browser.find("#field-name").get_property("value"), "by-curl")

    def test_faults_stand_beside_the_form_and_lead_to_their_places(self):
        definition = self.json()
        definition["parameters"]["units_1"]["values"][2] = 0
        definition["model"]["learning_rat"] = 1
        self.set_json(definition)
        told = self.service.post("/v1/studies", definition)
        self.assertEqual(told.status, 422)
        self.browser.click("form button.main")
        self.browser.until_text("#faults", "/parameters/units_1/values/2")
        text = self.browser.text("#faults")
        for fault in told.json["errors"]:
            self.assertIn(fault["pointer"], text)
            self.assertIn(fault["detail"], text)
        self.assertEqual(len(self.browser.all("#faults li")), len(told.json["errors"]))
        chosen = {"/parameters/units_1/values/2": "0", "/model/learning_rat": "1"}
        for button in self.browser.all("#faults li button"):
            button.click()
            selected = self.browser.run(
                "const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd)")
            self.assertEqual(selected, chosen[button.text])
        # Put right, it goes through.
        definition["parameters"]["units_1"]["values"][2] = 7
        del definition["model"]["learning_rat"]
        self.set_json({**definition, "budget": {"trials": 2}})
        self.browser.click("form button.main")
        self.browser.until_text("#summary .state", "completed", 600)

    def test_what_is_no_json_and_what_clashes(self):
        self.set_json('{"name": "half",')
        self.assertFalse(self.browser.find("#field-name").is_enabled())
        self.browser.click("form button.main")
        told = self.service.post("/v1/studies", b'{"name": "half",', {"Content-Type": "application/json"})
        self.assertEqual(told.status, 400)
        self.browser.until_text("#faults", told.json["detail"])
        self.post_study("taken")
        self.set_json({"name": "taken", "dataset": "synthetic-cats", "model": {"kind": "mlp", "units_1": 3},
                       "parameters": {"iterations": {"type": "integer", "values": [3, 4]}, "learning_rate": {
                           "type": "real", "values": [0.1]}}, "algorithm": {"name": "grid"}})
        self.browser.click("form button.main")
        self.browser.until_text("#faults", "taken")
        self.assertEqual(len(self.service.get("/v1/studies").json["items"]), 1)

    def test_pointers_are_found_in_any_json(self):
        text = '{"a/b": [1, {"~": "x, [\\"{"}], "c": {}, "d": null}'
        found = self.browser.run(
            "return import('/js/json-text.js').then(({ locate }) => arguments[1].map((p) => locate(arguments[0], p)))",
            text, ["/a~1b/1/~0", "/a~1b/0", "/c", "/d", "", "/missing", "/a~1b/7"])
        whole = [0, len(text)]
        places = [text[start:end] for start, end in found[:4]]
        self.assertEqual(places, ['"x, [\\"{"', "1", "{}", "null"])
        self.assertEqual(found[4:6], [whole, whole])
        self.assertEqual(text[slice(*found[6])], '[1, {"~": "x, [\\"{"}]')
        same = self.browser.run(
            "return import('/js/json-text.js').then(({ pretty }) => JSON.parse(pretty(JSON.parse(arguments[0]))))", text)
        self.assertEqual(same, json.loads(text))


if __name__ == "__main__":
    unittest.main()
