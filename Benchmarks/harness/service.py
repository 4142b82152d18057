"""The real service on a database of its own, and what the kernel says about its process."""
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.parse

from machine import ROOT

BINARY = os.environ["CAIRN_BINARY"]
DATA = os.environ.get("CAIRN_TEST_DATA", "")
TICK = os.sysconf("SC_CLK_TCK")


class Service:
    """A context manager; `pid` is the service's own process."""

    def __init__(self, workers, database=None, data_folder=DATA):
        self._folder = tempfile.TemporaryDirectory()
        database = database or pathlib.Path(self._folder.name) / "cairn.sqlite"
        words = [BINARY, "serve", "--listen", f"127.0.0.1:{os.environ.get('BENCHMARK_PORT', '0')}",
                 "--database", str(database),
                 "--public", str(ROOT / "public"), "--workers", str(workers), "--log-level", "warning"]
        if pathlib.Path(data_folder).is_dir():
            words += ["--data-folder", str(data_folder)]
        # CAIRN_ISA may pass; a token or an address of the caller's must not.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CAIRN_") or k == "CAIRN_ISA"}
        started = time.perf_counter()
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
        match = re.search(r"http://([^\s/]+):(\d+)", self.process.stdout.readline())
        if not match:
            raise SystemExit("the service did not start")
        self.ready_seconds = time.perf_counter() - started
        self.host, self.port, self.pid = match.group(1), int(match.group(2)), self.process.pid
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=120)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stdout.close()
        self._folder.cleanup()

    def call(self, method, path, body=None):
        self.connection.request(method, path, None if body is None else json.dumps(body),
                                {"Content-Type": "application/json"} if body is not None else {})
        response = self.connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise SystemExit(f"{method} {path}: {response.status} {content[:2000]!r}")
        return json.loads(content)

    def dataset(self):
        """The real cat images where they are, else the built-in ones."""
        names = [item["name"] for item in self.call("GET", "/v1/datasets")["items"]]
        return "cat-vs-noncat" if "cat-vs-noncat" in names else "synthetic-cats"

    def run(self, definition):
        """Posts a study and waits for its end without asking often; the study as it ended."""
        name = self.call("POST", "/v1/studies", definition)["name"]
        while True:
            study = self.call("GET", f"/v1/studies/{name}")
            if study["state"] != "running":
                return study
            # Often towards the end alone: asking costs the service time too.
            progress = study["progress"]
            time.sleep(0.02 if progress["completed"] > 0.9 * (progress["total"] or 0) else 0.2)

    def trials(self, name):
        items, after = [], None
        while True:
            query = urllib.parse.urlencode({"limit": 1000, **({"after": after} if after else {})})
            page = self.call("GET", f"/v1/studies/{name}/trials?{query}")
            items += page["items"]
            after = page["next"]
            if not after:
                return items

    def processor_seconds(self):
        """Processor time of the process, and of its training threads alone (named local-1, local-2, …)."""
        training = 0.0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            name, times = self._times(task / "stat")
            if name.startswith("local-"):
                training += times
        return self._times(pathlib.Path(f"/proc/{self.pid}/stat"))[1], training

    @staticmethod
    def _times(path):
        text = path.read_text()
        name = text[text.index("(") + 1:text.rindex(")")]
        fields = text[text.rindex(")") + 2:].split()
        return name, (int(fields[11]) + int(fields[12])) / TICK

    def resident_bytes(self):
        """What is resident now."""
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def peak_bytes(self):
        """The most memory that was resident so far."""
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return 0


def seconds(study):
    """From the answer to the POST to the end, by the service's own clock."""
    from datetime import datetime
    start, end = (datetime.fromisoformat(study[key].replace("Z", "+00:00")) for key in ("created_at", "finished_at"))
    return (end - start).total_seconds()
