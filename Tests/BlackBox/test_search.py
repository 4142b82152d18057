"""The searches, worked out here once more from the definition alone and held against what the service tried."""
import itertools
import unittest

import toy
from support import ServiceCase

# One level, many, categories, a range of integers, and values in no order.
PARAMETERS = {
    "activation": {"type": "categorical", "values": ["tanh", "relu", "sigmoid"]},
    "iterations": {"type": "integer", "values": [60, 5, 20]},
    "learning_rate": {"type": "real", "values": [0.5, 0.001, 0.1, 800]},
    "momentum": {"type": "real", "values": [0.5]},
    "units_1": {"type": "integer", "min": 2, "max": 4},
}
# What is above `layers` is absent.
LAYERED = {
    "layers": {"type": "integer", "values": [3, 1, 2]},
    "units_1": {"type": "integer", "values": [2, 4]},
    "units_2": {"type": "integer", "values": [3, 2]},
    "units_3": {"type": "integer", "values": [2, 3, 5]},
    "activation_2": {"type": "categorical", "values": ["relu", "tanh"]},
}


def levels(parameter):
    if parameter["type"] == "categorical":
        return parameter["values"]
    return sorted(parameter["values"]) if "values" in parameter else range(parameter["min"], parameter["max"] + 1)


class Space:
    def __init__(self, parameters):
        self.levels = {name: list(levels(parameters[name])) for name in sorted(parameters)}
        self.categories = {name for name in parameters if parameters[name]["type"] == "categorical"}

    def present(self, layers):
        """The names beside `layers` in a point with this many layers."""
        return [n for n in self.levels if n != "layers"
                and (layers is None or not n[-1].isdigit() or int(n.rsplit("_", 1)[1]) <= layers)]

    def grid(self):
        for layers in self.levels.get("layers", [None]):
            names = self.present(layers)[::-1]
            for values in itertools.product(*(self.levels[name] for name in names)):
                point = dict(zip(names, values))
                yield point if layers is None else {**point, "layers": layers}

    def neighbours(self, point):
        for name in (n for n in self.levels if n in point):
            all_levels = self.levels[name]
            at = all_levels.index(point[name])
            near = [i for i in range(len(all_levels)) if i != at] if name in self.categories else [at - 1, at + 1]
            for value in (all_levels[i] for i in near if 0 <= i < len(all_levels)):
                if name == "layers":
                    yield name, {"layers": value, **{
                        n: point.get(n, self.levels[n][0]) for n in self.present(value)}}
                else:
                    yield name, {**point, name: value}


class Searches(ServiceCase):
    def run_study(self, name, parameters, algorithm, **more):
        study = toy.definition(name, algorithm, model={"kind": "mlp"}, **more)
        study["parameters"] = parameters
        answer = self.service.post("/v1/studies", study)
        self.assertEqual(answer.status, 201, answer.text)
        return self.service.wait(name), self.service.all(f"/v1/studies/{name}/trials")

    def test_grid_and_random(self):
        for name, parameters in (("plain", PARAMETERS), ("layered", LAYERED)):
            points = list(Space(parameters).grid())
            _, trials = self.run_study(f"grid-{name}", parameters, "grid")
            self.assertEqual([t["parameters"] for t in trials], points)
            study, trials = self.run_study(f"random-{name}", parameters, "random", budget={"trials": 10000})
            self.assertEqual(study["stop_reason"]["code"], "space_exhausted")
            tried = [t["parameters"] for t in trials]
            self.assertNotEqual(tried, points)
            self.assertCountEqual([sorted(p.items()) for p in tried], [sorted(p.items()) for p in points])

    def test_descents(self):
        for seed, (parameters, metric, more) in enumerate([
                (PARAMETERS, "validation_accuracy", {"budget": {"trials": 41}}),
                (PARAMETERS, "validation_loss", {"budget": {"trials": 10000}}),
                (LAYERED, "validation_loss", {"budget": {"trials": 10000}})]):
            name = f"descents-{seed}"
            study, trials = self.run_study(
                name, parameters, {"name": "approximate_gradient", "preset": "paper"}, seed=seed, objective={"metric": metric}, **more)
            paths = self.replay(Space(parameters), trials, metric == "validation_accuracy")
            restarts = self.service.get(f"/v1/studies/{name}/restarts").json["items"]
            self.assertEqual([r["path"] for r in restarts], paths)
            self.assertEqual(restarts[-1]["stop_reason"] is None, study["stop_reason"]["code"] == "budget_trials")

    def replay(self, space, trials, maximize):
        """The descents that follow from the starts and the values; every other point must be the one polled."""
        value = {t["number"]: t["value"] for t in trials if t["state"] == "completed"}
        better = (lambda a, b: a > b) if maximize else (lambda a, b: a < b)
        known, paths = {}, []
        while len(known) < len(trials):
            centre = len(known) + 1
            start = trials[centre - 1]
            self.assertEqual((start["origin"]["kind"], start["origin"]["restart"]), ("start", len(paths) + 1))
            self.assertEqual(start["horizon"], centre - 1)
            known[str(sorted(start["parameters"].items()))] = centre
            paths.append([centre])
            while centre:
                horizon, best, point = len(known), None, trials[centre - 1]["parameters"]
                for axis, neighbour in space.neighbours(point):
                    key = str(sorted(neighbour.items()))
                    if key not in known:
                        if len(known) == len(trials):
                            return paths  # The budget cut this poll, which decides nothing.
                        trial = trials[len(known)]
                        self.assertEqual(trial["parameters"], neighbour)
                        self.assertEqual((trial["origin"]["centre"], trial["origin"]["axis"]), (centre, axis))
                        self.assertEqual(trial["horizon"], horizon)
                        known[key] = trial["number"]
                    number = known[key]
                    if number in value and (best is None or better(value[number], value[best])):
                        best = number
                moves = best is not None and (centre not in value or better(value[best], value[centre]))
                centre = best if moves else None
                if centre:
                    paths[-1].append(centre)
        return paths


if __name__ == "__main__":
    unittest.main()
