"""Runs the paper's studies through the service, and what is simulated on their tables."""
import sys

import arithmetic as sums
import facts

# What the studies of one network are called on the page.
FORMS = {"grid": {"name": "grid"}, "random": {"name": "random"},
         "paper": {"name": "approximate_gradient", "preset": "paper"}, "cairn": {"name": "approximate_gradient"}}


class Network:
    """The outcomes for one network: studies with one and with several weight seeds, and the table of the whole grid."""

    def __init__(self, service, key, dataset, plan, say):
        self.service, self.key, self.dataset, self.plan, self.say = service, key, dataset, plan, say
        self.one, self.several = {}, {}

    def definition(self, name, dimensions, algorithm, levels=None, **more):
        axes = list(zip(facts.AXES, levels or self.plan.levels))
        model = {"kind": "mlp", "activations": facts.NETWORKS[self.key]}
        if dimensions == 4:
            axes.pop()
            model["units_3"] = 5
        kinds = {axis: "real" if axis == "learning_rate" else "integer" for axis, _ in axes}
        repeats = more.pop("repeats", 1)
        return {"name": f"{self.key}-{name}", "dataset": self.dataset, "model": model, "algorithm": algorithm,
                "parameters": {axis: {"type": kinds[axis], "values": list(values)} for axis, values in axes},
                "objective": {"metric": "validation_accuracy", "goal": "maximize"},
                "validation": {"split": "second", "repeats": repeats}, "seed": 7, **more}

    def entries(self):
        """Each row of the first table: key, dimensions, method, trials (None: all), and whether it starts where the paper does."""
        found = []
        for d in (5, 4):
            size = self.size(d)
            two_hours = facts.share(size, "paper", "grid", d)
            found.append((f"grid-{d}", d, "grid", None, False))
            # More draws than points end where the grid does, however many there are.
            draws = [n for i, n in enumerate(self.plan.draws) if i == 0 or self.plan.draws[i - 1] < size]
            found += [(f"random-{d}-{n}", d, "random", n, False) for n in draws]
            found += [(f"{m}-{d}", d, m, two_hours, False) for m in ("paper", "cairn")]
            found.append((f"cairn-{d}-start", d, "cairn", two_hours, True))
        return found

    def timed(self):
        """The searches whose seconds are told: those of one network, for the time that it takes to run them without the record."""
        first = self.plan.draws[0]
        return ["grid-5", f"random-5-{first}", "paper-5", "cairn-5", "grid-4", f"random-4-{first}", "paper-4", "cairn-4"] \
            if self.key == "course" else []

    def size(self, dimensions):
        count = 1
        for values in self.plan.levels[:dimensions]:
            count *= len(values)
        return count

    def run_all(self):
        for repeats, kept in ((1, self.one), (self.plan.repeats, self.several)):
            for key, dimensions, method, trials, start in self.entries():
                more = {"repeats": repeats}
                if trials:
                    more["budget"] = {"trials": trials}
                if start:
                    point = facts.scaled(facts.STARTS[dimensions], self.plan)
                    more["initial_points"] = [facts.named(point[:dimensions])]
                if repeats == 1 and key in self.timed():
                    # Each of these pays for all its trainings, so that its seconds are its own.
                    more["reuse"] = False
                outcome = self.service.run(self.definition(f"{key}-{repeats}", dimensions, FORMS[method], **more))
                if dimensions == 4:
                    outcome.points = {point + (5,): scores for point, scores in outcome.points.items()}
                kept[key] = outcome
                self.say(f"{self.key} {key}, {repeats} weight seeds: {len(outcome.rows)} evaluations, {outcome.seconds:.1f} s")
        self.tables = {d: self.several[f"grid-{d}"].points for d in (4, 5)}

    def rows(self):
        """The mean and every score of the points in the paper's Tables 2 and 3."""
        wanted = sorted({facts.scaled(row, self.plan) for _, _, rows in facts.TABLES for row in rows})
        return self.points("rows", wanted, self.plan.repeats, 0)

    def points(self, name, wanted, repeats, training_seed):
        """Scores of chosen points, by point: all of them initial points of one study."""
        if not wanted:
            return {}
        levels = [sorted({point[axis] for point in wanted}) for axis in range(5)]
        # A parameter needs two levels to be a parameter of this study; the second one is never tried.
        levels = [values if len(values) > 1 else values + [values[0] * 2] for values in levels]
        definition = self.definition(name, 5, FORMS["random"], levels, repeats=repeats, training_seed=training_seed,
                                     budget={"trials": len(wanted)}, initial_points=[facts.named(p) for p in wanted])
        return self.service.run(definition).points

    def fresh(self, name, wanted):
        """What points give: the mean over weight seeds that no search has seen."""
        scores = self.points(name, sorted(set(wanted)), self.plan.fresh, 1000)
        return {point: sums.mean(values) for point, values in scores.items()}

    def check_descents(self):
        """Holds the descents of this script against those of the service: same start, same evaluations."""
        for seed in range(self.plan.studies):
            study = self.service.run(self.definition(f"check-{seed}", 5, {**FORMS["paper"], "restarts": 1}, seed=seed))
            known = {}
            points = list(study.points)
            sums.descent(points[0], self.plan.levels, lambda p: self.tables[5][p][0], known)
            if list(known) != points:
                sys.exit(f"cairn: with seed {seed} the service's descent tries other points than the paper's rule.")

    def told(self, seed, trials):
        """The accuracies that Cairn's form finds in turn where this script tells it those of one weight seed."""
        name = f"{self.key}-told-{seed}"
        definition = self.definition(f"told-{seed}", 5, FORMS["cairn"], budget={"trials": trials}, parallelism=1)
        for key in ("dataset", "validation"):
            del definition[key]
        self.service.need("POST", "/v1/studies", {**definition, "model": {"kind": "external"}, "seed": seed})
        found = {}
        path = f"/v1/studies/{name}"
        ask = {"count": 1, "worker": "table", "wait_seconds": 10}
        items = self.service.need("POST", f"{path}/suggestions", ask)["items"]
        while items:
            point = tuple(items[0]["parameters"][axis] for axis in facts.AXES)
            found[point] = self.tables[5][point][seed]
            done = {"metrics": {"validation_accuracy": found[point]}}
            if len(found) < trials:
                done["next"] = {"count": 1, "worker": "table"}
            items = self.service.need("POST", f"{path}/trials/{items[0]['number']}/complete", done).get("items", [])
            if not items and len(found) < trials:
                items = self.service.need("POST", f"{path}/suggestions", ask)["items"]
        return found


