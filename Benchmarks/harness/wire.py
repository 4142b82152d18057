"""What the server costs a request, beside nginx: requests a second by wrk, in turns, and the server's processor time."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

from machine import keep, middle, say
from service import TICK, Service

CONFIGURATION = """
worker_processes {workers}; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port} reuseport;
    location = /healthz {{ default_type application/json; return 200 '{health}'; }}
    location /files/ {{ root {folder}; }}
  }}
}}
"""


class Nginx:
    """nginx with two workers, which answers a constant and serves a file of the size of a trial."""

    def __init__(self, health, trial):
        self._folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self._folder.name)
        folder.chmod(0o755)
        (folder / "files").mkdir()
        (folder / "files/trial.json").write_bytes(trial)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        text = CONFIGURATION.format(folder=folder, port=self.port, workers=2, health=health.decode())
        (folder / "nginx.conf").write_text(text)
        self.process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
        for _ in range(100):
            time.sleep(0.05)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
        else:
            raise SystemExit("nginx did not start")
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        self.pids = [int(word) for word in children.split()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self._folder.cleanup()


def processor_seconds(pids):
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def load(url, pids, connections, seconds):
    """Requests a second, and microseconds of the server's processor for each."""
    before = processor_seconds(pids)
    told = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url], check=True, capture_output=True,
                          text=True).stdout
    spent = processor_seconds(pids) - before
    if re.search(r"Non-2xx|Socket errors", told):
        raise SystemExit(f"{url}: {told}")
    count = int(re.search(r"(\d+) requests in", told).group(1))
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1)), "microseconds": spent / count * 1e6}


def wire(quick):
    for tool in ("wrk", "nginx"):
        if not shutil.which(tool):
            say(f"  {tool} is missing: apt-get install wrk nginx-light")
            return None
    rounds, seconds = (1, 1) if quick else (7, 3)
    with Service(1) as service:
        study = service.run({"name": "w", "dataset": service.dataset(), "model": {"kind": "mlp"},
                             "parameters": {"iterations": {"type": "integer", "values": [5, 10]}}})
        import http.client
        connection = http.client.HTTPConnection(service.host, service.port)
        bodies = []
        for path in ("/healthz", "/v1/studies/w/trials/1"):
            connection.request("GET", path)
            bodies.append(connection.getresponse().read())
        ours, address = [service.pid], f"http://{service.host}:{service.port}"
        with Nginx(*bodies) as nginx:
            theirs, other = nginx.pids, f"http://127.0.0.1:{nginx.port}"
            cases = {
                "`GET /healthz`, 64 connections": ("/healthz", "/healthz", 64),
                "`GET /healthz`, one connection": ("/healthz", "/healthz", 1),
                "`GET` of a finished trial, 64 connections": (f"/v1/studies/{study['name']}/trials/1", "/files/trial.json", 64),
                "a file of the page, 64 connections": ("/favicon.svg", "/files/trial.json", 64),
                "`GET` of a study (from the database), 64 connections": (f"/v1/studies/{study['name']}", "/files/trial.json", 64),
            }
            rows = []
            for label, (path, peer, connections) in cases.items():
                say(f"  {label}")
                pairs = [(load(address + path, ours, connections, seconds), load(other + peer, theirs, connections, seconds))
                         for _ in range(rounds)]
                rows.append({
                    "label": label, "rate": middle([a["rate"] for a, _ in pairs]),
                    "peer_rate": middle([b["rate"] for _, b in pairs]),
                    "ratio": middle([a["rate"] / b["rate"] for a, b in pairs]),
                    "microseconds": middle([a["microseconds"] for a, _ in pairs]),
                    "peer_microseconds": middle([b["microseconds"] for _, b in pairs]),
                    "processor_ratio": middle([b["microseconds"] / a["microseconds"] for a, b in pairs])})
    version = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip()
    return keep("wire", {"rows": rows, "rounds": rounds, "seconds": seconds, "trial_bytes": len(bodies[1]),
                         "version": version.split("/")[-1], "load": os.getloadavg()[0]})
