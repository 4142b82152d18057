"""Starts `cairn worker` and looks at what it leaves; a study whose values a small script knows."""
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

from support import BINARY, Service

# The value is a function of the point alone: the table is the same, whichever worker runs the command.
VALUE = "awk 'BEGIN { x = {x}; y = {y}; print 1 - (x - 3) ^ 2 / 100 - (y - 0.25) ^ 2 }'"


def external(name, trials=12, **members):
    """A definition of an external study of forty points."""
    return {"name": name, "model": {"kind": "external"},
            "parameters": {"x": {"type": "integer", "min": 0, "max": 9},
                           "y": {"type": "real", "values": [0, 0.25, 0.5, 1]}},
            "objective": {"metric": "score", "goal": "maximize"}, "algorithm": {"name": "random"},
            "budget": {"trials": trials}, "seed": 5, **members}


def told(command):
    """A script that tells what a command writes as its result."""
    return f'echo "{{\\"score\\": $({command})}}"'


def table(service, name):
    """What the same definition must give, whatever happens: state, point, value and measurements of each trial."""
    return [(t["number"], t["state"], tuple(sorted(t["parameters"].items())), t["value"])
            for t in service.all(f"/v1/studies/{name}/trials")]


class Worker:
    """A worker that runs; its commands and all that they start carry a mark in their environment."""

    def __init__(self, case, service, study, command, *flags, shell=True, environment=None, address=None, scratch=None,
                 prefix=()):
        self.mark = f"CAIRN_TEST_MARK={uuid.uuid4()}"
        if scratch is None:
            folder = tempfile.TemporaryDirectory()
            case.addCleanup(folder.cleanup)
            scratch = folder.name
        self.scratch = pathlib.Path(scratch)
        name, value = self.mark.split("=")
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CAIRN_")}
        self.process = subprocess.Popen(
            [*prefix, BINARY, "worker", "--server", address or service.address, "--study", study, "--scratch", str(scratch), *flags,
             *(["--shell"] if shell else []), "--", *([command] if shell else command)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**kept, name: value, **(environment or {})})
        case.addCleanup(self.end)

    def finish(self, seconds=300):
        """Waits for its end; gives status, standard output and standard error."""
        output, error = self.process.communicate(timeout=seconds)
        return self.process.returncode, output, error

    def others(self):
        """The processes of its commands, and their guardians, that have not ended."""
        found = []
        for folder in pathlib.Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != self.process.pid:
                try:
                    environment = (folder / "environ").read_bytes()
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                except OSError:
                    continue
                if self.mark.encode() in environment.split(b"\0") and state not in "ZX":
                    found.append(int(folder.name))
        return found

    def wait_until_nobody_is_left(self):
        Service.until(lambda: not self.others(), 120)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def end(self):
        if self.process.poll() is None:
            self.kill()
        self.wait_until_nobody_is_left()


class Proxy:
    """Passes bytes to a service and back, until it is told to be in the way."""

    def __init__(self, case, service):
        self.service, self.lock = service, threading.Lock()
        self.open, self.closed, self.connections, self.heads = set(), False, 0, []
        # Asked for what comes back, with what was asked for: whether the connection is to be cut instead.
        self.loses = lambda request, answer: False
        self.refuses = False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        case.addCleanup(self.close)

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refuses:
                client.close()
                continue
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.service.port))
        except OSError:
            client.close()
            return
        with self.lock:
            self.open |= {client, server}
        asked = [b""]
        threading.Thread(target=self._pass, args=(client, server, asked, False), daemon=True).start()
        self._pass(server, client, asked, True)

    def _pass(self, source, target, asked, is_answer):
        try:
            while data := source.recv(65536):
                if is_answer:
                    if self.loses(asked[0], data):
                        break
                else:
                    asked[0] = data
                    self.heads.append(data.partition(b"\r\n")[0].decode(errors="replace"))
                target.sendall(data)
        except OSError:
            pass
        self._cut({source, target})

    def _cut(self, sockets):
        with self.lock:
            sockets &= self.open
            self.open -= sockets
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def cut(self):
        """Cuts every connection of this moment."""
        with self.lock:
            sockets = set(self.open)
        self._cut(sockets)

    def disturb(self, seconds, seed):
        """Cuts connections, and refuses new ones for a while, at moments that the seed says."""
        chance = random.Random(seed)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(chance.uniform(0, 0.4))
            self.refuses = chance.random() < 0.4
            self.cut()
        self.refuses = False

    def close(self):
        self.listener.close()
        self.cut()
