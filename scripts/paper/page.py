"""Writes the page: every number of the paper beside Cairn's, the claims, and what is to be said about both."""
import arithmetic as sums
import facts

METHODS = {"grid": "grid", "random": "random", "paper": "the paper's method", "cairn": "Cairn's form of it"}


def percent(value, digits=0):
    return f"{100 * value:.{digits}f} %"


def signed(value):
    return f"{value:+.1f}".replace("-", "−")


def points_between(values):
    """A difference in points of per cent, with its interval."""
    middle, ends = sums.interval([100 * v for v in values])
    return f"{signed(middle)}" + (f" ({signed(ends[0])} to {signed(ends[1])})" if ends else "")


def range_of(values):
    middle, ends = sums.interval(values)
    return f"{percent(middle)}" + (f" ({percent(ends[0])} to {percent(ends[1])})" if ends else "")


def verdict(differences, margin):
    """Whether a loss of at most `margin` points is certain, excluded, or neither, at 95 %."""
    middle, ends = sums.interval([100 * d for d in differences])
    low, high = ends or (middle, middle)
    if high <= margin:
        return "holds"
    return "does not hold" if low > margin else "cannot be decided"


def differences(held, dimensions, first, second):
    return [row[first][0] - row[second][0] for row in held["claims"][dimensions]["by_seed"]]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" if i == 0 else "---:" for i in range(len(head))) + " |"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def never(found):
    """The accuracy of the constant answer: what the grid's trials have most often."""
    values = [s for scores in found["networks"]["text"]["network"].tables[5].values() for s in scores]
    return max(sorted(set(values)), key=values.count)


def winner_of(outcome):
    means = {point: sums.mean(scores) for point, scores in outcome.points.items()}
    point = sums.winner(means)
    return point, means[point]


def drawn(network, draws, dimensions):
    """How many draws random search has; where the grid is smaller, so are all longer searches."""
    more = [n for n in network.plan.draws if n >= draws] if draws > network.size(dimensions) else [draws]
    return " or ".join(f"{n:,}" for n in more) + " draws"


def first_table(held):
    """The paper's Table 1, and both columns of Cairn's for one network."""
    network, fresh, rows = held["network"], held["fresh"], []
    for key, d, method, trials, start in network.entries():
        told = method in ("grid", "random", "paper")
        one, several = network.one[key], network.several[key]
        (first, claim), (second, value) = winner_of(one), winner_of(several)
        name = METHODS[method] + (f", {drawn(network, trials, d)}" if method == "random" else "") + (", from the paper's start" if start else "")
        rows.append([f"{name}, {d} parameters", f"{facts.hours(method, d)} h, {facts.accuracy(method, d)} %" if told else "–",
                     f"{len(one.rows):,}", percent(claim), percent(fresh[first]), percent(value), percent(fresh[second])])
    seeds = network.plan.repeats
    return table(["search", "paper", "evaluations", "one seed: claims", "gives", f"{seeds} seeds: claims", "gives"], rows)


def paper_start(held):
    """The paper's descent from the paper's own starts, by number of parameters and number of weight seeds."""
    network, found = held["network"], []
    for d in (5, 4):
        levels = list(network.plan.levels[:d]) + ([(5,)] if d == 4 else [])
        scores, start = network.tables[d], facts.scaled(facts.STARTS[d], network.plan)
        for several in (False, True):
            known = {}
            path = sums.descent(start, levels, lambda p: sums.mean(scores[p]) if several else scores[p][0], known)
            found.append((d, several, len(known), len(path) - 1, known[start], known[path[-1]], sums.mean(scores[path[-1]])))
    return found


def best_rows(found):
    """What the paper's best points give."""
    wanted = [("84 %", "Table 2, left, row 16", facts.TABLES[0][2][15]), ("82 %", "Table 2, right, row 8", facts.TABLES[1][2][7]),
              ("80 %", "Table 2, left, row 7", facts.TABLES[0][2][6]), ("80 %", "Table 3, first, row 6", facts.TABLES[2][2][5]),
              ("80 %", "Table 3, second, row 2", facts.TABLES[3][2][1])]
    rows = []
    for said, where, row in wanted:
        cells = [said, where, ", ".join(f"{v:g}" for v in row[:5])]
        for held in found["networks"].values():
            scores = held["rows"][facts.scaled(row, found["plan"])]
            cells += [range_of(scores), f"{percent(min(scores))} to {percent(max(scores))}"]
        rows.append(cells)
    return table(["the paper", "where", "point (ITR, LR, h1, h2, h3)", "relu: mean (95 %)", "from … to", "sigmoid: mean (95 %)",
                  "from … to"], rows)


