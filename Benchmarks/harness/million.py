"""A study of very many trials, seen from outside: start, GETs, events, CSV, and the first trial after `resume`."""
import csv
import http.client
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import re
import socket
import sqlite3
import tempfile
import threading
import time

from machine import ROOT, keep, middle, say
from service import BINARY, Service

_loader = importlib.machinery.SourceFileLoader("make_million", str(ROOT / "scripts/make-million"))
maker = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_million", _loader))
_loader.exec_module(maker)

NEXT = re.compile(rb'"next":"([^"]+)"}\s*$')


class Timed:
    """Timed requests on one connection."""

    def __init__(self, service):
        self.connection = http.client.HTTPConnection(service.host, service.port, timeout=600)
        self.connection.connect()

    def get(self, path):
        """Seconds and body."""
        begun = time.perf_counter()
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"GET {path}: {response.status} {body[:300]!r}")
        return time.perf_counter() - begun, body

    def times(self, path, rounds):
        taken = [self.get(path)[0] for _ in range(rounds)]
        return {"median": middle(taken), "worst": max(taken)}


def last_page(timed, path, pages):
    """The cursor before the last hundred or so, by walking the list; and the times of the pages on the way."""
    taken, after = [], None
    for _ in range(pages):
        seconds, body = timed.get(path + "&limit=1000" + (f"&after={after}" if after else ""))
        taken.append(seconds)
        found = NEXT.search(body[-4096:])
        if not found:
            break
        after = found.group(1).decode()
    return after, {"median": middle(taken), "worst": max(taken)}


def first_event(service, path, rounds):
    """Seconds from the request to the first event."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with socket.create_connection((service.host, service.port)) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {service.host}\r\n\r\n".encode())
            received = b""
            while b"\ndata: " not in received:
                piece = client.recv(1 << 16)
                if not piece:
                    raise SystemExit(f"no event came: {received[:300]!r}")
                received += piece
            taken.append(time.perf_counter() - begun)
    return {"median": middle(taken), "worst": max(taken)}


def download(service, path):
    """Bytes, seconds, and how much memory the service took for it."""
    before, most, over = service.resident_bytes(), 0, threading.Event()

    def watch():
        nonlocal most
        while not over.wait(0.01):
            most = max(most, service.resident_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    buffer, count = bytearray(1 << 20), 0
    begun = time.perf_counter()
    with socket.create_connection((service.host, service.port)) as client:
        client.sendall(f"GET {path} HTTP/1.0\r\nHost: {service.host}\r\n\r\n".encode())
        while size := client.recv_into(buffer):
            if not count and not buffer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"GET {path}: {bytes(buffer[:300])!r}")
            count += size
    seconds = time.perf_counter() - begun
    over.set()
    watcher.join()
    return {"bytes": count, "seconds": seconds, "growth_bytes": most - before}


def first_trial(service, name, trials):
    """Seconds from `resume` until there is a completed trial more."""
    before = service.call("GET", f"/v1/studies/{name}")["progress"]["completed"]
    begun = time.perf_counter()
    service.call("POST", f"/v1/studies/{name}/resume")
    while service.call("GET", f"/v1/studies/{name}")["progress"]["completed"] <= before:
        time.sleep(0.002)
    taken = time.perf_counter() - begun
    service.call("POST", f"/v1/studies/{name}/pause")
    return taken


def naive(database):
    """The same table by Python's own modules, and the ten best points by one plain query."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    parameters = sorted(json.loads(connection.execute("SELECT parameters FROM trials LIMIT 1").fetchone()[0]))
    metrics = ["train_accuracy", "train_loss", "validation_accuracy", "validation_loss"]
    begun, size = time.perf_counter(), 0
    text = io.StringIO()
    writer = csv.writer(text)
    for number, state, value, point, measured, scores, origin, error, *rest in connection.execute(
            "SELECT number, state, value, parameters, metrics, scores, origin, error, compute_seconds, created_at, started_at, "
            "finished_at FROM trials ORDER BY study, number"):
        point, measured = json.loads(point), json.loads(measured)
        writer.writerow([number, state, value, *(point.get(p) for p in parameters), *(measured.get(m) for m in metrics),
                         " ".join(map(str, json.loads(scores))), "", json.loads(origin)["kind"], *rest, error])
        if text.tell() > 1 << 20:
            size += text.tell()
            text.seek(0)
            text.truncate()
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    connection.execute("SELECT parameters, avg(value) FROM trials GROUP BY parameters ORDER BY 2 DESC LIMIT 10").fetchall()
    best = time.perf_counter() - begun
    connection.close()
    return {"csv_bytes": size + text.tell(), "csv_seconds": seconds, "best_seconds": best}


def measure(folder, trials, ties, rounds):
    database = folder / f"ties-{ties}.sqlite"
    say(f"  {ties:,} equal best values: making the file")
    data = maker.make(database, trials, ties, binary=BINARY)
    # The first start after the file was made may have its own work to do on it; the second is what is measured.
    with Service(1, database, data):
        pass
    row = {"ties": ties, "file_bytes": database.stat().st_size, "requests": {}}
    with Service(1, database, data) as service:
        row["ready"] = service.ready_seconds
        timed, study = Timed(service), "/v1/studies/many"
        requests = row["requests"]
        say("  requests")
        for label, path in (
                ("GET of the study", study), ("the list of studies", "/v1/studies"),
                ("`best?count=10`", study + "/best?count=10"), ("`best?count=1000`", study + "/best?count=1000"),
                ("a trial", f"{study}/trials/{trials // 2}"), ("first page", study + "/trials?order=number"),
                ("first page by value", study + "/trials?order=value"),
                ("first page of `completed`", study + "/trials?state=completed"),
                ("first page of `failed,completed` by value", study + "/trials?state=failed,completed&order=value"),
                ("first page of `failed`", study + "/trials?state=failed"),
                ("curves of 200", study + "/curves?numbers=" + ",".join(map(str, range(trials - 200, trials)))),
                ("`/metrics`", "/metrics")):
            requests[label] = timed.times(path, rounds)
        for order in ("number", "value"):
            path = f"{study}/trials?order={order}"
            after, walk = last_page(timed, path, trials // 1000 + 2)
            requests[f"last page by {order}"] = timed.times(f"{path}&limit=100&after={after}", rounds)
            requests[f"each page of 1,000 by {order}"] = walk
        requests["first event of the study"] = first_event(service, study + "/events", rounds)
        say("  trials.csv")
        row["csv"] = min((download(service, study + "/trials.csv") for _ in range(3)), key=lambda d: d["seconds"])
        row["first_trial"] = first_trial(service, "many", trials)
    return row, database


def million(quick):
    trials, rounds = (20_000, 5) if quick else (1_000_000, 30)
    result = {"trials": trials, "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for ties in (1, 1_000, trials):
            row, database = measure(folder, trials, ties, rounds)
            result["rows"].append(row)
            if ties == 1:
                say("  Python's own modules")
                result["naive"] = naive(database)
            for path in folder.glob(database.name + "*"):
                if path.is_file():
                    path.unlink()
        say("  random: making the file")
        database = folder / "random.sqlite"
        data = maker.make(database, trials, 1, algorithm="random", binary=BINARY)
        with Service(1, database, data):
            pass
        with Service(1, database, data) as service:
            result["random"] = {"ready": service.ready_seconds, "first_trial": first_trial(service, "many", trials)}
    return keep("million", result)
