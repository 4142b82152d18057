"""What can be held by numbers: nothing wider than a small window, and contrast in both colour schemes."""
import unittest

from browser import Keys, PageCase, endless
from views import LONG_NAME, all_views, empty_views, make_studies

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
    expected_messages = ("the server responded with a status of 4",)

    def test_nothing_is_wider_than_a_window_of_360_pixels(self):
        for made, views in ((False, empty_views), (True, all_views)):
            if made:
                make_studies(self)
            for width in (360, 768, 1440):
                self.browser.resize(width)
                for view in views(self.browser):
                    with self.subTest(view=view, width=width):
                        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), width)
                        self.assertEqual(self.browser.run(WIDE), [])

    def test_text_stands_out_in_both_schemes(self):
        make_studies(self)
        for scheme in ("light", "dark"):
            self.browser.scheme(scheme)
            for view in all_views(self.browser):
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
        make_studies(self)
        self.browser.open("#/studies/" + LONG_NAME)
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
