"""SIGTERM while much is in flight: the service ends by itself, soon, with status 0, and leaves nothing half done."""
import http.client
import pathlib
import signal
import socket
import tempfile
import time
import unittest

import toy
from support import Log, Service
from test_datasets import TABLE, multipart
from test_imports import Files, sha256


class Stopping(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "data").mkdir()
        toy.write_csv(self.folder / "data")
        self.files = Files({"/slow.csv": TABLE})
        self.addCleanup(self.files.close)
        self.open = []
        self.addCleanup(lambda: [s.close() for s in self.open])

    def send(self, service, text):
        connection = socket.create_connection((service.host, service.port), timeout=120)
        connection.sendall(text)
        self.open.append(connection)
        return connection

    @staticmethod
    def refuses(service):
        """Whether new connections are refused, as they are once the service has begun to stop."""
        try:
            socket.create_connection((service.host, service.port), timeout=120).close()
        except ConnectionError:
            return True
        return False

    def fill(self, service):
        """Uploads that do not end, streams, a held answer, an import and a study, all under way."""
        self.assertIn(service.post("/v1/studies", toy.lasting("busy")).status, (200, 201))
        service.post("/v1/datasets", {"name": "fetched", "format": "csv", "files": [
            {"url": self.files.url("/slow.csv"), "sha256": sha256(TABLE)}]})
        body, headers = multipart({"name": "half", "format": "csv"}, [("x.csv", TABLE)])
        head = f"POST /v1/datasets HTTP/1.1\r\nHost: localhost\r\nContent-Type: {headers['Content-Type']}\r\n"
        for _ in range(3):
            self.send(service, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:-20])
            self.send(service, f"{head}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n".encode() + body[:-20])
        streams = [self.send(service, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                   for path in ["/v1/events", "/v1/studies/busy/events"] * 3]
        for stream in streams:
            stream.recv(1)
        tag = service.get("/v1/studies/busy").headers["ETag"]
        self.send(service, f"GET /v1/studies/busy?wait_seconds=60 HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {tag}\r\n\r\n".encode())
        service.until(lambda: service.get("/v1/datasets/fetched").json["received_bytes"] == 100)
        incoming = self.folder / "cairn.sqlite.datasets" / "incoming"
        service.until(lambda: len(list(incoming.iterdir())) == 7)

    def test_sigterm_with_much_in_flight(self):
        log = Log(self)
        service = Service(
            database=self.folder / "cairn.sqlite", flags=["--data-folder", str(self.folder / "data")], log=log)
        self.addCleanup(service.__exit__)
        # Nothing of it ends by itself, however long the rest takes to begin.
        service.flags += ["--import-networks", "127.0.0.1", "--body-timeout", "600", "--write-timeout", "600",
                          "--minimum-rate", "0"]
        service.stop()
        service.restart()
        # A machine that is held up for seconds has it end before it has tidied, which says so; not three times.
        for _ in range(3):
            log.clear()
            self.fill(service)
            # Streams, uploads and trials have no end of their own: that it ends, with status 0, is the proof.
            begin = time.monotonic()
            service.process.send_signal(signal.SIGTERM)
            self.assertEqual(service.process.wait(timeout=60), 0)
            print(f"\nended after {time.monotonic() - begin:.1f} s")
            service.process.stdout.close()
            if "without waiting" not in log.text:
                break
            service.restart()
        shelf = self.folder / "cairn.sqlite.datasets"
        self.assertEqual(sorted(str(p.relative_to(shelf)) for p in shelf.rglob("*") if p.is_file()),
                         ["imports/fetched.json"], log.text)
        service.restart()

    def test_sigterm_answers_what_is_nearly_there(self):
        service = Service(database=self.folder / "cairn.sqlite", flags=["--data-folder", str(self.folder / "data")])
        self.addCleanup(service.__exit__)
        body, headers = multipart({"name": "late", "format": "csv"}, [("x.csv", TABLE)])
        connection = http.client.HTTPConnection(service.host, service.port, timeout=120)
        connection.putrequest("POST", "/v1/datasets")
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body[:-10])
        incoming = self.folder / "cairn.sqlite.datasets" / "incoming"
        service.until(lambda: list(incoming.iterdir()))
        service.process.send_signal(signal.SIGTERM)
        service.until(lambda: self.refuses(service), pause=0.005)
        connection.send(body[-10:])
        response = connection.getresponse()
        self.assertEqual((response.status, response.headers["Connection"]), (201, "close"))
        connection.close()
        self.assertEqual(service.process.wait(timeout=120), 0)
        service.process.stdout.close()
        service.restart()
        self.assertEqual(service.get("/v1/datasets/late").status, 200)


if __name__ == "__main__":
    unittest.main()
