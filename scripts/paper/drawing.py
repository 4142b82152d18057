"""The page's three pictures, as SVG that is read on a light and on a dark ground."""
import html

import arithmetic as sums
import facts

STYLE = """.ground { fill: #fff } text { fill: #223; font-size: 12px } .strong { font-weight: 600; font-size: 13px }
.rule { stroke: #c9d0d8; stroke-width: 1 } .axis { stroke: #556; stroke-width: 1 } .never { stroke: #889; stroke-dasharray: 4 4 }
.end { text-anchor: end } .middle { text-anchor: middle }
.a { fill: #b3541e; stroke: #b3541e } .b { fill: #1f5fa8; stroke: #1f5fa8 } .c { fill: #5b6672; stroke: #5b6672 }
.line { fill: none; stroke-width: 2.5 } .thin { stroke-width: 1.2 } .label { stroke: none; font-weight: 600 }
@media (prefers-color-scheme: dark) {
.ground { fill: #11151b } text { fill: #dde3ea } .rule { stroke: #323a44 } .axis { stroke: #99a } .never { stroke: #889 }
.a { fill: #ffa366; stroke: #ffa366 } .b { fill: #7db4f0; stroke: #7db4f0 } .c { fill: #aeb8c2; stroke: #aeb8c2 }
}
.line { fill: none } .label { stroke: none }"""


def document(title, description, width, height, parts):
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" \
aria-labelledby="t d" font-family="system-ui, sans-serif">
<title id="t">{html.escape(title)}</title>
<desc id="d">{html.escape(description)}</desc>
<style>
{STYLE}
</style>
<rect class="ground" width="100%" height="100%"/>
{chr(10).join(parts)}
</svg>
"""


def text(x, y, words, kind=""):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{html.escape(words)}</text>'


def line(kind, x1, y1, x2, y2):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def dot(kind, x, y, radius=4.5):
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'


class Panel:
    """A rectangle with a scale of accuracies from 30 % to 90 % upwards, and a title."""

    def __init__(self, left, title, width=300, top=44, height=230, never=None):
        self.left, self.width, self.top, self.height = left, width, top, height
        self.parts = [text(left, 24, title, "strong")]
        for level in range(30, 100, 20):
            y = self.y(level / 100)
            self.parts += [line("rule", left, y, left + width, y), text(left - 6, y + 4, f"{level} %", "end")]
        if never is not None:
            self.parts.append(line("never", left, self.y(never), left + width, self.y(never)))

    def y(self, accuracy):
        return self.top + self.height * (0.9 - accuracy) / 0.6


def claimed_and_given(found):
    """For each weight seed: what the grid's best point claims, and what it gives with the other seeds."""
    parts = []
    for i, (key, held) in enumerate(found["networks"].items()):
        panel = Panel(50 + 370 * i, f"third layer {facts.CALLED[key]}", never=found["never"])
        rows = held["claims"][5]["by_seed"]
        for seed, row in enumerate(rows):
            x = panel.left + panel.width * (seed + 0.5) / len(rows)
            claim, gives = row["grid"]
            panel.parts += [line("c thin", x, panel.y(claim), x, panel.y(gives)), dot("a", x, panel.y(claim)),
                            dot("b", x, panel.y(gives)), text(x, panel.top + panel.height + 16, str(seed + 1), "middle")]
        panel.parts.append(text(panel.left + panel.width / 2, panel.top + panel.height + 34, "weight seed", "middle"))
        parts += panel.parts
    parts += [dot("a", 58, 326), text(68, 330, "what the winner of the grid claims"),
              dot("b", 328, 326), text(338, 330, "what the same point gives with the other seeds"),
              line("never", 630, 326, 650, 326), text(656, 330, "never a cat")]
    return document("What the grid's winner claims, and what it gives",
                    "For each weight seed, the accuracy of the grid's best point with that seed lies far above the mean accuracy "
                    "of the same point with the other seeds.", 740, 342, parts)


