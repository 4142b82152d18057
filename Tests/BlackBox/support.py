"""Starts the real binary and talks to it over a real socket; holds every answer against /openapi.json."""
import gzip
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def _binary():
    named = os.environ.get("CAIRN_BINARY")
    candidates = [named] if named else [str(ROOT / f) for f in (
        ".build-test/release/cairn", ".build/release/cairn", ".build-debug/debug/cairn", ".build/debug/cairn")]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate
    raise SystemExit(f"no cairn binary at {candidates}: build it, or name it by CAIRN_BINARY")


BINARY = _binary()
DATA = pathlib.Path(os.environ.get("CAIRN_TEST_DATA", ROOT.parent / "shared" / "data"))
HAS_CATS = (DATA / "train_catvnoncat.h5").exists()


class Answer:
    """A response: status, headers (names compare without case), body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        packed = self.headers.get("Content-Encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


class Log:
    """A file of its own for what services write to standard error.

    It is appended to: a service shares its place in the file with the test that opened it, and would write where that reads.
    """

    def __init__(self, case):
        """Removed when the test `case` has ended."""
        descriptor, self.path = tempfile.mkstemp(suffix=".log")
        os.close(descriptor)
        self.file = open(self.path, "ab")
        case.addCleanup(os.unlink, self.path)
        case.addCleanup(self.file.close)

    def clear(self):
        self.file.truncate(0)

    @property
    def text(self):
        return pathlib.Path(self.path).read_text(errors="replace")


class Service:
    """The service on a database of its own; a context manager."""

    def __init__(self, database=None, flags=(), environment=None, check=True, log=None, prefix=()):
        self._folder = None
        if database is None:
            self._folder = tempfile.TemporaryDirectory()
            database = pathlib.Path(self._folder.name) / "cairn.sqlite"
        self.database, self.flags, self.environment = pathlib.Path(database), list(flags), environment or {}
        self.check = check
        # Where standard error goes: a `Log`, or where that of the tests goes.
        self.log = log
        # What starts the binary, where it is not started by itself; must become it, as `exec` does.
        self.prefix = list(prefix)
        self.process = None
        self.token = self.environment.get("CAIRN_TOKEN")
        self._validator = None
        self.start()

    def start(self, port=0):
        """Starts the binary and waits for its one line with the address."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CAIRN_")}
        self.process = subprocess.Popen(
            [*self.prefix, BINARY, "serve", "--listen", f"127.0.0.1:{port}", "--database", str(self.database),
             "--public", str(ROOT / "public"), *self.flags],
            stdout=subprocess.PIPE, stderr=self.log and self.log.file, env={**environment, **self.environment}, text=True)
        line = self.process.stdout.readline()
        match = re.search(r"http://([^\s/]+):(\d+)", line)
        if not match:
            self.process.wait(timeout=60)
            raise RuntimeError(f"the service did not start: {line!r}, status {self.process.returncode}")
        self.host, self.port = match.group(1), int(match.group(2))

    @property
    def address(self):
        return f"http://{self.host}:{self.port}"

    def children(self):
        """The processes that the service has started and that have not ended."""
        try:
            return [int(p) for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
                    for p in (task / "children").read_text().split()]
        except OSError:  # A thread has ended in between.
            return []

    def kill(self):
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """SIGTERM; the service must end with status 0."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            if self.process.wait(timeout=60) != 0:
                raise RuntimeError(f"the service ended with status {self.process.returncode}")
        self.process.stdout.close()

    def restart(self):
        """Starts again on the same database and port."""
        self.start(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            if self.process.poll() is None:
                self.process.kill()
            if self._folder:
                self._folder.cleanup()

    def request(self, method, path, body=None, headers=None):
        """One request on a connection of its own; a body that is no bytes is sent as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        if self.token and "Authorization" not in headers and not self.environment.get("CAIRN_TOKEN"):
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        if self.check:
            self._hold_against_description(method, path, answer)
        return answer

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, headers=None):
        return self.request("POST", path, body, headers)

    def patch(self, path, body, headers=None):
        return self.request("PATCH", path, body, headers)

    def delete(self, path, headers=None):
        return self.request("DELETE", path, headers=headers)

    def all(self, path, limit=1000):
        """Every item of a list, page by page."""
        items, after = [], None
        while True:
            query = {"limit": limit, **({"after": after} if after else {})}
            answer = self.get(path + ("&" if "?" in path else "?") + urllib.parse.urlencode(query))
            if answer.status != 200:
                raise RuntimeError(answer.text)
            items += answer.json["items"]
            after = answer.json["next"]
            if not after:
                return items

    def wait(self, name, seconds=600):
        """The study once it is not running any more; where its best points are scored, a revision may still follow."""
        return self.until(lambda: (s := self.get(f"/v1/studies/{name}").json)["state"] != "running" and s, seconds)

    @staticmethod
    def until(condition, seconds=300, pause=0.05):
        """Waits for something to come true, and gives it; long enough for a machine that is slow and busy."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := condition():
                return value
            time.sleep(pause)
        raise TimeoutError("it did not come true in time")

    def made(self, path):
        """Asks until what takes a while is there; until then each answer is 202 and says when to ask again."""
        def asked():
            answer = self.get(path)
            if answer.status == 202:
                assert answer.headers["Retry-After"] == "1", answer.headers
                return None
            assert answer.status == 200, answer.text
            return answer
        return self.until(asked)

    def _hold_against_description(self, method, path, answer):
        if self._validator is None:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
            connection.request("GET", "/openapi.json")
            self._validator = Description(json.loads(connection.getresponse().read()))
            connection.close()
        self._validator.check(method, path.split("?")[0], answer)


class Description:
    """The OpenAPI description, for holding answers against it."""

    def __init__(self, document):
        import jsonschema
        self.document = document
        self._jsonschema = jsonschema
        self._resolver = jsonschema.RefResolver.from_schema(document)

    def operation(self, method, path):
        for template, item in self.document["paths"].items():
            pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path):
                return item.get(method.lower())
        return None

    def _resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"][2:].split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def check(self, method, path, answer):
        operation = self.operation("GET" if method == "HEAD" else method, path)
        if operation is None:
            if answer.status not in (200, 204, 206, 304, 400, 401, 404, 405, 413, 414, 416, 431):
                raise AssertionError(f"{method} {path} is not described, and answered {answer.status}")
            return
        responses = operation["responses"]
        described = responses.get(str(answer.status)) or responses.get(f"{answer.status // 100}XX") \
            or responses.get("default")
        if described is None:
            raise AssertionError(f"{method} {path}: status {answer.status} is not described")
        content = self._resolve(described).get("content", {})
        kind = (answer.headers.get("Content-Type") or "").split(";")[0]
        if not answer.body or not content:
            return
        if kind not in content:
            raise AssertionError(f"{method} {path}: {answer.status} with {kind!r} is not described")
        if kind.endswith("json") and "schema" in content[kind]:
            validator = self._jsonschema.Draft202012Validator(content[kind]["schema"], resolver=self._resolver)
            faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(answer.json)]
            if faults:
                raise AssertionError(f"{method} {path}: {answer.status} is not as described: {faults[:5]}")


class ServiceCase(unittest.TestCase):
    """Tests that share one service over the toy data set."""

    flags = ["--workers", "2"]

    @classmethod
    def setUpClass(cls):
        import toy
        cls._folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls._folder.name)
        toy.write_csv(folder)
        cls.service = Service(database=folder / "cairn.sqlite", flags=[*cls.flags, "--data-folder", str(folder)])

    @classmethod
    def tearDownClass(cls):
        with cls.service:
            pass
        cls._folder.cleanup()
