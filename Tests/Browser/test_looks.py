"""What can be held by numbers: nothing wider than a small window, and contrast in both colour schemes."""
import unittest

from browser import Keys, PageCase, definition, endless

# Each text's colour against what lies behind it, by WCAG 2's contrast ratio; a canvas turns every notation into bytes.
BYTES = """
const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
function bytes(colour) {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data];
}
function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}
function behind(node) {
  for (let at = node; at; at = at.parentElement) {
    const colour = bytes(getComputedStyle(at).backgroundColor);
    if (colour[3] === 255) return colour;
    if (colour[3] !== 0) throw new Error(`half transparent: ${at.outerHTML.slice(0, 100)}`);
  }
  return bytes("white");
}
function contrast(one, other) {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}
"""
FAINT = BYTES + """
const found = [];
let texts = 0;
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !node.getClientRects().length || node.closest("noscript, :disabled, option")) continue;
  texts += 1;
  const ratio = contrast(bytes(getComputedStyle(node).color), behind(node));
  if (ratio < 4.5) found.push(`${ratio.toFixed(2)}: ${walk.currentNode.data.trim()}`);
}
return [texts, found, luminance(behind(document.body))];
"""
# The edges of what can be pressed or filled in against what lies around and inside them (WCAG 2, 1.4.11: 3).
EDGES = BYTES + """
const found = [];
let edges = 0;
for (const node of document.querySelectorAll("button.plain, a.plain, input, select, textarea, .progress")) {
  if (!node.getClientRects().length || node.matches(":disabled")) continue;
  edges += 1;
  const edge = bytes(getComputedStyle(node).borderTopColor);
  const ratio = Math.min(contrast(edge, behind(node.parentElement)), contrast(edge, behind(node)));
  if (ratio < 3) found.push(`${ratio.toFixed(2)}: ${node.outerHTML.slice(0, 80)}`);
}
for (const filled of document.querySelectorAll(".progress > span")) {
  const ratio = contrast(behind(filled), behind(filled.parentElement));
  if (ratio < 3) found.push(`${ratio.toFixed(2)}: the bar's filling`);
}
return [edges, found];
"""
# The lines of the first plot whose lines are arguments[0], each against the card, and against one another.
LINES = BYTES + """
const chart = [...document.querySelectorAll("canvas")].map((canvas) => Chart.getChart(canvas))
  .find((one) => one?.data.datasets[0].label === arguments[0]);
const sets = chart.data.datasets.map((set) => ({ dash: String(set.borderDash ?? ""), colour: bytes(set.backgroundColor) }));
const card = behind(chart.canvas);
return [sets.map(({ colour }) => contrast(colour, card)), contrast(sets[0].colour, sets[1].colour), sets[0].dash !== sets[1].dash];
"""
# What sticks out of the window, but for what scrolls inside a region of its own.
WIDE = """
return [...document.body.querySelectorAll("*")].filter((e) => !e.closest(".scroll, .skip, thead")
  && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML.slice(0, 120));
"""


