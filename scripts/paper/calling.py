"""Finds or builds the service, starts one of its own, and speaks to it over HTTP."""
import csv
import http.client
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def binary():
    """The executable: CAIRN_BINARY, or that of this checkout, built where something is missing."""
    given = os.environ.get("CAIRN_BINARY")
    if given:
        return given
    tools = ROOT / ".toolchain" / "usr" / "bin"
    subprocess.run([ROOT / "scripts" / "setup"], check=True, stdout=sys.stderr)
    path = f"{tools}:{os.environ['PATH']}" if tools.is_dir() else os.environ["PATH"]
    print("Building …", file=sys.stderr)
    subprocess.run(["swift", "build", "-c", "release", "--product", "cairn", "--package-path", ROOT, "--scratch-path",
                    ROOT / ".build"], check=True, stdout=sys.stderr, env={**os.environ, "PATH": path})
    return ROOT / ".build" / "release" / "cairn"


class Service:
    """`cairn serve` on a free port with a database that is removed at the end; a context manager."""

    def __init__(self, data_folder=None):
        self._folder = tempfile.TemporaryDirectory()
        flags = ["--data-folder", str(data_folder)] if data_folder else []
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CAIRN_")}
        self.process = subprocess.Popen(
            [binary(), "serve", "--listen", "127.0.0.1:0", "--database", f"{self._folder.name}/cairn.sqlite",
             "--public", ROOT / "public", *flags], stdout=subprocess.PIPE, env=clean, text=True)
        line = self.process.stdout.readline()
        address = re.search(r"http://([^\s/:]+):(\d+)", line)
        if not address:
            sys.exit(f"cairn: the service did not start: {line!r}")
        self.connection = http.client.HTTPConnection(address.group(1), int(address.group(2)), timeout=600)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self._folder.cleanup()

    def call(self, method, path, body=None):
        """Status and body, parsed where it is JSON."""
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, {"Content-Type": "application/json"} if text else {})
        response = self.connection.getresponse()
        found = response.read().decode()
        return response.status, json.loads(found) if "json" in response.headers.get("Content-Type", "") else found

    def need(self, method, path, body=None):
        status, found = self.call(method, path, body)
        if status >= 300:
            sys.exit(f"cairn: {method} {path} was refused with {status}: {json.dumps(found)}")
        return found

    def cpu_seconds(self):
        """The processor time of the service so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def run(self, definition):
        """Runs a study to its end."""
        before, begun = self.cpu_seconds(), time.monotonic()
        self.need("POST", "/v1/studies", definition)
        name = definition["name"]
        while True:
            study = self.need("GET", f"/v1/studies/{name}")
            if study["state"] != "running":
                break
            time.sleep(0.02)
        if study["state"] != "completed":
            sys.exit(f"cairn: the study {name} is {study['state']}: {study.get('state_reason')}")
        return Outcome(self, study, time.monotonic() - begun, self.cpu_seconds() - before)


class Outcome:
    """A study that has ended: its trials, how it ended, and what it cost."""

    def __init__(self, service, study, seconds, cpu):
        self.seconds, self.cpu = seconds, cpu
        self.stop = study["stop_reason"]["code"]
        self.best = study["best"]
        text = service.need("GET", f"/v1/studies/{study['name']}/trials.csv")
        self.rows = [row for row in csv.DictReader(io.StringIO(text)) if row["state"] == "completed"]
        given = study["resolved"]["parameters"]
        self.points = {}
        for row in self.rows:
            point = tuple(number(row[f"parameter.{axis}"]) for axis in sorted(given))
            self.points.setdefault(point, []).extend(float(s) for s in row["scores"].split())

    @property
    def values(self):
        """The value of each trial, in order."""
        return [float(row["value"]) for row in self.rows]


def number(text):
    """An integer where the text is one."""
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
