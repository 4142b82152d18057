"""Whole studies through the running service: the grid, one worker and two, and requests while it trains."""
import http.client
import json
import threading
import time

from machine import ROOT, keep, middle, peak, say, steadily
from service import Service, seconds

SHORT = [100, 300, 400, 500, 700]
LONG = [100, 500, 1000, 1500, 2000]


def paper_grid(dataset, iterations, repeats=1, quick=False):
    """examples/paper-5d-grid.json with other iterations and repeats; the quick one has 25 points."""
    definition = json.loads((ROOT / "examples" / "paper-5d-grid.json").read_text())
    definition["dataset"] = dataset
    definition["parameters"]["iterations"]["values"] = iterations
    definition["validation"] = {"split": "test", "repeats": repeats}
    if quick:
        definition["parameters"]["units_1"]["values"] = [10]
        definition["parameters"]["units_2"]["values"] = [3]
        definition["parameters"]["units_3"] = {"type": "integer", "values": [2]}
    return definition


def one_grid(iterations, repeats, workers, quick):
    """POST to `completed`, every trial stored; what was spent on training, and on everything else."""
    with Service(workers) as service:
        definition = paper_grid(service.dataset(), iterations, repeats, quick)
        cpu_before, _ = service.processor_seconds()
        start = time.perf_counter()
        study = service.run(definition)
        waited = time.perf_counter() - start
        cpu_after, threads = service.processor_seconds()
        memory = service.peak_bytes()
        if study["state"] != "completed":
            raise SystemExit(f"the grid ended as {study['state']}: {study['stop_reason']}")
        trials = service.trials(definition["name"])
        stored = sum(t["state"] in ("completed", "infeasible") for t in trials)
        if stored != study["progress"]["total"]:
            raise SystemExit(f"{stored} trials are stored of {study['progress']['total']}")
    training = sum(t["compute_seconds"] or 0 for t in trials)
    wall = seconds(study)
    return {"iterations": iterations, "repeats": repeats, "workers": workers, "trials": len(trials),
            "wall_seconds": wall, "waited_seconds": waited, "training_seconds": training,
            "processor_seconds": cpu_after - cpu_before, "training_thread_seconds": threads,
            "overhead": (cpu_after - cpu_before - training) / training,
            "wall_overhead": (wall * workers - training) / training, "peak_bytes": memory}


def grid(quick):
    """Both ranges of iterations, with one repeat and with eight, on two workers."""
    result = {"rows": []}
    for iterations in (SHORT, LONG):
        for repeats in (1, 8):
            say(f"  iterations up to {iterations[-1]}, {repeats} repeat(s)")
            rounds = 1 if quick or repeats == 8 else 3

            def measure():
                rows = [one_grid(iterations, repeats, 2, quick) for _ in range(rounds)]
                return sorted(rows, key=lambda row: row["wall_seconds"])[len(rows) // 2]

            result["rows"].append(steadily(measure, quick))
    return keep("grid", result)


def table(service, name):
    return [(t["number"], t["parameters"], t["value"]) for t in service.trials(name)]


def workers(quick):
    """The grid, then a search that learns from every trial, by one worker and by two in turns."""

    def measure_grid():
        times = {1: [], 2: []}
        copies = []
        for _ in range(1 if quick else 3):
            for count in (1, 2):
                times[count].append(one_grid(SHORT if quick else LONG, 1, count, quick)["wall_seconds"])
            copies.append(peak(threads=2)["median_gflops"] / peak()["median_gflops"])
        ratio = middle(times[1]) / middle(times[2])
        return {"one": middle(times[1]), "two": middle(times[2]), "ratio": ratio, "copies": middle(copies),
                "of_copies": ratio / middle(copies)}

    def measure_search():
        times, tables = {1: [], 2: []}, []
        for _ in range(1 if quick else 3):
            for count in (1, 2):
                with Service(count) as service:
                    definition = json.loads((ROOT / "examples" / "paper-5d-approximate-gradient.json").read_text())
                    definition.update(dataset=service.dataset(), parallelism=1,
                                      budget={"trials": 20 if quick else 200})
                    study = service.run(definition)
                    times[count].append(seconds(study))
                    tables.append(table(service, definition["name"]))
        return {"one": middle(times[1]), "two": middle(times[2]), "ratio": middle(times[1]) / middle(times[2]),
                "trials": len(tables[0]), "same_table": all(t == tables[0] for t in tables)}

    say("  grid")
    result = {"grid": steadily(measure_grid, quick)}
    say("  approximate_gradient, parallelism 1")
    result["search"] = steadily(measure_search, quick)
    return keep("workers", result)


def open_loop(service, path, rate, duration):
    """Requests at fixed times, whether or not earlier ones were answered; seconds from the time that each was due."""
    taken, lock = [], threading.Lock()
    lanes = 10
    start = time.perf_counter() + 0.2

    def lane(index):
        connection = http.client.HTTPConnection(service.host, service.port, timeout=30)
        connection.connect()
        for number in range(index, int(rate * duration), lanes):
            due = start + number / rate
            time.sleep(max(0, due - time.perf_counter()))
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            with lock:
                taken.append((time.perf_counter() - due, response.status))
        connection.close()

    threads = [threading.Thread(target=lane, args=(index,)) for index in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if any(status != 200 for _, status in taken):
        raise SystemExit("a request was not answered with 200")
    times = sorted(seconds for seconds, _ in taken)
    return {"requests": len(times), "p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)],
            "largest": times[-1]}


def latency(quick):
    """A trial's GET at 50 requests a second: on an idle service, and while both cores train."""
    duration = 3 if quick else 20
    with Service(2) as service:
        dataset = service.dataset()
        first = paper_grid(dataset, [50], quick=True)
        service.run(first)
        path = f"/v1/studies/{first['name']}/trials/1"
        say("  idle")
        idle = open_loop(service, path, 50, duration)
        # More than can be done in the time: long trainings, each with many weights.
        busy = paper_grid(dataset, [20_000, 30_000, 40_000], repeats=4)
        busy["name"] = "busy"
        service.call("POST", "/v1/studies", busy)
        time.sleep(2)
        say("  while both cores train")
        before, trained = service.processor_seconds()
        trains = open_loop(service, path, 50, duration)
        after, trained_after = service.processor_seconds()
        state = service.call("GET", "/v1/studies/busy")["state"]
        if state != "running":
            raise SystemExit("the study that was to keep the cores busy ended too soon")
    return keep("latency", {"idle": idle, "training": trains, "rate": 50, "seconds": duration,
                            "training_cores": (trained_after - trained) / (duration + 0.2)})
