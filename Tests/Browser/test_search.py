"""The search on two of its parameters: what is drawn after which trial, what the address keeps of it, and plots saved as pictures."""
import re
import unittest
import xml.etree.ElementTree as ElementTree

from browser import Keys, PageCase, percent, webdriver

SVG = "{http://www.w3.org/2000/svg}"
# What would be saved is looked at instead.
CATCH = """
window.saved = [];
const made = new Map();
URL.createObjectURL = (blob) => { const url = `blob:${made.size}`; made.set(url, blob); return url; };
HTMLAnchorElement.prototype.click = function () { window.saved.push({ name: this.download, blob: made.get(this.getAttribute("href")) }); };
"""
TEXT = "const done = arguments[arguments.length - 1]; window.saved.at(-1).blob.text().then(done)"
BYTES = """
const done = arguments[arguments.length - 1];
createImageBitmap(window.saved.at(-1).blob).then((image) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  const colours = new Set();
  for (let at = 0; at < data.length; at += 4) colours.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  done([image.width, image.height, colours.size, [...data.slice(0, 4)]]);
});
"""


class Pictures(PageCase):
    def show(self, selector):
        """Scrolls to a plot, which is drawn only when it is near."""
        self.browser.until(lambda: self.browser.run(
            "const found = document.querySelector(arguments[0]); if (!found?.getClientRects().length) return false;"
            "found.scrollIntoView({ block: 'center' }); return true", selector))

    def save(self, section, kind):
        """Presses a button of a plot, and gives the file's name."""
        if not self.browser.run("return Boolean(window.saved)"):
            self.browser.run(CATCH)
        count = self.browser.run("return window.saved.length")
        self.browser.run("[...document.querySelector(arguments[0]).querySelectorAll('.pictures button')]"
                         ".find((one) => one.textContent === arguments[1]).click()", section, kind)
        self.browser.until(lambda: self.browser.run("return window.saved.length") > count)
        return self.browser.run("return window.saved.at(-1).name")

    def svg(self, section):
        """The plot as SVG: its root, and its name."""
        name = self.save(section, "SVG")
        return ElementTree.fromstring(self.browser.driver.execute_async_script(TEXT)), name


