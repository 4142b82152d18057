"""What was run, as the page tells it, and what is changed of it there: notes, labels, budget; clones."""
import json
import unittest

from browser import PageCase, definition, endless

NOTES = "First <b>line</b>\n\n**second** line & more ü"


class WhatWasRun(PageCase):
    # Chromium itself logs every answer of 400 and above.
    expected_messages = ("the server responded with a status of 4",)

    def open(self, name="asked", wait=True, **more):
        self.post_study(name, **more)
        if wait:
            self.service.wait(name)
        self.browser.open(f"#/studies/{name}")
        self.browser.until_text("#run", "Created")

    def get(self, name="asked"):
        return self.service.get(f"/v1/studies/{name}").json

    def type(self, part, text):
        field = self.browser.find(f"#edit-{part}")
        field.clear()
        field.send_keys(text)

    def press(self, part, text):
        """Clicks the button of one part that says `text`."""
        def clicked():
            return self.browser.run(
                "const found = [...document.querySelectorAll(`#${arguments[0]} button`)]"
                ".find((b) => b.getClientRects().length && !b.disabled && b.innerText === arguments[1]);"
                "found?.click(); return found !== undefined", part, text)
        self.browser.until(clicked)

    def edit(self, part, text):
        self.press(part, "Edit")
        self.type(part, text)

    def save(self, part, text):
        """Types what an open field shall say, and saves it."""
        self.type(part, text)
        self.press(part, "Save")

    def test_what_was_asked_for_and_what_it_became(self):
        self.open(notes=NOTES, labels={"team": "vision", "who": "a: b"}, seed=7, training_seed=11)
        browser = self.browser
        text = browser.text("#run")
        study = self.get()
        for part in ("synthetic-cats", study["resolved"]["dataset_sha256"][:12], "0.0075, 0.02", "3, 5, 8", "yes, every trial"):
            self.assertIn(part, text)
        facts = dict(browser.run("return [...document.querySelectorAll('#run dl > div')].map((d) => [...d.children].map((c) => c.innerText))"))
        self.assertEqual((facts["Seed of the search"], facts["Seed of training"]), ("7", "11"))
        for name in ("Created", "Last change", "Finished"):
            self.assertIn("20", facts[name])
        # Notes are text, whatever they look like.
        self.assertEqual(browser.run("return document.querySelector('#notes .notes').textContent"), NOTES)
        self.assertEqual(browser.texts("#labels li"), ["team: vision", "who: a: b"])
        for place, (title, value) in enumerate((("Definition, as posted", study["definition"]),
                                                ("Definition with every default, as JSON", study["resolved"]))):
            found = browser.all("#run details pre")[place]
            self.assertEqual(json.loads(found.get_property("textContent")), value, title)
        browser.run("document.querySelector('#run details').open = true")
        for name, value in study["resolved"]["algorithm"].items():
            self.assertIn(str(value), browser.text("#run details"), name)
        self.assertEqual(browser.text("#edits"), "")

    def test_notes_and_labels_are_edited_where_they_are(self):
        self.open(labels={"team": "vision", "old": "x"})
        browser = self.browser
        browser.until_text("#notes", "No notes yet.")
        self.press("notes", "Edit")
        self.assertEqual(browser.run("return document.activeElement.id"), "edit-notes")
        self.save("notes", "Kept for the record.")
        browser.until_text("#notes .notes", "Kept for the record.")
        self.assertEqual(self.get()["notes"], "Kept for the record.")
        self.press("labels", "Edit")
        self.save("labels", "team: speech\nno colon")
        browser.until_text("#labels .error", "“no colon” is not a label.")
        self.save("labels", "team: speech\nnew: a: b")
        browser.until(lambda: browser.texts("#labels li") == ["new: a: b", "team: speech"])
        self.assertEqual(self.get()["labels"], {"team": "speech", "new": "a: b"})
        # Emptied.
        self.press("notes", "Edit")
        self.browser.find("#edit-notes").clear()
        self.press("notes", "Save")
        browser.until_text("#notes", "No notes yet.")
        self.assertIsNone(self.get()["notes"])

    def test_an_edit_while_the_revision_rises(self):
        self.post_study(**endless("rising"))
        self.browser.open("#/studies/rising")
        self.browser.until_text("#summary .state", "running")
        self.edit("notes", "Said while it runs.")
        before = self.get("rising")["revision"]
        self.service.until(lambda: self.get("rising")["revision"] > before + 3)
        self.press("notes", "Save")
        self.browser.until_text("#notes .notes", "Said while it runs.")
        self.assertEqual(self.get("rising")["notes"], "Said while it runs.")

    def test_what_somebody_else_wrote_is_shown_before_it_is_replaced(self):
        self.open(notes="first")
        browser = self.browser
        self.edit("notes", "mine")
        self.service.patch("/v1/studies/asked", {"notes": "theirs"})
        self.press("notes", "Save")
        browser.until_text("#notes .error", "It was changed meanwhile, and is now: “theirs”.")
        self.assertEqual(self.get()["notes"], "theirs")
        self.assertEqual(browser.find("#edit-notes").get_property("value"), "mine")
        self.press("notes", "Save")
        browser.until_text("#notes .notes", "mine")
        self.assertEqual(self.get()["notes"], "mine")

    def test_what_is_typed_stays_until_it_is_saved_or_discarded(self):
        self.open(notes="first")
        browser = self.browser
        self.edit("notes", "half a thought")
        for leave in (lambda: browser.scheme("dark"), lambda: browser.open("#/"), browser.driver.refresh,
                      lambda: self.service.patch("/v1/studies/asked", {"labels": {"x": "y"}})):
            leave()
            if not browser.run("return location.hash").startswith("#/studies"):
                browser.open("#/studies/asked")
            browser.until(lambda: browser.all("#edit-notes") and browser.find("#edit-notes").is_displayed())
            self.assertEqual(browser.find("#edit-notes").get_property("value"), "half a thought")
        self.press("notes", "Discard")
        browser.until_text("#notes .notes", "first")
        browser.driver.refresh()
        browser.until_text("#notes .notes", "first")

    def test_a_larger_budget_continues_the_study(self):
        self.open(algorithm={"name": "random"}, budget={"trials": 4})
        browser = self.browser
        browser.until_text("#budget", "4")
        self.press("budget", "Edit")
        self.save("budget", "2")
        browser.until_text("#budget .error", "4")
        self.save("budget", "many")
        browser.until_text("#budget .error", "whole number from 1")
        self.save("budget", "7")
        browser.until_text("#summary", "7 of 7")
        browser.until_text("#summary .state", "completed")
        self.assertEqual(self.get()["progress"]["completed"], 7)
        browser.until_text("#edits", "budget trials 7")

    def test_clones_have_an_address_and_a_draft_of_their_own(self):
        self.open(notes="why", seed=3)
        browser = self.browser
        field = lambda: browser.find("#field-json").get_property("value")  # noqa: E731

        def at(fragment):
            browser.open(fragment)
            browser.until(lambda: browser.all("#field-json"))
            return field()
        browser.click(".title a[href='#/new/from/asked']")
        browser.until_text("#source", "A clone of asked.")
        self.assertEqual(json.loads(field()), {**definition("asked", notes="why", seed=3), "name": "asked-2"})
        browser.find("#field-json").clear()
        browser.find("#field-json").send_keys('{"typed": 1}')
        empty, seed = at("#/new"), at("#/new/from/asked/seed")
        self.assertNotIn("typed", empty + seed)
        self.assertEqual((json.loads(seed)["seed"], json.loads(seed)["training_seed"]), (4, 1))
        self.assertEqual(at("#/new/from/asked"), '{"typed": 1}')
        browser.until_text("form", "What you typed here before is still here.")
        browser.click_text("Discard my changes")
        self.assertEqual(json.loads(field())["name"], "asked-2")
        at("#/new/from/asked/seed")
        browser.click("form button.main")
        browser.until_text("h1", "asked-2")
        self.assertEqual(self.get("asked-2")["definition"]["seed"], 4)
        browser.open("#/new/from/nothing-of-this-name")
        browser.until_text("main", "Not found")


if __name__ == "__main__":
    unittest.main()
