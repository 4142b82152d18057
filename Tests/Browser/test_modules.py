"""The page's modules that compute and show nothing: called in the browser, without the page around them."""
import random
from xml.etree import ElementTree

from browser import PageCase

# Imports a module of the page, and gives what `body` returns; `$` is the module, `a` the arguments.
CALL = """
const done = arguments[arguments.length - 1];
import(arguments[0])
  .then(($) => (new Function("$", "a", "return (async () => { " + arguments[1] + " })()"))($, arguments[2]))
  .then((value) => done({ value }), (error) => done({ error: String(error) }));
"""

# Pieces of a body, a text each, sent in chunks that are cut anywhere, also inside a character.
EVENTS = """
const bytes = new TextEncoder().encode(a.text);
const body = new ReadableStream({
  start(controller) {
    let from = 0;
    for (const to of [...a.cuts, bytes.length]) { controller.enqueue(bytes.slice(from, to)); from = to; }
    controller.close();
  },
});
const events = [];
for await (const event of $.serverSentEvents(body)) events.push(event);
return events;
"""

# The rows of a table before and after it is filled anew: which of them are the same nodes, and what they say.
FILL = """
const table = document.createElement("tbody");
const row = ([key, text]) => $.element("tr", { "data-key": key }, $.element("td", {}, text));
$.fill(table, a.before.map(row));
const nodes = new Map([...table.children].map((tr) => [tr.dataset.key, tr]));
$.fill(table, a.after.map(row));
return {
  rows: [...table.children].map((tr) => [tr.dataset.key, tr.textContent]),
  kept: [...table.children].filter((tr) => nodes.get(tr.dataset.key) === tr).map((tr) => tr.dataset.key),
};
"""