class Search(Pictures):
    def setUp(self):
        super().setUp()
        self.post_study("searched", algorithm={"name": "approximate_gradient", "preset": "paper", "restarts": 3})
        self.service.wait("searched")
        self.trials = self.service.all("/v1/studies/searched/trials")
        self.descents = self.service.all("/v1/studies/searched/restarts")

    def open(self, query=""):
        self.browser.open(f"#/studies/searched{query}")
        self.show("#search")
        self.browser.until_text("#search .now", "Trial")

    def kinds(self):
        """How many points, squares and stars the picture has: by what their paths consist of."""
        root, _ = self.svg("#search")
        paths = [path for path in root.iter(SVG + "path") if path.get("clip-path") is None]
        filled = [path for path in paths if path.get("fill") not in (None, "none")]
        return {
            "points": sum(len(re.findall("A", path.get("d"))) == 3 for path in filled),
            "stars": sum(len(re.findall("L", path.get("d"))) == 7 for path in filled),
            "dashed": sum(path.get("stroke-dasharray") is not None for path in paths),
        }

    def test_each_trial_as_the_search_saw_it(self):
        self.open()
        last = self.trials[-1]
        self.assertEqual(len(self.descents), 3)
        self.assertIn(f"Trial {last['number']} of {len(self.trials)}: {percent(last['value'])}", self.browser.text("#search .now"))
        valued = [t for t in self.trials if t["value"] is not None]
        found = self.kinds()
        self.assertEqual((found["points"], found["stars"]), (len(valued), len(self.descents)))
        # What was refused in the last descent.
        moves = {number for one in self.descents for number in one["path"]}
        refused = [t for t in self.trials if t["origin"].get("restart") == 3 and "centre" in t["origin"] and t["number"] not in moves]
        self.assertEqual(found["dashed"], len(refused))
        # The same in words and numbers.
        self.browser.run("document.querySelector('#search details').open = true")
        rows = self.browser.until(lambda: self.browser.run(
            "return [...document.querySelectorAll('#search tbody tr')].map((tr) => [...tr.children].map((td) => td.innerText))"))
        self.assertEqual([int(row[0]) for row in rows], [t["number"] for t in self.trials][::-1][:25])
        optima = {one["optimum"] for one in self.descents}
        for row in rows:
            trial = self.trials[int(row[0]) - 1]
            self.assertEqual(row[1:4], [str(trial["parameters"]["iterations"]), str(trial["parameters"]["learning_rate"]), percent(trial["value"])])
            self.assertEqual("best of its descent" in row[4], trial["number"] in optima)
            if "centre" in trial["origin"]:
                self.assertIn(f"from trial {trial['origin']['centre']}", row[4])
                self.assertIn("accepted" if trial["number"] in moves else "refused", row[4])

    def test_the_slider_replays_it(self):
        browser = self.browser
        self.open()
        browser.run("document.querySelector('#search-step').focus()")
        browser.press(Keys.HOME)
        browser.until_text("#search .now", "Trial 1 of")
        browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        browser.until_text("#search .now", "Trial 3 of")
        self.assertEqual(self.kinds()["points"], 3)
        self.assertEqual(self.kinds()["stars"], 0)
        best = max(self.trials[:3], key=lambda t: (t["value"], -t["number"]))
        self.assertIn(f"best until then {percent(best['value'])}, trial {best['number']}", browser.text("#search .now"))
        self.assertIn("trial 3 of", browser.run("return document.querySelector('#search-step').ariaValueText"))
        browser.until(lambda: "at=3" in browser.run("return location.hash"))
        browser.click("#search-open")
        browser.until_text("#trial h2", "Trial 3")
        # Played from here to the end, and then from the beginning.
        self.show("#search .replay")
        browser.click_text("Play")
        browser.until_text("#search .now", f"Trial {len(self.trials)} of")
        browser.until(lambda: browser.texts("#search .replay button")[0] == "Play")
        browser.until(lambda: "at=" not in browser.run("return location.hash"))

    def test_the_address_keeps_axes_and_place(self):
        browser = self.browser
        self.open("?search=units_1,iterations&at=5")
        browser.until_text("#search .now", "Trial 5 of")
        value = "return [document.querySelector('#search-x').value, document.querySelector('#search-y').value]"
        self.assertEqual(browser.run(value), ["units_1", "iterations"])
        self.assertIn("units 1 and iterations", browser.run("return document.querySelector('#search canvas').ariaLabel"))
        browser.run("const field = document.querySelector('#search-y'); field.value = 'learning_rate'; field.dispatchEvent(new Event('change'))")
        browser.until(lambda: "search=units_1,learning_rate" in browser.run("return location.hash"))
        browser.driver.back()
        browser.until(lambda: browser.run(value) == ["units_1", "iterations"])
        browser.driver.forward()
        browser.until(lambda: browser.run(value) == ["units_1", "learning_rate"])
        # What the address cannot mean is as usual.
        self.open("?search=nothing,units_1&at=many&sort=nothing&page=x&heat=a,b,c&marked=q:1:2,units_1&over=q&log=q")
        self.assertEqual(browser.run(value), ["iterations", "units_1"])
        browser.until_text("#search .now", f"Trial {len(self.trials)} of")

    def test_a_point_that_is_pressed_shows_its_trial(self):
        self.open()
        browser = self.browser
        # The last trial has the ring; it is drawn last, and its middle is where its arcs begin, less the radius.
        root, _ = self.svg("#search")
        ring = [path for path in root.iter(SVG + "path") if "A" in path.get("d")][-1]
        right, middle = (float(part) for part in re.match(r"M([\d.]+) ([\d.]+)", ring.get("d")).groups())
        radius = float(re.search(r"A([\d.]+)", ring.get("d"))[1])
        box = browser.run("const b = document.querySelector('#search canvas').getBoundingClientRect(); return [b.left, b.top]")
        x, y = box[0] + right - radius - 16, box[1] + middle - 52
        actions = webdriver.ActionChains(browser.driver)
        actions.w3c_actions.pointer_action.move_to_location(round(x), round(y))
        actions.perform()
        last = self.trials[-1]
        browser.until_text("#search .tip", f"trial {last['number']}: {percent(last['value'])}")
        self.assertIn(f"units 1 {last['parameters']['units_1']}", browser.text("#search .tip"))
        actions = webdriver.ActionChains(browser.driver)
        actions.w3c_actions.pointer_action.click()
        actions.perform()
        browser.until_text("#trial h2", f"Trial {last['number']}")