def curves(found):
    """The best accuracy after 1, 2, … evaluations with one weight seed: means over the weight seeds."""
    parts = []
    held = found["networks"]["course"]
    network = held["network"]
    length = found["plan"].told
    table, levels, repeats = network.tables[5], network.plan.levels, network.plan.repeats
    points = list(table)
    series = {"a": [], "b": [], "c": []}
    for seed in range(repeats):
        series["b"].append(sums.best_so_far(list(held["told"][seed].values()), length))
        values = [scores[seed] for scores in table.values()]
        series["c"].append([sums.expected_best(values, n) for n in range(1, length + 1)])
        several = [sums.best_so_far(list(sums.restarted(points, levels, lambda p: table[p][seed], length, s).values()), length)
                   for s in range(network.plan.simulations)]
        series["a"].append([sums.mean(column) for column in zip(*several)])
    panel = Panel(50, "Best accuracy so far, with one weight seed (third layer relu)", width=560, never=found["never"])

    def x(n):
        return panel.left + panel.width * n / length
    panel.parts += [text(x(n), panel.top + panel.height + 16, f"{n:,}", "middle")
                    for n in sorted({round(length * share / 5) for share in range(1, 6)})]
    panel.parts.append(text(panel.left + panel.width / 2, panel.top + panel.height + 34, "evaluations", "middle"))
    ends = {}
    for kind, lines in series.items():
        middle = [sums.mean(column) for column in zip(*lines)]
        ends[kind] = middle
        path = " ".join(f"{x(i + 1):.1f},{panel.y(v):.1f}" for i, v in enumerate(middle))
        panel.parts.append(f'<polyline class="{kind} line" points="{path}"/>')
    parts += panel.parts
    for place, (kind, name) in enumerate((("b", "Cairn's form"), ("c", "random"), ("a", "the paper's form"))):
        y = panel.top + 120 + 20 * place
        parts += [line(f"{kind} line", 440, y, 464, y), text(472, y + 4, name, f"{kind} label")]
    return document("Best accuracy by evaluations", "The mean over the weight seeds of the best accuracy that Cairn's form, "
                    "random search and the paper's form have found after each number of evaluations.", 640, 326, parts)


def paper_against_cairn(found):
    """The rows of Tables 2 and 3: the paper's accuracy to the right, Cairn's over the weight seeds upwards."""
    parts = []
    rows = [row for _, _, rows in facts.TABLES for row in rows]
    for i, (key, held) in enumerate(found["networks"].items()):
        panel = Panel(50 + 370 * i, f"third layer {facts.CALLED[key]}", never=found["never"])

        def x(accuracy):
            return panel.left + panel.width * (accuracy - 0.3) / 0.6
        panel.parts += [text(x(level / 100), panel.top + panel.height + 16, f"{level} %", "middle") for level in (30, 50, 70, 90)]
        panel.parts.append(text(panel.left + panel.width / 2, panel.top + panel.height + 34, "in the paper", "middle"))
        panel.parts.append(line("never", x(0.3), panel.y(0.3), x(0.9), panel.y(0.9)))
        for row in rows:
            scores = held["rows"][facts.scaled(row, found["plan"])]
            panel.parts += [line("b thin", x(row[-1] / 100), panel.y(min(scores)), x(row[-1] / 100), panel.y(max(scores))),
                            dot("b", x(row[-1] / 100), panel.y(sums.mean(scores)), 3.5)]
        parts += panel.parts
    parts.append(text(50, 330, f"Dot: mean of {found['plan'].repeats} weight seeds; line: from the lowest to the highest. "
                      "On the diagonal both would agree.", ""))
    return document("The paper's points, trained again", "For each row of the paper's Tables 2 and 3, the accuracy in the paper "
                    "and those of Cairn over several weight seeds.", 740, 342, parts)


def pictures(found):
    return {"paper-claims.svg": claimed_and_given(found), "paper-curves.svg": curves(found),
            "paper-points.svg": paper_against_cairn(found)}
