"""Five searches raced on a table of 2,880 points, twenty seeds each: seconds by workers, and the same answer after kills."""
import hashlib
import itertools
import json
import math
import pathlib
import tempfile
import time
import uuid

from machine import keep, say
from service import Service

LEVELS = {"p0": 12, "p1": 8, "p2": 6, "p3": 5}
SEARCHES = [{"name": "random"}, {"name": "grid"}, {"name": "approximate_gradient", "label": "adaptive"},
            {"name": "approximate_gradient", "preset": "paper", "label": "paper"}, {"name": "tpe"}]


def table():
    """A smooth bowl with ripples: what a search on learning rates and sizes meets."""
    rows = [",".join(LEVELS) + ",loss,compute_seconds"]
    for point in itertools.product(*map(range, LEVELS.values())):
        share = [level / (count - 1) for level, count in zip(point, LEVELS.values())]
        loss = sum((s - 0.35) ** 2 for s in share) + 0.1 * math.cos(9 * share[0] + 5 * share[1] * share[2])
        rows.append(",".join(map(str, point)) + f",{loss:.9f},1.5")
    return "\n".join(rows).encode()


def upload(service, content):
    boundary = uuid.uuid4().hex
    head = json.dumps({"name": "t", "format": "results"})
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in json.loads(head).items()]
    body = "".join(parts).encode() + (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n\r\n').encode()
    body += content + f"\r\n--{boundary}--\r\n".encode()
    service.connection.request("POST", "/v1/datasets", body,
                               {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    answer = service.connection.getresponse()
    told = answer.read()
    if answer.status != 201:
        raise SystemExit(f"the table was refused: {told[:500]!r}")


def race(workers, kills, seeds):
    """Seconds from POST to the end, and a hash of all that must not differ."""
    with tempfile.TemporaryDirectory() as folder:
        database = pathlib.Path(folder) / "cairn.sqlite"
        with Service(workers, database=database, data_folder="/nowhere") as service:
            upload(service, table())
            begun = time.perf_counter()
            service.call("POST", "/v1/comparisons", {
                "name": "c", "dataset": "t", "model": {"kind": "table"}, "algorithms": SEARCHES, "seeds": seeds,
                "parameters": {name: {"type": "integer", "min": 0, "max": count - 1} for name, count in LEVELS.items()},
                "objective": {"metric": "loss", "goal": "minimize"}, "budget": {"trials": 100}})
            if not kills:
                return ended(service, begun)
            time.sleep(0.3)
            service.process.kill()
            service.process.wait()
        for left in range(kills - 1, -1, -1):
            with Service(workers, database=database, data_folder="/nowhere") as service:
                if not left:
                    return ended(service, begun)
                time.sleep(0.3)
                service.process.kill()
                service.process.wait()


def ended(service, begun):
    while (found := service.call("GET", "/v1/comparisons/c"))["state"] == "running":
        time.sleep(0.05)
    seconds = time.perf_counter() - begun
    same = {part: found[part] for part in ("progress", "algorithms", "tests", "detail")}
    return {"seconds": seconds, "trials": found["progress"]["completed"] + found["progress"]["infeasible"],
            "hash": hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]}


def racing(quick):
    rows = []
    for workers, kills in ((4, 0), (1, 0), (4, 3)):
        say(f"  {workers} workers, {kills} kills")
        rows.append({"workers": workers, "kills": kills, **race(workers, kills, 4 if quick else 20)})
    if len({row["hash"] for row in rows}) != 1:
        raise SystemExit(f"the answers differ: {rows}")
    return keep("race", {"rows": rows, "points": math.prod(LEVELS.values()), "seeds": 4 if quick else 20})