class Kept(Pictures):
    """The rest of what a study's address keeps, and pictures of its plots."""

    def setUp(self):
        super().setUp()
        self.post_study("plain")
        self.service.wait("plain")

    def test_a_link_shows_the_same_view(self):
        browser = self.browser
        browser.open("#/studies/plain")
        browser.until_text("#trials tbody", "%")
        browser.click_text("Over seconds")
        browser.click_text("Log values")
        browser.run("[...document.querySelectorAll('#trials th button')].find((b) => b.textContent === 'units 1').click()")
        self.show("#heat-map")
        browser.until(lambda: browser.all("#heat-map td button"))
        for field, value in (("heat-y", "units_1"), ("heat-what", "best")):
            browser.run("const field = document.getElementById(arguments[0]); field.value = arguments[1];"
                        "field.dispatchEvent(new Event('change'))", field, value)
        self.show("#parallel")
        browser.until_text("#parallel", "Drag along an axis")
        browser.run("document.querySelector('#parallel details').open = true")
        browser.run("const field = document.querySelector('#stretch-units_1-from'); field.value = 4; field.dispatchEvent(new Event('change'))")
        browser.until_text(".pager", "12 of 18 trials")
        address = browser.run("return location.hash")
        look = ("return [[...document.querySelectorAll('[aria-pressed=true]')].map((b) => b.textContent),"
                "[...document.querySelectorAll('#trials th')].filter((th) => th.ariaSort !== 'none').map((th) => [th.textContent, th.ariaSort]),"
                "[...document.querySelectorAll('#heat-map select')].map((one) => one.value), document.querySelector('.pager .quiet').textContent]")
        before = browser.run(look)
        self.assertEqual(before, [["Over seconds", "Log values"], [["units 1", "descending"]], ["iterations", "units_1", "best"],
                                  "12 of 18 trials, page 1 of 1"])
        browser.open(address)
        browser.until_text("#trials tbody", "%")
        self.show("#parallel")
        browser.until_text(".pager", "12 of 18 trials")
        self.assertEqual(browser.run(look), before)
        # Back through all of it, and the address without any of it is the usual view.
        browser.run("location.hash = '#/studies/plain'")
        browser.until(lambda: browser.run(look) == [[], [["Trial", "descending"]], ["iterations", "learning_rate", "mean"], "18 trials, page 1 of 1"]
                      or browser.run(look)[0] == ["Over trials"])
        browser.until_text(".pager", "18 trials, page 1 of 1")
        browser.driver.back()
        browser.until(lambda: browser.run(look) == before)

    def test_each_plot_is_saved_as_svg_and_png(self):
        browser = self.browser
        browser.open("#/studies/plain")
        browser.until_text("#trials tbody", "%")
        trials = [t for t in self.service.all("/v1/studies/plain/trials") if t["value"] is not None]
        wanted = {".columns.late section": ("best-so-far", "best so far"), "#search": ("search", "learning rate, levels evenly spaced"),
                  "#slices": ("slices", "units 1"), "#heat-map": ("heat-map", "learning rate"), "#parallel": ("parallel", "validation accuracy")}
        for section, (plot, text) in wanted.items():
            self.show(section)
            browser.until(lambda: browser.run("return [...document.querySelector(arguments[0]).querySelectorAll('canvas, .heat td button')].length", section))
            if section == "#slices":
                browser.until(lambda: browser.run("return [...document.querySelectorAll('#slices canvas')].every((c) => Chart.getChart(c)?.data.datasets[1].data.length)"))
            if section == "#parallel":
                browser.until_text("#parallel", "Drag along an axis")
            with self.subTest(plot=plot):
                root, name = self.svg(section)
                self.assertEqual(name, f"plain-{plot}.svg")
                texts = ["".join(one.itertext()) for one in root.iter(SVG + "text")]
                self.assertIn("plain", texts)
                self.assertTrue(any(text in one for one in texts), texts)
                shapes = len(list(root.iter(SVG + "path")))
                self.assertGreater(shapes, 6 if plot == "heat-map" else len(trials))
                self.assertEqual(self.save(section, "PNG"), f"plain-{plot}.png")
                width, height, colours, corner = browser.driver.execute_async_script(BYTES)
                self.assertEqual((width, height), (2 * int(root.get("width")), 2 * int(root.get("height"))))
                self.assertGreater(colours, 5)
                self.assertEqual(corner, [255, 255, 255, 255])


class SearchOfMany(Pictures):
    """20,000 trials, of which a part is drawn."""

    def setUp(self):
        super().setUp()
        self.serve_many(20_000)

    def test_a_part_is_drawn_and_said_so(self):
        browser = self.browser
        browser.open("#/studies/many?search=learning_rate,momentum&at=10000")
        self.show("#search")
        browser.until_text("#search .now", "of 20000")
        number = int(re.search(r"Trial (\d+) of", browser.text("#search .now"))[1])
        self.assertTrue(9900 < number <= 10000, number)
        browser.until_text("#search-key", "of the 20000 trials are drawn")
        columns = self.service.get("/v1/studies/many/columns").json
        browser.run("[...document.querySelectorAll('#search .replay button')].at(-1).click()")
        browser.until_text("#search .now", f"trial {columns['best']}")


if __name__ == "__main__":
    unittest.main()
