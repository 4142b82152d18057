"""Has system calls of the service fail (Tests/Faults/faults.c), and walks scenarios through that."""
import atexit
import errno
import mmap
import pathlib
import shutil
import struct
import subprocess
import tempfile

import toy
from support import ROOT, Service
from test_datasets import multipart

KINDS = ["open", "read", "write", "sync", "space", "names", "look", "lock", "descriptors", "process", "traffic",
         "listen"]

# What each kind of call fails by, in turn.
ERRORS = {
    "open": [errno.EMFILE, errno.ENOSPC, errno.EROFS, errno.EIO], "read": [errno.EIO],
    "write": [errno.ENOSPC, errno.EIO], "sync": [errno.EIO, errno.ENOSPC], "space": [errno.ENOSPC, errno.ENOMEM],
    "names": [errno.EROFS, errno.EIO, errno.ENOSPC], "look": [errno.EIO, errno.ENOMEM], "lock": [errno.ENOLCK],
    "descriptors": [errno.EMFILE, errno.ENOMEM], "process": [errno.EAGAIN, errno.ENOMEM],
    "traffic": [errno.ECONNRESET, errno.ENOBUFS], "listen": [errno.EADDRINUSE, errno.ENOBUFS],
}

LAYOUT = struct.Struct("=iiIiI16I")
_built = None


def library():
    """The library, built once for a run of the tests."""
    global _built
    if _built is None:
        folder = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _built = f"{folder}/faults.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", _built, str(ROOT / "Tests/Faults/faults.c"), "-ldl"],
                       check=True)
    return _built


class Faults:
    """What is to fail, in the service that is started with `environment`."""

    def __init__(self, folder):
        self.path = pathlib.Path(tempfile.mkstemp()[1])
        self.path.write_bytes(bytes(LAYOUT.size))
        with open(self.path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), LAYOUT.size)
        self.environment = {"LD_PRELOAD": library(), "CAIRN_FAULTS": str(self.path),
                            "CAIRN_FAULTS_BELOW": str(folder)}

    def close(self):
        self.map.close()
        self.path.unlink()

    def _write(self, mode, code, kinds, left):
        # What is looked at last is written last.
        self.map[:4] = struct.pack("=i", 0)
        self.map[4:20] = struct.pack("=iIiI", code, kinds, left, 0)
        self.map[:4] = struct.pack("=i", mode)

    def arm(self, kind, code, after=0, lasting=False):
        """Has the call after the next `after` ones of a kind fail, and where `lasting` every one from then on."""
        self._write(2 if lasting else 1, code, 1 << KINDS.index(kind), after)

    def disarm(self):
        """Nothing fails from now on; tells how many calls have."""
        self.map[:4] = struct.pack("=i", 0)
        return self.fired

    @property
    def fired(self):
        return struct.unpack("=I", self.map[16:20])[0]

    def counts(self):
        """How many calls of each kind there were."""
        return dict(zip(KINDS, struct.unpack("=16I", self.map[20:84])))


class Ledger:
    """What the service has acknowledged: it must be there for ever."""

    def __init__(self, case):
        self.case = case
        self.studies, self.datasets = {}, {}

    def check(self, service):
        for name, state in self.studies.items():
            answer = service.get(f"/v1/studies/{name}")
            if state == "gone":
                self.case.assertEqual(answer.status, 404, name)
            elif state is not None:
                self.case.assertEqual(answer.status, 200, f"{name}: {answer.text}")
                if "notes" in state:
                    self.case.assertEqual(answer.json["notes"], state["notes"])
        for name, state in self.datasets.items():
            answer = service.get(f"/v1/datasets/{name}")
            if state is not None:
                self.case.assertEqual(answer.status, 404 if state == "gone" else 200, f"{name}: {answer.text}")