def every_row(found):
    rows = []
    for where, _, listed in facts.TABLES:
        for i, row in enumerate(listed):
            cells = [f"{where}, {i + 1}", ", ".join(f"{v:g}" for v in row[:5]), f"{row[-1]} %"]
            for held in found["networks"].values():
                scores = held["rows"][facts.scaled(row, found["plan"])]
                cells += [percent(scores[0]), f"{percent(sums.mean(scores))} ± {100 * sums.deviation(scores):.0f}"]
            rows.append(cells)
    seeds = found["plan"].repeats
    return table(["row", "point", "paper", "relu: one seed", f"{seeds} seeds", "sigmoid: one seed", f"{seeds} seeds"], rows)


def correlations(found):
    rows = [row for _, _, listed in facts.TABLES for row in listed]
    said = [row[-1] for row in rows]
    return {key: sums.rank_correlation(said, [sums.mean(held["rows"][facts.scaled(row, found["plan"])]) for row in rows])
            for key, held in found["networks"].items()}


def seconds(found):
    network = found["networks"]["course"]["network"]
    rows = []
    for key, d, method, trials, start in network.entries():
        if key in network.timed():
            outcome = network.one[key]
            name = METHODS[method] + (f", {drawn(network, trials, d)}" if method == "random" else "")
            paper = f"{facts.hours(method, d)} h" if method != "cairn" else "–"
            rows.append([f"{name}, {d} parameters", f"{len(outcome.rows):,}", paper, f"{outcome.seconds:.1f} s", f"{outcome.cpu:.1f} s"])
    return table(["search", "evaluations", "paper", "Cairn, seconds", "its processor time"], rows)


def claim_rows(found):
    rows = []
    for d in (5, 4):
        for key, held in found["networks"].items():
            claims = held["claims"][d]
            one = differences(held, d, "grid", "paper_sixth")
            two = differences(held, d, "random", "paper_fifths")
            same = differences(held, d, "random_fifths", "paper_fifths")
            rows.append([f"{d} parameters, {facts.CALLED[key]}", f"{claims['sixth']}: {points_between(one)}", verdict(one, 2),
                         f"{claims['fifths']} against {claims['draws']:,}: {points_between(two)}", verdict(two, 2),
                         points_between(same)])
    return table(["", "1: grid less the method", "at most 2 points", "2: random less the method", "at most 2 points",
                  "random with as few evaluations, less the method"], rows)


def mean_of(held, dimensions, name, part):
    return sums.mean([row[name][part] for row in held["claims"][dimensions]["by_seed"]])


def third_claim(held, floor):
    ends = held["descents"]
    counts = sorted(count for count, *_ in ends)
    return {"median": counts[len(counts) // 2], "most": counts[-1],
            "never": sum(1 for _, end, _, _ in ends if end <= floor + 1e-9) / len(ends),
            "mean": sums.mean([end for _, end, _, _ in ends]),
            "eighty": sum(1 for _, end, _, _ in ends if end >= 0.82 - 1e-9) / len(ends),
            "unmoved": sum(1 for *_, moves in ends if moves == 1) / len(ends),
            "near": sum(1 for _, end, best, _ in ends if end >= best - 0.02 - 1e-9) / len(ends), "all": len(ends)}


def by_weights(rows, value):
    """Means by weight seed: searches that share a weight seed are no independent sample."""
    found = {}
    for row in rows:
        found.setdefault(row[0], []).append(value(row))
    return [sums.mean(values) for values in found.values()]


def optimism_rows(found):
    rows, plan = [], found["plan"]
    simulated = found["optimism"]
    rows.append(["one seed, from the table of all points", f"{len(simulated):,}",
                 range_of(by_weights(simulated, lambda r: r[1])), range_of(by_weights(simulated, lambda r: r[2])),
                 points_between(by_weights(simulated, lambda r: r[1] - r[2]))])
    for form, name in (("plain", "one seed, studies through the service"), ("confirm", "with `confirm`, the same budget")):
        held = found["confirm"][form]
        if held:
            rows.append([name, len(held), range_of(by_weights(held, lambda r: r[1])), range_of(by_weights(held, lambda r: r[2])),
                         points_between(by_weights(held, lambda r: r[1] - r[2]))])
        else:
            rows.append([name, "–", "–", "–", "not measured: this version has no `confirm`"])
    return table(["100 random trials a study", "studies", "the winner claims", "it gives", "optimism, points"], rows), plan.fresh