class Looks(PageCase):
    def views(self):
        """Goes through the views, each filled as it can be, and names them."""
        browser = self.browser
        browser.open()
        browser.until_text("main", "There is no study yet" if not self.service.get("/v1/studies").json["items"] else "paused")
        yield "studies"
        browser.open("#/comparisons")
        browser.until_text("main", "Comparison")
        yield "comparisons"
        browser.open("#/studies/nothing-of-this-name")
        browser.until_text("main", "Not found")
        yield "not found"
        browser.open("#/new")
        browser.until(lambda: browser.all("#field-json"))
        browser.run("const field = document.querySelector('#field-json');"
                    "field.value = field.value.replace('[5,', '[-5,').replace('seed', 'sed')")
        browser.click("form button.main")
        browser.until_text("#faults", "/parameters")
        yield "form with faults"
        browser.run("const kind = document.querySelector('#field-kind'); kind.value = 'external';"
                    "kind.dispatchEvent(new Event('change'))")
        browser.until(lambda: browser.texts("#field-parameters"))
        yield "form of a program"
        # What was typed would be there again.
        browser.click_text("Discard my changes")
        if not browser.run("return fetch('/v1/studies').then((r) => r.json()).then((l) => l.items.length)"):
            return
        browser.open("#/studies/" + self.long_name)
        browser.until_text("#trials tbody", "infeasible")
        browser.run("document.querySelector('#trials tbody button').click()")
        browser.until_text("#trial", "Why it was tried")
        yield "study"
        browser.open("#/studies/of-a-program")
        browser.until_text("#connect", "cairn worker")
        yield "study of a program"
        browser.open(f"#/studies/{self.long_name}/trials/1")
        browser.until_text("#trial", "Why it was tried")
        yield "trial"
        browser.open("#/studies/" + self.long_name)
        browser.until_text("#trials tbody", "infeasible")
        browser.click_text("Delete")
        browser.until_text("dialog", "Delete")
        yield "question"
        browser.open("#/comparisons/race")
        browser.until_text("#tests", "cannot be told apart")
        yield "comparison"

    expected_messages = ("the server responded with a status of 4",)
    long_name = "a-study-with-a-name-that-is-as-long-as-names-of-studies-can-ever"

    def make_studies(self):
        # Rate and weight decay that no training survives.
        self.post_study(self.long_name, model={"kind": "mlp", "activations": ["relu"], "weight_decay": 1}, parameters={
            "iterations": {"type": "integer", "values": [5, 20]},
            "learning_rate": {"type": "real", "values": [0.0075, 1000]},
            "units_1": {"type": "integer", "values": [3, 5]}})
        self.service.wait(self.long_name)
        self.service.post("/v1/studies", {
            "name": "of-a-program", "model": {"kind": "external"}, "objective": {"metric": "height", "goal": "maximize"},
            "parameters": {"x": {"type": "integer", "min": 1, "max": 9}}, "algorithm": {"name": "random"}})
        race = definition("race", algorithms=[{"name": "random"}, {"name": "tpe"}], seeds=2, budget={"trials": 5})
        del race["algorithm"]
        self.service.post("/v1/comparisons", race)
        self.service.until(lambda: self.service.get("/v1/comparisons/race").json["state"] == "completed", 600)
        for name, action in (("stopped", "stop"), ("paused", "pause")):
            self.post_study(**endless(name))
            self.service.post(f"/v1/studies/{name}/{action}")

    def test_nothing_is_wider_than_a_window_of_360_pixels(self):
        for made in (False, True):
            if made:
                self.make_studies()
            for width in (360, 768, 1440):
                self.browser.resize(width)
                for view in self.views():
                    with self.subTest(view=view, width=width):
                        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), width)
                        self.assertEqual(self.browser.run(WIDE), [])

    def test_text_stands_out_in_both_schemes(self):
        self.make_studies()
        for scheme in ("light", "dark"):
            self.browser.scheme(scheme)
            for view in self.views():
                with self.subTest(view=view, scheme=scheme):
                    texts, faint, ground = self.browser.run(FAINT)
                    self.assertGreater(texts, 5)
                    self.assertEqual(faint, [])
                    (self.assertLess if scheme == "dark" else self.assertGreater)(ground, 0.5)
                    edges, weak = self.browser.run(EDGES)
                    self.assertGreater(edges, 0)
                    self.assertEqual(weak, [])

    def test_lines_of_plots_are_told_apart_without_their_hue(self):
        self.post_study("lines")
        self.service.wait("lines")
        for scheme in ("light", "dark"):
            self.browser.scheme(scheme)
            self.browser.open("#/studies/lines")
            self.browser.until_text("#trials tbody", "%")
            self.browser.click("#trials tbody button")
            self.browser.until(lambda: self.browser.run(
                "return [...document.querySelectorAll('#trial canvas')].filter((c) => Chart.getChart(c)).length") == 2)
            grounds, between, dashed = self.browser.run(LINES, "train")
            with self.subTest(scheme=scheme):
                self.assertGreaterEqual(min(grounds), 3)
                self.assertGreaterEqual(between, 3)
                self.assertTrue(dashed)
                self.assertGreaterEqual(min(self.browser.run(LINES, "best so far")[0]), 3)

    def test_the_progress_bar_is_seen_in_forced_colours(self):
        # The bar is there while the study runs.
        self.post_study(**endless("forced"))
        self.service.until(lambda: self.service.get("/v1/studies/forced").json["progress"]["completed"])
        self.browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "forced-colors", "value": "active"}]})
        self.browser.open("#/studies/forced")
        self.browser.until(lambda: self.browser.all(".progress > span"))
        self.assertTrue(self.browser.run("return matchMedia('(forced-colors: active)').matches"))
        filling, track = self.browser.run(BYTES + """
            const bar = document.querySelector(".progress > span");
            return [bytes(getComputedStyle(bar).backgroundColor), behind(bar.parentElement)];""")
        self.assertNotEqual(filling, track)

    def test_the_focus_is_shown_on_what_can_be_pressed_alone(self):
        """A link that is followed by keyboard leads to the new view, and the view as a whole gets no ring."""
        ring = "const style = getComputedStyle(document.activeElement); return [document.activeElement.id, style.outlineStyle]"
        browser = self.browser
        browser.open()
        browser.until_text("main", "There is no study yet")
        for _ in range(5):
            browser.press(Keys.TAB)
        self.assertEqual(browser.focused(), "Data sets")
        self.assertEqual(browser.run(ring), ["", "solid"])
        browser.press(Keys.ENTER)
        browser.until_text("#datasets", "synthetic-cats")
        self.assertEqual(browser.run(ring), ["main", "none"])
        browser.press(Keys.TAB)
        self.assertEqual(browser.run(ring)[1], "solid")

    def test_plots_follow_the_scheme(self):
        self.make_studies()
        self.browser.open("#/studies/" + self.long_name)
        seen = set()
        for scheme in ("light", "dark", "light"):
            # Changed under the open page.
            self.browser.scheme(scheme)
            self.browser.until(lambda: self.browser.run(
                "return matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark"))
            colour = self.browser.run("return getComputedStyle(document.documentElement).getPropertyValue('--text')")
            seen.add(colour)
            self.browser.until(lambda: self.browser.run(
                "const canvas = document.querySelector('.plot canvas');"
                "return canvas && Chart.getChart(canvas)?.options.plugins.legend.labels.color") == colour)
        self.assertEqual(len(seen), 2)


if __name__ == "__main__":
    unittest.main()
