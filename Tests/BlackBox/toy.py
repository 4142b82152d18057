"""A small data set and definitions over it, for studies that end in a second."""
import random


def write_csv(folder, name="toy", rows=80, second=40, features=6, classes=2, seed=5):
    """Writes NAME.csv and NAME.test.csv: Gaussian blobs that overlap."""
    draw = random.Random(seed)
    centres = [[draw.gauss(0, 1) for _ in range(features)] for _ in range(classes)]
    for suffix, count in (("", rows), (".test", second)):
        if not count:
            continue
        lines = [",".join([f"f{i}" for i in range(features)] + ["label"])]
        for row in range(count):
            label = row % classes
            values = [f"{draw.gauss(centre, 1.5):.6f}" for centre in centres[label]]
            lines.append(",".join(values + [str(label)]))
        (folder / f"{name}{suffix}.csv").write_text("\n".join(lines) + "\n")


def definition(name, algorithm="grid", iterations=(20, 40, 60), **more):
    """A study over 3 × 3 × 2 = 18 points."""
    study = {
        "name": name,
        "dataset": "toy",
        "model": {"kind": "mlp", "activations": ["relu"]},
        "parameters": {
            "iterations": {"type": "integer", "values": list(iterations)},
            "learning_rate": {"type": "real", "values": [0.01, 0.1, 0.5]},
            "units_1": {"type": "integer", "values": [2, 5]},
        },
        "algorithm": {"name": algorithm} if isinstance(algorithm, str) else algorithm,
        "seed": 3,
    }
    study.update(more)
    return study


def unending(name, **more):
    """A study of short trials that goes on until somebody ends it."""
    study = definition(name, "random", budget={"trials": 2**53 - 1}, **more)
    study["parameters"]["learning_rate"] = {"type": "real", "min": 0.001, "max": 0.5}
    return study


def lasting(name):
    """A study of six trials that take hours each."""
    return {
        "name": name,
        "dataset": "synthetic-cats",
        "model": {"kind": "mlp", "activations": ["relu"], "iterations": 1_000_000, "optimizer": "adam", "precision": "float64"},
        "parameters": {
            "learning_rate": {"type": "real", "values": [0.0001, 0.001, 0.01]},
            "units_1": {"type": "integer", "values": [50, 60]},
        },
        "algorithm": {"name": "grid"},
    }
