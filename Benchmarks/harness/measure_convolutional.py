#!/usr/bin/env python3
"""What convolutional networks give on the cat images and on MNIST, measured through a running service.

  measure_convolutional.py --service http://127.0.0.1:8080 [--seeds 8] [--write]

Prints tables in Markdown; --write puts them into docs/convolutional.md, between the marks that name them.
"""
import argparse
import json
import pathlib
import re
import statistics
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADAM = {"optimizer": "adam", "batch_size": 32, "learning_rate": 0.001}
SMALL = {"kind": "cnn", "units_1": 60, "units_2": 30, **ADAM}
PAPER = {"kind": "mlp", "layers": 3, "units_1": 20, "units_2": 7, "units_3": 5, "activations": "relu"}
CATS = [
    ("`mlp` 20, 7, 5 (the paper's), gradient descent 0.0075, 700 updates", {**PAPER, "learning_rate": 0.0075}, 700),
    ("`mlp` 20, 7, 5, gradient descent 0.0075, 2,000 updates", {**PAPER, "learning_rate": 0.0075}, 2000),
    ("`mlp` 20, 7, 5, Adam, batches of 32, 200 updates", {**PAPER, **ADAM}, 200),
    ("`mlp` 120, 84, Adam, batches of 32, 200 updates",
     {"kind": "mlp", "layers": 2, "units_1": 120, "units_2": 84, "activations": "relu", **ADAM}, 200),
    ("`cnn`, LeNet-5, Adam, batches of 32, 200 updates", {"kind": "cnn", **ADAM}, 200),
    ("`cnn`, LeNet-5 with 60 and 30 units, 200 updates", SMALL, 200),
    ("`cnn`, 60 and 30 units, `max` pooling, 200 updates", {**SMALL, "pooling": "max"}, 200),
    ("`cnn`, 60 and 30 units, `stride_1` 2, 200 updates", {**SMALL, "stride_1": 2}, 200),
    ("`cnn`, 60 and 30 units, three convolutions of 8, 16, 32 filters, 200 updates",
     {**SMALL, "filters_1": 8, "filters_2": 16, "filters_3": 32, "pool_3": 2}, 200),
    ("`cnn`, 60 and 30 units, three convolutions of 8, 16, 32 filters, 400 updates", {**SMALL, "filters_1": 8, "filters_2": 16, "filters_3": 32, "pool_3": 2}, 400),
]
LENET = {"kind": "cnn", "optimizer": "adam", "batch_size": 32, "learning_rate": 0.003}
MNIST = [
    ("LeNet-5, 5 epochs", LENET, 1250),
    ("LeNet-5, `max` pooling, 5 epochs", {**LENET, "pooling": "max"}, 1250),
    ("`mlp` 120, 84, 5 epochs", {**LENET, "kind": "mlp", "layers": 2, "units_1": 120, "units_2": 84, "activations": "relu"},
     1250),
]
EXAMPLES = ["cats-lenet-random", "cats-lenet-approximate-gradient", "mnist-lenet-random", "mnist-lenet-approximate-gradient"]


class Service:
    def __init__(self, address):
        self.address = address

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.address + path, method=method, data=json.dumps(body).encode() if body is not None else None)
        try:
            with urllib.request.urlopen(request) as answer:
                content = answer.read()
                return json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def run(self, study):
        """The study when it has ended, its best points among it; one that exists is read as it is."""
        self.call("POST", "/v1/studies", study)
        while True:
            found = self.call("GET", f"/v1/studies/{study['name']}")
            best = self.call("GET", f"/v1/studies/{study['name']}/best?count=1")["items"]
            waits = any(point["final_state"] == "pending" for point in best)
            if found["state"] not in ("running", "paused") and not waits:
                return {**found, "best_point": best[0] if best else None}
            time.sleep(1)


def percent(value):
    return f"{100 * value:.1f} %"


def network_rows(service, name, dataset, rows, split, seeds):
    lines = ["| network | weights | mean | each seed |", "| --- | ---: | ---: | --- |"]
    for number, (words, model, iterations) in enumerate(rows):
        study = {"name": f"{name}-{number}-{seeds}", "dataset": dataset, "model": model,
                 "parameters": {"iterations": {"type": "integer", "values": [iterations]}}, "algorithm": {"name": "grid"},
                 "validation": {"split": split, "repeats": seeds, "final": None}}
        service.run(study)
        trial = service.call("GET", f"/v1/studies/{study['name']}/trials/1")
        scores = trial["scores"]
        lines.append(
            f"| {words} | {weights(service, study['name'])} | {percent(statistics.mean(scores))} ± "
            f"{100 * statistics.stdev(scores):.1f} | {', '.join(f'{100 * score:.1f}' for score in scores)} |")
        print(lines[-1], flush=True)
    return lines


def weights(service, name):
    """How many numbers the network has, by the file of its model."""
    path = f"{service.address}/v1/studies/{name}/trials/1/model"
    while True:
        with urllib.request.urlopen(path) as answer:
            content = answer.read()
            if answer.status == 200:
                break
        time.sleep(1)
    header = json.loads(content[8:8 + int.from_bytes(content[:8], "little")])
    total = 0
    for key, tensor in header.items():
        if key.startswith("layers."):
            count = 1
            for length in tensor["shape"]:
                count *= length
            total += count
    return f"{total:,}"


def example_rows(service):
    lines = ["| example | trials | infeasible | best point | claimed | on the final part | updates of its trainings |",
             "| --- | ---: | ---: | --- | ---: | ---: | ---: |"]
    for name in EXAMPLES:
        found = service.run(json.loads((ROOT / "examples" / f"{name}.json").read_text()))
        best, progress = found["best_point"], found["progress"]
        point = ", ".join(f"`{key}` {value}" for key, value in best["parameters"].items())
        final = percent(best["final"]) if best["final"] is not None else "–"
        trials = service.call("GET", f"/v1/studies/{name}/trials?limit=1000")["items"]
        updates = sum(trial["parameters"]["iterations"] for trial in trials)
        lines.append(f"| [`{name}.json`](../examples/{name}.json) | {progress['completed']} | {progress['infeasible']} | {point} | "
                     f"{percent(best['value'])} | {final} | {updates:,} |")
        print(lines[-1], flush=True)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--service", default="http://127.0.0.1:8080")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--only", choices=["cats", "mnist", "examples"])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    service = Service(options.service)
    tables = {
        "mnist": lambda: network_rows(service, "mnist", "mnist", MNIST, {"holdout": 0.2}, 4),
        "cats": lambda: network_rows(service, "cats", "cat-vs-noncat", CATS, "second", options.seeds),
        "examples": lambda: example_rows(service),
    }
    page = ROOT / "docs" / "convolutional.md"
    for name, table in tables.items():
        if options.only in (None, name):
            lines = table()
            if options.write:
                text = page.read_text()
                marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.S)
                if not marked.search(text):
                    sys.exit(f"docs/convolutional.md has no marks of {name}.")
                page.write_text(marked.sub(lambda match: match[1] + "\n".join(lines) + "\n" + match[2], text))


if __name__ == "__main__":
    main()
