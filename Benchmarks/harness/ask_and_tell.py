"""Ask and tell beside Optuna: rounds that are on the disk, by one caller and by sixteen; and how busy callers are."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from machine import RESULTS, ROOT, keep, middle, say
from service import Service

CALLER = pathlib.Path(__file__).parent / "ask_and_tell_caller.py"
SPACE = {"rate": {"type": "real", "min": 0.00001, "max": 1, "scale": "log"},
         "width": {"type": "integer", "min": 1, "max": 512},
         "kind": {"type": "categorical", "values": ["relu", "tanh", "sigmoid"]}}


def definition(name, trials, **more):
    return {"name": name, "model": {"kind": "external"}, "parameters": SPACE, "algorithm": {"name": "random"},
            "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"trials": trials}, **more}


def callers(count, *words):
    """Starts this many callers together; what they did, summed, and the seconds until the last of them had done it."""
    processes = [subprocess.Popen([sys.executable, str(CALLER), *map(str, words)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True) for _ in range(count)]
    for process in processes:
        if process.stdout.readline() != "ready\n":
            raise SystemExit("a caller did not start")
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    errors = {}
    for one in told:
        for name, times in one["errors"].items():
            errors[name] = errors.get(name, 0) + times
    rounds, seconds = sum(one["rounds"] for one in told), max(one["seconds"] for one in told)
    return {"rounds": rounds, "seconds": seconds, "errors": errors, "round_seconds": seconds / rounds if rounds else None}


def cairn(folder, count, rounds):
    with Service(1, database=pathlib.Path(folder) / "cairn.sqlite", data_folder="/nowhere") as service:
        service.call("POST", "/v1/studies", definition("s", rounds))
        before, _ = service.processor_seconds()
        told = callers(count, "cairn", f"http://{service.host}:{service.port}", "s")
        told["service_processor_seconds"] = service.processor_seconds()[0] - before
        study = service.call("GET", "/v1/studies/s")
    if (study["state"], study["progress"]["completed"]) != ("completed", rounds) or told["rounds"] != rounds:
        raise SystemExit(f"{study['progress']} after {told['rounds']} rounds of {rounds}")
    return told


def optuna(folder, count, rounds, seconds):
    import optuna as library
    library.logging.set_verbosity(library.logging.CRITICAL)
    file = pathlib.Path(folder) / "optuna.sqlite"
    study = library.create_study(study_name="s", storage=f"sqlite:///{file}")
    told = callers(count, "optuna", file, -(-rounds // count), seconds)
    told["left_running"] = sum(t.state == library.trial.TrialState.RUNNING for t in study.trials)
    told["version"] = library.__version__
    return told


def disk(folder):
    """What it is, and how long it takes until 4 KiB are on it."""
    named = subprocess.run(["findmnt", "-n", "-o", "SOURCE,FSTYPE", "-T", str(folder)], capture_output=True, text=True).stdout
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(200):
            begun = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return {"name": " ".join(named.splitlines()[-1].split()), "sync_seconds": middle(taken)}


def race(place, count, rounds, peer_rounds, peer_seconds, times):
    """Both in turns on one disk; the medians by the time of a round."""
    found = {"cairn": [], "optuna": []}
    for turn in range(times):
        for name in found:
            with tempfile.TemporaryDirectory(dir=place) as folder:
                one = cairn(folder, count, rounds) if name == "cairn" else optuna(folder, count, peer_rounds, peer_seconds)
            say(f"    {name}: {one['rounds']} rounds in {one['seconds']:.1f} s"
                + (f", {one['errors']}" if one["errors"] else ""))
            found[name].append(one)

    def median(runs):
        # One that finished no round took longer than any.
        return sorted(runs, key=lambda run: run["round_seconds"] or float("inf"))[len(runs) // 2]
    row = {name: median(runs) for name, runs in found.items()}
    row.update(callers=count, disk=disk(place), ratio=(row["optuna"]["round_seconds"] or float("inf"))
               / row["cairn"]["round_seconds"])
    return row


def busy(trials, count, algorithm, parallelism):
    """The share of the time in which callers were in their trials of 50 ms: threads of one process, by the Python client."""
    sys.path.insert(0, str(ROOT / "clients" / "python"))
    from cairn_client import Study
    with tempfile.TemporaryDirectory(dir=RESULTS) as folder, \
            Service(1, database=pathlib.Path(folder) / "cairn.sqlite", data_folder="/nowhere") as service:
        study = Study(f"http://{service.host}:{service.port}",
                      definition("busy", trials, algorithm={"name": algorithm}, parallelism=parallelism))
        inside, lock = [0.0, float("inf"), 0.0], threading.Lock()

        def work(trial):
            begun = time.perf_counter()
            time.sleep(0.05)
            ended = time.perf_counter()
            with lock:
                inside[:] = inside[0] + ended - begun, min(inside[1], begun), max(inside[2], ended)
            return trial.parameters["rate"]
        study.optimize(work, workers=count)
        completed = study.info()["progress"]["completed"]
    if completed != trials:
        raise SystemExit(f"{completed} trials of {trials}")
    wall = inside[2] - inside[1]
    return {"algorithm": algorithm, "parallelism": parallelism, "trials": trials, "callers": count, "wall_seconds": wall,
            "busy": inside[0] / (wall * count)}


def ask_and_tell(quick):
    """10,000 rounds, each durable: one caller, one caller on a memory disk, sixteen; then 2,000 trials of 50 ms."""
    RESULTS.mkdir(exist_ok=True)
    rounds, peers, seconds, times = (300, 40, 20, 1) if quick else (10_000, 1_000, 120, 3)
    result = {"rows": []}
    for place, count in ((RESULTS, 1), ("/dev/shm", 1), (RESULTS, 16)):
        say(f"  {count} caller(s) on {place}")
        result["rows"].append(race(place, count, rounds, peers, seconds, times))
    say("  trials of 50 ms")
    result["busy"] = [busy(200 if quick else 2000, 16, algorithm, parallelism)
                      for algorithm, parallelism in (("random", 16), ("approximate_gradient", 32))]
    return keep("ask_and_tell", result)
