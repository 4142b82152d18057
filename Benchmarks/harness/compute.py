"""Training beside its peers: the reference trial, the peak, and the dense path."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from machine import keep, middle, peak, probe, say, steadily

DATA = os.environ.get("CAIRN_TEST_DATA", "")
ITERATIONS = 2000


def peer(name, folder, iterations, threads=1, optimizer="gradient_descent"):
    """Seconds of a peer for a number of iterations, or None where it is not installed."""
    environment = dict(os.environ)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[variable] = str(threads)
    words = [sys.executable, str(pathlib.Path(__file__).parent / "peers.py"), name, "--data", folder,
             "--iterations", str(iterations), "--threads", str(threads), "--optimizer", optimizer]
    answer = json.loads(
        subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()[-1])
    return None if "missing" in answer else answer


def trial(quick):
    """Rounds in which Cairn and every peer take their turn; medians, peers scaled to 2000 iterations."""
    names = {"numpy32": 300, "numpy64": 150, "torch": 300, "sklearn": 300}
    with tempfile.TemporaryDirectory() as folder:
        data = probe("export", set="cats", data=DATA, out=folder)

        def measure():
            times, spent, versions = {}, {}, {}

            def add(name, seconds, processor_seconds):
                times.setdefault(name, []).append(seconds)
                spent.setdefault(name, []).append(processor_seconds)

            for number in range(1 if quick else 5):
                say(f"  round {number + 1}")
                own = probe("trial", data=DATA, iterations=ITERATIONS, repetitions=2 if quick else 5)
                for name, key in (("cairn", "shared"), ("own", "own"), ("first", "first")):
                    add(name, own[f"{key}_seconds"], own[f"{key}_processor_seconds"])
                for name, iterations in names.items():
                    iterations = iterations // 10 if quick else iterations
                    answer = peer(name, folder, iterations)
                    if answer:
                        scale = ITERATIONS / iterations
                        add(name, answer["seconds"] * scale, answer["processor_seconds"] * scale)
                        versions[name] = answer["version"]
            return {"seconds": {name: middle(values) for name, values in times.items()},
                    "processor_seconds": {name: middle(values) for name, values in spent.items()},
                    "spread": {name: [min(values), max(values)] for name, values in times.items()},
                    "versions": versions, "dataset": data["name"], "iterations": ITERATIONS}

        return keep("trial", steadily(measure, quick))


def peaks(quick):
    """What the first layer's product and a whole update reach of the peak, for each instruction set there is."""
    result = {"isas": {}}
    for isa in ("avx512", "avx2", "baseline"):
        if not peak(isa)["supported"]:
            continue
        say(f"  {isa}")

        def measure():
            rounds = []
            for _ in range(1 if quick else 5):
                rounds.append({
                    "peak": peak(isa)["best_gflops"],
                    "product": probe("product", isa, calls=200 if quick else 4000),
                    "step": probe("step", isa, data=DATA, few=100 if quick else 1000, many=300 if quick else 5000)})
            top = max(r["peak"] for r in rounds)
            product = middle([r["product"]["seconds"] for r in rounds])
            step = middle([r["step"]["seconds"] for r in rounds])
            one = rounds[0]
            return {"peak_gflops": top, "product_seconds": product, "step_seconds": step,
                    "product_fraction": one["product"]["operations"] / product / 1e9 / top,
                    "step_fraction": one["step"]["operations"] / step / 1e9 / top}

        result["isas"][isa] = steadily(measure, quick, isa)
    result["two_copies"] = middle(
        [peak(threads=2)["median_gflops"] / peak()["median_gflops"] for _ in range(1 if quick else 5)])
    return keep("peak", result)


def dense(quick):
    """784-128-64-10."""
    return rates(quick, "dense")


def convolutional(quick):
    """LeNet-5."""
    return rates(quick, "lenet")


def rates(quick, network):
    """Images a second on 10,000 images, batches of 64, at one thread and at two, of a network of the probe and its peer."""
    images, epochs = (2000, 2) if quick else (10_000, 4)
    result = {"rows": []}
    with tempfile.TemporaryDirectory() as folder:
        probe("export", set="digits", images=images, out=folder)
        for optimizer in ("gradient_descent", "adam"):
            for threads in (1, 2):
                say(f"  {optimizer}, {threads} thread(s)")

                def measure():
                    own, others, versions = [], [], None
                    for _ in range(1 if quick else 3):
                        own.append(probe("dense", network=network, optimizer=optimizer, images=images, threads=threads,
                                         epochs=epochs)["images_per_second"])
                        answer = peer(f"torch_{network}", folder, epochs, threads, optimizer)
                        if answer:
                            others.append(images * epochs / answer["seconds"])
                            versions = answer["version"]
                    return {"optimizer": optimizer, "threads": threads, "cairn": middle(own),
                            "torch": middle(others) if others else None, "version": versions}

                result["rows"].append(steadily(measure, quick))
    return keep("dense" if network == "dense" else "convolutional", result)