class Modules(PageCase):
    def call(self, module, body, arguments=None):
        # The page's policy allows no code from texts, so the browser is asked to look away for this.
        self.browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        if not self.browser.driver.current_url.startswith(self.service.address):
            self.browser.open()
        result = self.browser.driver.execute_async_script(
            CALL, f"{self.service.address}/js/{module}.js", body, arguments)
        self.assertNotIn("error", result, result.get("error"))
        return result["value"]

    def test_where_a_pointer_points(self):
        text = '{"a": {"b": [1, "x,}", {"c/d": null, "e~f": tr}]}, "a\\"q": 5}'.replace("tr", "true")
        for pointer, named in {
                "": text, "/a": '{"b": [1, "x,}", {"c/d": null, "e~f": true}]}', "/a/b/0": "1", "/a/b/1": '"x,}"',
                "/a/b/2/c~1d": "null", "/a/b/2/e~0f": "true", '/a"q': "5",
                # What is not there: the nearest thing around it.
                "/a/b/7": '[1, "x,}", {"c/d": null, "e~f": true}]', "/a/z/y": '{"b": [1, "x,}", {"c/d": null, "e~f": true}]}',
                "/z": text}.items():
            start, end = self.call("json-text", "return $.locate(a.text, a.pointer)", {"text": text, "pointer": pointer})
            self.assertEqual(text[start:end], named, pointer)
        for broken in ("", "{", '{"a": }', "[1,]"):
            self.assertIsNone(self.call("json-text", "return $.locate(a, '/a')", broken))

    def test_text_for_people_is_the_same_json(self):
        values = [None, 1, "x", [], {}, [1, [2, {"a": []}]], {"a": {"b": {"c": [1, 2, "ü\n"]}}, "d": {}},
                  {"long": {f"name_{i}": i / 7 for i in range(20)}}]
        for value in values:
            text = self.call("json-text", "return $.pretty(a)", value)
            self.assertEqual(self.call("json-text", "return JSON.parse(a)", text), value)

    def test_events_come_whole_however_they_are_cut(self):
        text = ("event: study\nid: 1\ndata: {\"name\": \"größe 😀\"}\n\n"
                ": no study is running\n\n"
                "id: 2\ndata: a: b\n\n"
                "data: cut off")
        expected = [{"event": "study", "id": "1", "data": '{"name": "größe 😀"}'}, None, {"id": "2", "data": "a: b"}]
        size = len(text.encode())
        draws = random.Random(5)
        cuts = [[], list(range(1, size))] + [sorted(draws.sample(range(1, size), 5)) for _ in range(20)]
        for cut in cuts:
            self.assertEqual(self.call("server-sent-events", EVENTS, {"text": text, "cuts": cut}), expected, cut)

    def test_rows_that_stay_are_the_same_nodes(self):
        draws = random.Random(7)
        for _ in range(30):
            keys = [str(key) for key in range(8)]
            before = [[key, f"{key}-{draws.randint(0, 1)}"] for key in draws.sample(keys, draws.randint(0, 8))]
            after = [[key, f"{key}-{draws.randint(0, 1)}"] for key in draws.sample(keys, draws.randint(0, 8))]
            found = self.call("dom", FILL, {"before": before, "after": after})
            self.assertEqual(found["rows"], after)
            had = {key for key, _ in before}
            self.assertEqual(found["kept"], [key for key, _ in after if key in had])

    def test_numbers_for_people(self):
        cases = {
            "$.number(null)": "–", "$.number(3125)": "3125", "$.number(1/3)": "0.3333", "$.number(1e21)": "1e+21",
            "$.metric('validation_accuracy', 0.85)": "85.00 %", "$.metric('validation_loss', 0.000012345)": "0.00001234",
            "$.metric('validation_loss', 1.5)": "1.500", "$.seconds(0.0123)": "12 ms", "$.seconds(9.94)": "9.9 s",
            "$.seconds(100)": "100 s", "$.seconds(3600)": "60 min", "$.seconds(9000)": "2 h 30 min", "$.seconds(null)": "–",
            "$.parameter('relu')": "relu", "$.words('early_stop')": "early stop",
        }
        for expression, text in cases.items():
            self.assertEqual(self.call("format", f"return {expression}"), text, expression)

    def test_ranges_are_widened_in_their_own_steps(self):
        def real(**more):
            return {"type": "real", **more}

        def integer(**more):
            return {"type": "integer", **more}
        cases = [
            (real(values=[0.1, 0.2, 0.3]), "above", None, [0.1, 0.2, 0.3, 0.4, 0.5]),
            (real(values=[0.001, 0.01, 0.1]), "above", None, [0.001, 0.01, 0.1, 1, 10]),
            (real(values=[0.001, 0.01, 0.1]), "below", None, [0.00001, 0.0001, 0.001, 0.01, 0.1]),
            (integer(values=[10, 20, 30]), "above", {"max": 4096}, [10, 20, 30, 40, 50]),
            # What the model does not take is left out; its own end is there where it is nearer than a step.
            (integer(values=[10, 20, 30]), "above", {"max": 45}, [10, 20, 30, 40]),
            (integer(values=[10, 20, 30]), "above", {"max": 35}, [10, 20, 30, 35]),
            (integer(values=[10, 20, 30]), "above", {"max": 30}, [10, 20, 30]),
            # Steps that would lead to zero or below go by factors.
            (integer(values=[5, 10, 15]), "below", {"min": 1}, [2, 3, 5, 10, 15]),
            (integer(values=[1, 2, 3]), "below", {"min": 1}, [1, 2, 3]),
        ]
        for parameter, side, known, levels in cases:
            made = self.call("variants", "return $.widened({ parameters: { p: a[0], q: 1 } }, 'p', a[1], a[2])", [parameter, side, known])
            self.assertEqual(made, {"parameters": {"p": {**parameter, "values": levels}, "q": 1}}, (parameter, side, known))
        ranges = [
            (real(min=0, max=1), "above", None, {"max": 1.5}),
            (real(min=0.01, max=1, scale="log"), "above", None, {"max": 10}),
            (real(min=0.01, max=1, scale="log"), "below", None, {"min": 0.001}),
            (real(min=0, max=0.9), "above", {"exclusive_max": 1}, {"max": 0.95}),
            (real(min=0, max=0.9), "below", {"min": 0}, {"min": 0}),
            (integer(min=3, max=9, points=4), "above", {"max": 4096}, {"max": 12, "points": 6}),
        ]
        for parameter, side, known, change in ranges:
            made = self.call("variants", "return $.widened({ parameters: { p: a[0] } }, 'p', a[1], a[2])", [parameter, side, known])
            self.assertEqual(made, {"parameters": {"p": {**parameter, **change}}}, (parameter, side, known))
        for parameter in ({"type": "categorical", "values": ["a", "b", "c"]}, None):
            made = self.call("variants", "return $.widened({ parameters: { p: a } }, 'p', 'above')", parameter)
            self.assertEqual(made, {"parameters": {"p": parameter}})

    def test_a_clone_is_what_was_asked_for_with_its_edits(self):
        study = {
            "name": "tuned-3", "definition": {"name": "tuned-3", "budget": {"trials": 5, "seconds": 9}, "seed": 4, "notes": "old"},
            "edits": [{"from_trial": 3, "at": "", "changes": {"budget": {"trials": 8}}},
                      {"from_trial": 5, "at": "", "changes": {"budget": {"seconds": None}, "parallelism": 2}}],
            "labels": {"team": "a"}, "notes": "new",
        }
        made = self.call("variants", "return $.variant(a[0], a[1], new Set(a[2]))", [study, [], ["tuned-3", "tuned-4"]])
        self.assertEqual(made, {"name": "tuned-5", "budget": {"trials": 8}, "seed": 4, "parallelism": 2, "labels": {"team": "a"},
                                "notes": "new"})
        made = self.call("variants", "return $.variant(a[0], a[1], new Set(a[2]))", [study, ["seed"], []])
        self.assertEqual((made["name"], made["seed"], made["training_seed"]), ("tuned-4", 5, 1))

    def test_values_have_a_place_and_a_bin_on_an_axis(self):
        look = """
            const scale = $.parameterScale(a.parameter, a.tried ?? []);
            const bins = $.bins(scale, String);
            return { log: scale.log ?? false, labels: bins.list, of: a.values.map(bins.of), ticks: $.ticks(scale, 6),
                     places: a.values.map((value) => scale.place(value)) };"""

        def axis(parameter, values, tried=()):
            return self.call("plots/parameter-scale", look, {"parameter": parameter, "values": values, "tried": list(tried)})
        levels = axis({"type": "integer", "values": [10, 20, 40]}, [10, 20, 40, 15, None])
        self.assertEqual((levels["labels"], levels["of"], levels["log"]), (["10", "20", "40"], [0, 1, 2, -1, -1], False))
        self.assertEqual(levels["places"][:3], [0, 1 / 3, 1])
        factors = axis({"type": "real", "values": [0.001, 0.01, 0.1]}, [0.01])
        self.assertTrue(factors["log"])
        self.assertAlmostEqual(factors["places"][0], 0.5)
        # A prior may have tried what is not in the range.
        wider = axis({"type": "real", "min": 0, "max": 1}, [0, 2, 0.5], [0, 2, 0.3])
        self.assertEqual((wider["places"], wider["of"], len(wider["labels"])), ([0, 1, 0.25], [0, 11, 3], 12))
        whole = axis({"type": "integer", "min": 20, "max": 90}, [20, 25, 26, 90])
        self.assertEqual((whole["labels"][0], whole["labels"][-1], whole["of"]), ("20 to 25", "85 to 90", [0, 0, 1, 11]))
        self.assertEqual(whole["ticks"], [20, 40, 60, 80])
        self.assertEqual(axis({"type": "integer", "min": 3, "max": 6}, [4])["labels"], ["3", "4", "5", "6"])
        logs = axis({"type": "real", "min": 0.0001, "max": 0.1, "scale": "log"}, [0.0001, 0.1])
        self.assertEqual((logs["ticks"], logs["of"]), ([0.0001, 0.001, 0.01, 0.1], [0, 11]))
        names = axis({"type": "categorical", "values": ["adam", "sgd"]}, ["sgd", "adam", "x"])
        self.assertEqual((names["places"], names["of"]), ([1, 0, None], [1, 0, -1]))
        for nothing in ({"type": "real"}, {"type": "real", "min": 1, "max": 1}):
            self.assertEqual(axis(nothing, [None])["of"], [-1])

    def test_what_a_view_keeps_in_its_address(self):
        cases = [
            ("#/studies/a", {"sort": "-value"}, "#/studies/a?sort=-value"),
            ("#/studies/a?sort=-value&page=2", {"page": None}, "#/studies/a?sort=-value"),
            ("#/studies/a?sort=-value", {"sort": ""}, "#/studies/a"),
            ("#/studies/a?x=1", {"heat": "units_1,rate,best", "x": "a&b=c"}, "#/studies/a?x=a%26b%3Dc&heat=units_1,rate,best"),
            ("", {"q": "ü"}, "#/?q=%C3%BC"),
        ]
        for hash_, values, made in cases:
            self.assertEqual(self.call("address", "return $.withValues(a[0], a[1])", [hash_, values]), made)
            self.assertEqual(self.call("address", "return $.viewOf(a)", made), made.split("?")[0])

    def test_what_a_search_did(self):
        descents = [{"restart": 1, "path": [1, 3], "optimum": 3, "stop_reason": "local_optimum"},
                    {"restart": 2, "path": [6], "optimum": 6, "stop_reason": None}]
        origins = [[1, {"kind": "start", "restart": 1}], [2, {"kind": "poll", "restart": 1, "centre": 1}],
                   [3, {"kind": "poll", "restart": 1, "centre": 1}], [6, {"kind": "start", "restart": 2}],
                   [7, {"kind": "model_step", "restart": 2, "centre": 6, "gradient": "units_1:-0.5,rate:2,kind"}]]
        look = "const steps = $.searchSteps(a.numbers, new Map(a.origins), a.descents);"
        given = {"numbers": [1, 2, 3, 6, 7, 8], "origins": origins, "descents": descents}
        words = self.call("plots/search-steps", look + "return steps.map($.stepWords)", given)
        self.assertEqual(words, ["start, descent 1", "poll, descent 1, from trial 1, refused",
                                 "poll, descent 1, from trial 1, accepted, best of its descent", "start, descent 2",
                                 "model step, descent 2, from trial 6, refused", ""])
        self.assertEqual(self.call("plots/search-steps", look + "return [...steps[4].gradient]", given), [["units_1", -0.5], ["rate", 2]])
        self.assertEqual(self.call("plots/search-steps", look + "return [...$.lastTrials(steps)]", given), [[1, 3], [2, 7]])
        # What came of a trial that still runs is not known.
        running = self.call("plots/search-steps", look.replace("a.descents", "a.descents, new Set([7])") + "return $.stepWords(steps[4])", given)
        self.assertEqual(running, "model step, descent 2, from trial 6")
        # Without origins, as of a study whose trials are too many, the descents alone tell.
        bare = self.call("plots/search-steps", look + "return steps.map($.stepWords)", {**given, "origins": []})
        self.assertEqual(bare[:4], ["descent 1", "", "descent 1, accepted, best of its descent", "descent 2"])

    def test_points_of_one_spot_are_spread_around_it(self):
        found = self.call("plots/search-steps", "return $.spread(a.keys, a.room, a.apart)",
                          {"keys": ["a", "b", *["a"] * 500, None, None], "room": 20, "apart": 7})
        self.assertEqual([found[0], found[1], found[-1], found[-2]], [[0, 0]] * 4)
        far = [(x * x + y * y) ** 0.5 for x, y in found[2:-2]]
        self.assertAlmostEqual(max(far), 20)
        self.assertEqual(len({(round(x, 2), round(y, 2)) for x, y in found[2:-2]}), 500)
        few = self.call("plots/search-steps", "return $.spread(['a', 'a'], 20, 7)")
        self.assertEqual([round((x * x + y * y) ** 0.5, 6) for x, y in few], [0, 7])
        up_to = "return a.map((one) => $.lastUpTo([2, 5, 9], one))"
        self.assertEqual(self.call("plots/search-steps", up_to, [0, 1, 2, 4, 5, 9, 100]), [-1, -1, 0, 0, 1, 2, 2])
        even = "const s = $.byOrder({ levels: a, numeric: true, place: () => 9 }); return [1, 10, 100, 7].map(s.place)"
        self.assertEqual(self.call("plots/search-steps", even, [1, 10, 100]), [0, 0.5, 1, None])

    def test_a_pen_writes_what_a_canvas_draws(self):
        """The same drawing by both, compared pixel by pixel where shapes are whole; and texts, clips and transformations."""
        found = self.call("plots/svg-pen", """
            const draw = (pen) => {
              pen.fillStyle = "#fff";
              pen.fillRect(0, 0, 200, 120);
              pen.save();
              pen.fillStyle = "rgba(255, 0, 0, 0.5)";
              pen.translate(20, 10);
              pen.scale(2, 2);
              pen.fillRect(0, 0, 20, 20);
              pen.restore();
              pen.save();
              pen.beginPath();
              pen.rect(100, 10, 40, 40);
              pen.clip();
              pen.beginPath();
              pen.rect(120, 0, 60, 120);
              pen.clip();
              pen.fillStyle = "blue";
              pen.fillRect(0, 0, 200, 120);
              pen.restore();
              pen.strokeStyle = "green";
              pen.lineWidth = 4;
              pen.setLineDash([10, 10]);
              pen.beginPath();
              pen.moveTo(20, 80);
              pen.lineTo(100, 80);
              pen.stroke();
              pen.setLineDash([]);
              pen.globalAlpha = 0.5;
              pen.fillStyle = "#000";
              pen.beginPath();
              pen.arc(150, 85, 25, 0, 2 * Math.PI);
              pen.moveTo(165, 85);
              pen.arc(150, 85, 10, 0, Math.PI, true);
              pen.closePath();
              pen.fill("evenodd");
              pen.fillStyle = undefined;
              pen.lineWidth = 0;
              pen.save();
              pen.setTransform(1, 0, 0, 1, 0, 0);
              pen.translate(10, 110);
              pen.rotate(Math.PI / 2);
              pen.fillRect(-4, -4, 4, 4);
              pen.restore();
            };
            const sheet = () => Object.assign(document.createElement("canvas"), { width: 200, height: 120 }).getContext("2d", { willReadFrequently: true });
            const canvas = sheet();
            draw(canvas);
            const pen = new $.SvgPen(200, 120);
            draw(pen);
            const image = new Image();
            image.src = "data:image/svg+xml," + encodeURIComponent(String(pen));
            await image.decode();
            const other = sheet();
            other.drawImage(image, 0, 0);
            const [one, two] = [canvas, other].map((each) => each.getImageData(0, 0, 200, 120).data);
            let different = 0;
            for (let at = 0; at < one.length; at += 4) {
              if ([0, 1, 2].some((part) => Math.abs(one[at + part] - two[at + part]) > 40)) different += 1;
            }
            const inside = pen.at(5, 5);
            inside.font = "600 italic 12px Some, 'Sans'";
            inside.textAlign = "right";
            inside.fillText('<b> & "q" \u0007ü', 10, 20);
            inside.strokeText("squeezed into little", 10, 40, 20);
            inside.resetTransform();
            inside.fillText("", 1, 1);
            let refused = false;
            try { inside.stroke(new Path2D()); } catch { refused = true; }
            return [different, String(pen), inside.look("fillStyle"), refused];""")
        different, text, look, refused = found
        # Edges are smoothed differently.
        self.assertLess(different, 40)
        root = ElementTree.fromstring(text)
        texts = [one for one in root.iter() if one.tag.endswith("text")]
        self.assertEqual([one.text for one in texts], ['<b> & "q" ü', "squeezed into little"])
        self.assertEqual((texts[0].get("text-anchor"), texts[0].get("font-weight"), texts[0].get("font-style"), texts[0].get("font-size")),
                         ("end", "600", "italic", "12"))
        self.assertEqual((texts[0].get("transform"), texts[1].get("textLength")), ("matrix(1 0 0 1 5 5)", "20"))
        self.assertEqual((look, refused), ("#000000", True))

    def test_which_studies_a_list_shows(self):
        def study(name, made, value, state="completed", **more):
            return {"name": name, "created_at": made, "best": None if value is None else {"value": value}, "state": state, "labels": {},
                    "dataset": "d", "algorithm": "grid", "objective": {"metric": "m", "goal": "maximize"},
                    "progress": {"completed": 2, "infeasible": 0, "failed": 0, "pruned": 0}, **more}
        studies = [study("a-10", "1", 0.5), study("a-9", "2", None, "running", labels={"team": "x:y"}), study("b", "3", 0.7, dataset="e")]
        look = "return $.ordered(a[0], a[1]).map(({ name }) => name)"
        for order, names in {"made": ["b", "a-9", "a-10"], "-made": ["a-10", "a-9", "b"], "name": ["a-9", "a-10", "b"], "best": ["b", "a-10", "a-9"],
                             "-best": ["a-10", "b", "a-9"], "state": ["a-9", "b", "a-10"], "nothing": ["b", "a-9", "a-10"]}.items():
            self.assertEqual(self.call("study-list", look, [studies, order]), names, order)
        fits = "return a[0].filter((one) => $.fits(one, a[1])).map(({ name }) => name)"
        for wanted, names in (({}, ["a-10", "a-9", "b"]), ({"name": " A-"}, ["a-10", "a-9"]), ({"state": "running"}, ["a-9"]), ({"label": "team"}, ["a-9"]),
                              ({"label": "team:x:y"}, ["a-9"]), ({"label": "team:x"}, []), ({"label": "toString"}, []), ({"dataset": "e"}, ["b"])):
            self.assertEqual(self.call("study-list", fits, [studies, wanted]), names, wanted)
        self.assertEqual(self.call("study-list", "return $.queryOf(a)", {"name": "n", "state": "", "label": "a:b", "dataset": "x y"}), "label=a%3Ab&dataset=x+y")
        self.assertEqual(self.call("study-list", "return [$.isComparable(a), $.isComparable(a.slice(1)), $.isComparable(a.slice(2))]", studies),
                         [True, True, False])

    def test_how_values_are_spread(self):
        look = "const rising = $.sorted(a); return [rising, $.steps(rising, 600), [0, 0.25, 0.5, 1].map((share) => $.quantile(rising, share))]"
        rising, steps, quantiles = self.call("plots/quantiles", look, [0.5, None, 0.25, 0.5, 1])
        self.assertEqual(rising, [0.25, 0.5, 0.5, 1])
        self.assertEqual(steps, [{"x": 0.25, "y": 0}, {"x": 0.25, "y": 25}, {"x": 0.5, "y": 75}, {"x": 1, "y": 100}])
        self.assertEqual(quantiles, [0.25, 0.25, 0.5, 1])
        self.assertEqual(self.call("plots/quantiles", look, []), [[], [], [None] * 4])
        many = self.call("plots/quantiles", "return $.steps(Array.from({ length: 10000 }, (_, i) => i), 500)")
        self.assertTrue(400 < len(many) < 600, len(many))
        for step in many[1:]:
            self.assertAlmostEqual(step["y"], (step["x"] + 1) / 100)
        self.assertEqual(many[-1], {"x": 9999, "y": 100})

    def test_which_worker_ran_what_when(self):
        def trial(number, worker, start, end, state="completed"):
            at = (lambda second: None if second is None else f"2026-01-01T00:00:{second:06.3f}Z")
            return {"number": number, "worker": worker, "started_at": at(start), "finished_at": at(end), "state": state, "last_heartbeat_at": None}
        trials = [trial(1, "w10", 1, 3), trial(2, "w9", 2, 4), trial(3, "w10", 2, 5), trial(4, "w10", 3, 4), trial(5, "w9", 6, None, "running"),
                  trial(6, None, None, None, "queued"), trial(7, "w9", 5, None, "queued")]
        found = self.call("plots/timeline-rows", "return $.lanes(a, 100)", trials)
        self.assertEqual([(lane["worker"], lane["rows"], lane["busy"]) for lane in found["lanes"]], [("w9", 1, 2000), ("w10", 2, 4000)])
        self.assertEqual([(bar["number"], bar["from"], bar["to"], bar["row"]) for bar in found["lanes"][1]["bars"]],
                         [(1, 0, 2000, 0), (3, 1000, 4000, 1), (4, 2000, 3000, 0)])
        self.assertEqual((found["span"], found["count"]), (5000, 5))
        self.assertEqual(self.call("plots/timeline-rows", "return $.lanes(a, 2).count", trials), 1)
        self.assertEqual(self.call("plots/timeline-rows", "return $.lanes([], 2).lanes"), [])
        ticks = "return a.map((span) => [$.timeTicks(span, 6).length, $.timeText($.timeTicks(span, 6)[1] ?? 0)])"
        self.assertEqual(self.call("plots/timeline-rows", ticks, [0, 9, 4200, 100_000, 7_200_000, 1e10]),
                         [[1, "0"], [5, "2 ms"], [5, "1 s"], [4, "30 s"], [5, "30 min"], [6, "20 d"]])

    def test_what_a_description_of_an_api_says(self):
        document = {"paths": {"/a/{name}": {"parameters": [{"$ref": "#/components/parameters/Name"}], "get": {"operationId": "one"}, "delete": {}}},
                    "components": {"parameters": {"Name": {"name": "name", "in": "path"}}}}
        found = self.call("openapi", "return $.operations(a).map(({ method, id, parameters }) => [method, id, parameters.map(({ name }) => name)])", document)
        self.assertEqual(found, [["GET", "one", ["name"]], ["DELETE", "delete /a/{name}", ["name"]]])
        text = "return $.typeOf(a).map((one) => one.schema ? `<${one.schema}>` : one).join('')"
        for schema, wanted in (({"type": ["integer", "null"], "minimum": 1}, "integer from 1 or null"), ({"enum": ["a", None]}, "a, null"),
                               ({"type": "array", "items": {"$ref": "#/x/Study"}}, "list of <Study>"), ({}, "anything"),
                               ({"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]}, "string up to 5 characters or null"),
                               ({"type": "object", "additionalProperties": {"type": "number"}}, "object, each of it number")):
            self.assertEqual(self.call("openapi", text, schema), wanted, schema)
        same = self.call("openapi", "return $.answers({}, a).map(({ statuses, answer }) => [statuses, answer.description])",
                         {"200": {"description": "x"}, "400": {"description": "y"}, "404": {"description": "y"}})
        self.assertEqual(same, [[["200"], "x"], [["400", "404"], "y"]])
        rows = self.call("openapi", "return $.members(a).map(({ name, isNeeded, depth }) => [name, isNeeded, depth])", {
            "type": "object", "required": ["b"], "properties": {"a": {"type": "array", "items": {"properties": {"c": {}}}}, "b": {"$ref": "#/x/B"}}})
        self.assertEqual(rows, [["a", False, 0], ["c", False, 1], ["b", True, 0]])

    def test_what_the_trials_of_a_bin_reached(self):
        look = "return [...$.summed(a.keys, a.values, [1, 2, 3, 4, 5], a.maximize)]"
        given = {"keys": [0, 0, 1, -1, 0], "values": [0.5, 0.75, None, 1, 0.25]}
        for maximize, best, number in ((True, 0.75, 2), (False, 0.25, 5)):
            found = self.call("plots/parameter-scale", look, {**given, "maximize": maximize})
            self.assertEqual(found, [[0, {"count": 3, "mean": 0.5, "best": best, "number": number}]])

    def test_colours_rise_and_can_be_read_on(self):
        light = "(c) => c.map((v) => (v / 255) ** 2.2).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)"
        found = self.call("plots/colours", f"""
            const light = {light};
            const shades = Array.from({{ length: 101 }}, (_, i) => $.shade(i / 100));
            return shades.map((one) => [light(one), $.ink(one)]);""")
        self.assertEqual([value for value, _ in found], sorted(value for value, _ in found))
        for value, ink in found:
            self.assertGreater((1.05 / (value + 0.05)) if ink == "#fff" else (value + 0.05) / 0.05, 4.4)
        share = "const g = $.goodness(a.values, a.maximize); return [...a.values.map((v) => (v === null ? null : g.share(v))), g.best]"
        self.assertEqual(self.call("plots/colours", share, {"values": [0, 5, 10, None], "maximize": True}), [0, 0.5, 1, None, 10])
        self.assertEqual(self.call("plots/colours", share, {"values": [0, 5, 10, None], "maximize": False}), [1, 0.5, 0, None, 0])
        self.assertEqual(self.call("plots/colours", share, {"values": [3, 3], "maximize": True}), [1, 1, 3])