class Walk:
    """One way through everything that a caller may do, with names of its own."""

    CSV = b"x,y,label\n" + b"".join(b"%d,%d,%s\n" % (i, i * i % 7, b"ab"[i % 2:i % 2 + 1]) for i in range(40))

    def __init__(self, service, ledger, name, is_cut=False):
        self.service, self.ledger, self.name, self.is_cut = service, ledger, name, is_cut

    def call(self, method, path, body=None, headers=None):
        """An answer, or None where the connection was cut, which only faults of sockets may do."""
        try:
            answer = self.service.request(method, path, body, headers)
        except (OSError, EOFError) as error:
            self.excuse(error)
            return None
        except Exception as error:  # http.client has errors of its own for an answer that is cut.
            if type(error).__module__ != "http.client":
                raise
            self.excuse(error)
            return None
        if answer.status >= 500:
            self.ledger.case.assertEqual(answer.status, 503, answer.text)
            self.ledger.case.assertEqual(answer.headers["Content-Type"], "application/problem+json")
            self.ledger.case.assertIn("Retry-After", answer.headers)
        return answer

    def excuse(self, error):
        if not self.is_cut:
            raise AssertionError(f"no answer, though no socket failed: {error!r}")

    def outcome(self, answer, good, known, name, after):
        """Notes what an answer promises; where there is none, or 503, nothing is known."""
        if answer is None or answer.status == 503:
            known[name] = None
        else:
            self.ledger.case.assertIn(answer.status, good, answer.text)
            known[name] = after
        return answer is not None and answer.status in good

    def begin(self):
        """A study that is posted, paused and resumed."""
        study, ledger = f"s-{self.name}", self.ledger
        definition = toy.definition(study, budget={"trials": 2})
        answer = self.call("POST", "/v1/studies", definition)
        if not self.outcome(answer, (201,), ledger.studies, study, {}):
            return
        for action in ("pause", "resume"):
            answer = self.call("POST", f"/v1/studies/{study}/{action}")
            if answer is not None:
                ledger.case.assertIn(answer.status, (200, 409, 503), answer.text)
        answer = self.call("PATCH", f"/v1/studies/{study}", {"notes": "changed"})
        self.outcome(answer, (200,), ledger.studies, study, {"notes": "changed"})
        if ledger.studies[study] is None:
            ledger.studies[study] = {}

    def upload(self):
        """A data set that is brought in, and another that is deleted."""
        ledger = self.ledger
        for name in (f"kept-{self.name}", f"gone-{self.name}"):
            body, headers = multipart({"name": name, "format": "csv"}, [("x.csv", self.CSV)])
            answer = self.call("POST", "/v1/datasets", body, headers)
            self.outcome(answer, (201, 422), ledger.datasets, name, {})
            if answer is not None and answer.status == 422:
                # The process that examines has met the fault, and takes the file for damaged.
                ledger.datasets[name] = None
        name = f"gone-{self.name}"
        answer = self.call("DELETE", f"/v1/datasets/{name}")
        self.outcome(answer, (204, 404), ledger.datasets, name, "gone")

    def look(self):
        """What is read: pages, files of the page, and a model, where there is one."""
        study = f"s-{self.name}"
        for path in ("/v1/studies", f"/v1/studies/{study}", f"/v1/studies/{study}/best", f"/v1/studies/{study}/trials",
                     "/v1/datasets", "/metrics", "/"):
            self.call("GET", path)
        answer = self.call("GET", f"/v1/studies/{study}/trials/1/model")
        if answer is not None and answer.status == 200:
            self.call("POST", f"/v1/studies/{study}/trials/1/predict", {"instances": [[0.5] * 6]})

    def end(self):
        """A study that is deleted."""
        study, ledger = f"d-{self.name}", self.ledger
        answer = self.call("POST", "/v1/studies", toy.definition(study, budget={"trials": 1}))
        if self.outcome(answer, (201,), ledger.studies, study, {}):
            answer = self.call("DELETE", f"/v1/studies/{study}")
            self.outcome(answer, (204,), ledger.studies, study, "gone")

    def settle(self):
        """After the fault: the service is ready, and the study that was posted ends."""
        service, study = self.service, f"s-{self.name}"
        service.until(lambda: self.is_ready(service))
        if self.ledger.studies.get(study) is not None:
            # A study may have been left paused.
            service.until(lambda: self.has_ended(study))

    @staticmethod
    def is_ready(service):
        try:
            return service.get("/readyz").status == 200
        except OSError:
            return False

    def has_ended(self, study):
        state = self.service.get(f"/v1/studies/{study}").json["state"]
        if state == "paused":
            self.service.post(f"/v1/studies/{study}/resume")
        return state == "completed"

    STEPS = [begin, upload, look, end]


def places(count, most):
    """Which calls of `count` are to fail: all of them, or some at even distances."""
    if most is None or count <= most:
        return range(count)
    return sorted({int(i * count / most) for i in range(most)})
