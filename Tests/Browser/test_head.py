"""The head of a study: the best value and what it is worth, its settings, and a clone with a wider range."""
import json
import unittest

from browser import PageCase, definition, endless, percent


class Head(PageCase):
    def study(self, name, **more):
        self.post_study(name, **more)
        self.service.wait(name)
        self.browser.open(f"#/studies/{name}")
        self.browser.until_text("#summary .state", "completed")
        return self.service.get(f"/v1/studies/{name}").json

    def test_the_best_value_is_large_and_leads_to_its_trial(self):
        browser = self.browser
        study = self.study("headed", validation={"final": None, "repeats": 2})
        best = study["best"]
        browser.until_text("#best-head .figure", percent(best["value"]))
        self.assertGreaterEqual(browser.run("return parseFloat(getComputedStyle(document.querySelector('.figure')).fontSize)"), 30)
        low, high = best["interval"]
        self.assertIn("95 % interval", browser.text("#best-head .figure"))
        for end in (low, high):
            self.assertIn(f"{100 * end:.2f}"[:4], browser.text("#best-head .figure"))
        leaders = self.service.get("/v1/studies/headed/best?count=10").json["leaders"]["detail"]
        browser.until_text("#leaders", leaders)
        self.assertEqual(browser.text("main").count(leaders), 1)
        # Its settings, as one click copies them.
        browser.run("window.copied = null;"
                    "navigator.clipboard.writeText = async (text) => { window.copied = text; };")
        browser.click("#copy-best")
        browser.until_text("#copy-best", "Copied")
        self.assertEqual(json.loads(browser.run("return copied")), best["parameters"])
        for value in best["parameters"].values():
            self.assertIn(str(value), browser.text("#best-head dl"))
        self.assertIn("Download the model", browser.text("#best-head"))
        browser.click("#best-head a[href*='/trials/']")
        browser.until_text("h1", f"Trial {best['trials'][0]}")

    def test_the_best_is_held_against_a_constant_answer(self):
        study = self.study("constant")
        scored = study["resolved"]["validation"]["scored"]
        told = [w["detail"] for w in study["warnings"] if w["code"] == "constant_answer"]
        line = told[0] if told else f"always answering “{scored['most_frequent']['class']}”"
        self.browser.until_text("#best-head", line)

    def test_a_bar_and_the_time_left_are_there_while_it_runs(self):
        browser = self.browser
        self.post_study(**endless("barred"))
        browser.open("#/studies/barred")
        browser.until_text("#summary .state", "running")
        self.assertEqual(len(browser.all("#summary .progress")), 1)
        browser.until_text("#summary", "Time left")
        self.service.post("/v1/studies/barred/stop")
        browser.until_text("#summary .state", "stopped")
        self.assertEqual(browser.all("#summary .progress"), [])
        for word in ("Time left", "Waits for"):
            self.assertNotIn(word, browser.text("#summary"))

    def test_a_best_point_at_an_end_of_a_range_leads_to_a_clone_with_a_wider_one(self):
        browser = self.browser
        study = self.study("narrow")
        remarks = [w for w in study["warnings"] if w["code"] == "end_of_range"]
        self.assertTrue(remarks, "grid of three or two levels an axis, whose best lies inside it: choose other levels")
        name = remarks[0]["pointer"].split("/")[-1]
        browser.until_text(".remarks", remarks[0]["detail"])
        browser.click(f".remarks a[href*='/wider/{name}/']")
        browser.until(lambda: browser.all("#field-json"))
        browser.until_text("#source", f"A clone of narrow, with a wider range of {name.replace('_', ' ')}.")
        made = json.loads(browser.find("#field-json").get_property("value"))
        before = definition("narrow")
        old, new = before["parameters"].pop(name)["values"], made["parameters"].pop(name)["values"]
        best = study["best"]["parameters"][name]
        self.assertEqual(new[-len(old):] if best == min(old) else new[:len(old)], old)
        self.assertGreater(len(new), len(old))
        self.assertEqual(made, {**before, "name": "narrow-2"})
        browser.click("form button.main")
        browser.until_text("h1", "narrow-2")
        self.assertEqual(self.service.get("/v1/studies/narrow-2").json["definition"]["parameters"][name]["values"], new)


if __name__ == "__main__":
    unittest.main()
