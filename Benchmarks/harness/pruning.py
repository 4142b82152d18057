"""Pruning rules on trainings of the built-in network, through the running service; `Benchmarks/pruning --service` calls it.

Each seed is a study of points in random order without pruning, and the same study with each rule: the same points under the
same numbers. What the first has trained is in the record, and the others are judged as if it ran.
"""
import argparse
import math
import os
import statistics
import sys

os.environ.setdefault("BENCHMARK_PROBE", "")
from service import Service  # noqa: E402

SPACE = {
    "activation": {"type": "categorical", "values": ["relu", "tanh"]},
    "learning_rate": {"type": "real", "values": [0.0003, 0.001, 0.003, 0.0075, 0.02]},
    "momentum": {"type": "real", "values": [0, 0.9]},
    "units_1": {"type": "integer", "values": [3, 6, 12, 25]},
    "units_2": {"type": "integer", "values": [2, 4, 8, 16]},
}


def rules(iterations):
    """By the words of the table."""
    tenth, twentieth = iterations // 10, iterations // 20
    return {
        "none": None,
        "`median`": {"rule": "median"},
        f"`median`, `warmup_steps` {twentieth}": {"rule": "median", "warmup_steps": twentieth},
        f"`median`, `warmup_steps` {tenth}": {"rule": "median", "warmup_steps": tenth},
        "`successive_halving`": {"rule": "successive_halving"},
        f"`successive_halving`, `minimum_step` {tenth}, `eta` 3":
            {"rule": "successive_halving", "minimum_step": tenth, "eta": 3},
        f"`percentile`, `warmup_steps` {tenth}": {"rule": "percentile", "warmup_steps": tenth},
    }


def definition(name, seed, rule, options, dataset):
    made = {"name": name, "dataset": dataset, "seed": seed, "parallelism": options.parallelism,
            "model": {"kind": "mlp", "layers": 2, "iterations": options.iterations}, "parameters": SPACE,
            "algorithm": {"name": options.algorithm},
            "budget": {"trials": options.most if rule else options.trials},
            "objective": {"metric": options.metric, "goal": "minimize" if options.metric.endswith("loss") else "maximize"},
            "validation": {"split": {"holdout": 0.2}, "final": None}}
    return {**made, "pruning": rule} if rule else made


def measure(service, name, seed, rule, options, dataset):
    study = service.run(definition(name, seed, rule, options, dataset))
    trials = service.trials(name)
    wanted = options.most if rule else options.trials
    if study["state"] != "completed" or len(trials) != wanted:
        raise SystemExit(f"{name}: {study['state']} with {len(trials)} trials of {wanted}")
    if rule and options.share:
        trials = within(trials, options.share * options.trials * options.iterations, options)
    pruned = [trial for trial in trials if trial["state"] == "pruned"]
    values = [trial["value"] for trial in trials if trial["value"] is not None]
    return {"best": min(values) if options.metric.endswith("loss") else max(values),
            "iterations": sum(spent(trial, options) for trial in trials), "pruned": len(pruned), "trials": len(trials)}


def spent(trial, options):
    """A training that diverges ends where it does, which the trial does not tell: it counts as a whole one."""
    return trial["pruned_at_step"] if trial["state"] == "pruned" else options.iterations


def within(trials, most, options):
    """The first trials that take at most this many iterations: what the study would be if its budget were iterations."""
    total = 0
    for place, trial in enumerate(trials):
        total += spent(trial, options)
        if total > most:
            return trials[:place]
    return trials


def shown(values):
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.4f} ± {error:.4f}"


def main(words):
    parser = argparse.ArgumentParser(prog="Benchmarks/pruning --service")
    parser.add_argument("--metric", default="validation_accuracy", choices=("validation_accuracy", "validation_loss"))
    parser.add_argument("--algorithm", default="random")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--parallelism", type=int, default=4)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--share", type=float,
                        help="give studies with a rule as many trials as take this share of the iterations of one without")
    options = parser.parse_args(words)
    # The verdict on a trial depends on those before it alone, so the beginning of a long study is a short study.
    options.most = math.prod(len(parameter["values"]) for parameter in SPACE.values()) if options.share else options.trials
    with Service(options.workers) as service:
        dataset = service.dataset()
        runs = {words: [] for words in rules(options.iterations)}
        for place, (words, rule) in enumerate(rules(options.iterations).items()):
            for seed in range(options.seeds):
                runs[words].append(measure(service, f"rule-{place}-seed-{seed}", seed, rule, options, dataset))
    plain = runs["none"]
    print(f"{dataset}; {options.trials} trials of {options.iterations} iterations, search {options.algorithm}, objective "
          f"{options.metric}, {options.seeds} seeds, parallelism {options.parallelism}, {options.workers} workers.\n")
    print("| rule | best value | difference | trials | iterations | pruned |\n| --- | --- | --- | ---: | ---: | ---: |")
    for words, found in runs.items():
        share = sum(one["iterations"] for one in found) / sum(one["iterations"] for one in plain)
        trials = sum(one["trials"] for one in found) / options.seeds
        pruned = sum(one["pruned"] for one in found) / (trials * options.seeds)
        differences = [one["best"] - other["best"] for one, other in zip(found, plain)]
        print(f"| {words} | {shown([one['best'] for one in found])} | {shown(differences)} | {trials:.0f} | {share:.0%} | "
              f"{pruned:.0%} |")


if __name__ == "__main__":
    main(sys.argv[1:])
