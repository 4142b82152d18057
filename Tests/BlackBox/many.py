"""Databases with very many trials, and clients that ask for all of them and go."""
import importlib.machinery
import importlib.util
import pathlib
import socket
import struct
import tempfile
import threading

from support import BINARY, ROOT, Service

_loader = importlib.machinery.SourceFileLoader("make_million", str(ROOT / "scripts/make-million"))
_maker = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_million", _loader))
_loader.exec_module(_maker)


class ManyTrials:
    """A service on a database with the paused study `many`; a context manager."""

    def __init__(self, trials, **more):
        self.folder = tempfile.TemporaryDirectory()
        self.database = pathlib.Path(self.folder.name) / "many.sqlite"
        data = _maker.make(self.database, trials, binary=BINARY, **more)
        self.service = Service(database=self.database, flags=["--workers", "1", "--data-folder", str(data)])

    def __enter__(self):
        return self.service

    def __exit__(self, *_):
        try:
            self.service.__exit__()
        finally:
            self.folder.cleanup()


def ask(service, path, buffer=None):
    """A socket that a GET was sent on."""
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(120)
    try:
        client.connect((service.host, service.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {service.host}\r\n\r\n".encode())
    except OSError:
        client.close()
        raise
    return client


def reset(service, path):
    """Asks for something and goes at once, without a goodbye."""
    client = ask(service, path)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def memory(service, field="VmRSS"):
    """In MiB; VmHWM is the most that there was."""
    lines = pathlib.Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


class Crowd(threading.Thread):
    """Resets one request after another until it is told to end."""

    def __init__(self, service, path, count):
        super().__init__(daemon=True)
        self.service, self.path, self.count, self.sent = service, path, count, 0
        self.start()

    def run(self):
        try:
            while self.sent < self.count:
                reset(self.service, self.path)
                self.sent += 1
        except OSError:  # The service has ended.
            pass