def given(table, point, seed):
    """What a point gives with the weight seeds that its search did not see."""
    return sums.mean([score for s, score in enumerate(table[point]) if s != seed])


def claims(network, dimensions):
    """By weight seed: what each search claims to have found, what its point gives, and the differences of the paper's claims."""
    plan, table = network.plan, network.tables[dimensions]
    points, levels = list(table), list(plan.levels[:dimensions])
    if dimensions == 4:
        levels.append((5,))
    size = len(points)
    sixth = facts.share(size, "paper", "grid", dimensions)
    draws = min(plan.draws[0], size)
    fifths = facts.share(draws, "paper", "random", dimensions)
    found = {"sixth": sixth, "draws": draws, "fifths": fifths, "by_seed": []}
    for seed in range(plan.repeats):
        def value(point):
            return table[point][seed]
        row = {}
        best = max(map(value, points))
        tied = [point for point in points if value(point) == best]
        row["grid"] = (best, sums.mean([given(table, point, seed) for point in tied]))
        searches = {"paper_sixth": [], "paper_fifths": [], "random": [], "random_fifths": []}
        for search in range(plan.simulations):
            whole = sums.restarted(points, levels, value, max(sixth, fifths), search)
            order = list(whole.items())
            searches["paper_sixth"].append(sums.winner(dict(order[:sixth])))
            searches["paper_fifths"].append(sums.winner(dict(order[:fifths])))
            drawn = sums.shuffled(points, 1_000_000 + search)
            searches["random"].append(max(drawn[:draws], key=value))
            searches["random_fifths"].append(max(drawn[:fifths], key=value))
        for name, winners in searches.items():
            row[name] = (sums.mean([value(p) for p in winners]), sums.mean([given(table, p, seed) for p in winners]))
        row["random"] = (sums.expected_best([value(p) for p in points], draws), row["random"][1])
        row["random_fifths"] = (sums.expected_best([value(p) for p in points], fifths), row["random_fifths"][1])
        found["by_seed"].append(row)
    return found


def descents(network):
    """Of the paper's descent from every point with every weight seed: evaluations, and the value at its end beside the best."""
    table, levels = network.tables[5], network.plan.levels
    ends = []
    for seed in range(network.plan.repeats):
        best = max(scores[seed] for scores in table.values())
        for start in table:
            known = {}
            path = sums.descent(start, levels, lambda p: table[p][seed], known)
            ends.append((len(known), known[path[-1]], best, len(path)))
    return ends


def optimism(network, trials=100):
    """Simulated studies of random trials with one weight seed: what the winner claims, and what it gives with the others."""
    table, found = network.tables[5], []
    points = list(table)
    for seed in range(network.plan.repeats):
        for search in range(network.plan.simulations * 5 // 2):
            drawn = sums.shuffled(points, 2_000_000 + search)[:trials]
            point = max(drawn, key=lambda p: table[p][seed])
            found.append((seed, table[point][seed], given(table, point, seed)))
    return found


def studies_of_confirm(network, say, trials=100, confirm=60):
    """Real studies without and with `confirm`, each of as many trials: seed of the weights, claim, point; None where it is unknown."""
    found = {}
    for form in ("plain", "confirm"):
        found[form] = []
        for weights in range(1, network.plan.optimism[0] + 1):
            for seed in range(network.plan.optimism[1]):
                more = {"budget": {"trials": trials}, "training_seed": weights, "seed": seed}
                if form == "confirm":
                    more["confirm"] = {"trials": confirm, "confidence": 0.95}
                definition = network.definition(f"{form}-{weights}-{seed}", 5, FORMS["random"], **more)
                if form == "confirm" and not found[form]:
                    status, answer = network.service.call("POST", "/v1/studies", definition)
                    if status == 422:
                        say("This version of Cairn has no confirm yet; its figures are left out.")
                        found[form] = None
                        break
                outcome = network.service.run(definition)
                best = outcome.best
                point = tuple(best["parameters"][axis] for axis in facts.AXES)
                found[form].append((weights, best["value"], point, len(outcome.rows)))
            if found[form] is None:
                break
    wanted = [row[2] for rows in found.values() if rows for row in rows]
    gives = network.fresh("confirm-fresh", wanted)
    return {form: rows and [(weights, claim, gives[point], used) for weights, claim, point, used in rows]
            for form, rows in found.items()}
