"""Very many callers of one study of external trials, of which some die, some are late, and some tell twice."""
import http.client
import json
import random
import threading
import time

LEASE_SECONDS = 2


def definition(name, trials, **more):
    """3,721 points; a search that learns, so that the order of outcomes could matter."""
    axis = {"type": "integer", "min": 0, "max": 60}
    return {"name": name, "model": {"kind": "external"}, "parameters": {"x": axis, "y": axis},
            "algorithm": {"name": "approximate_gradient"}, "objective": {"metric": "score", "goal": "maximize"},
            "budget": {"trials": trials}, "parallelism": 250, "failure_limit": 1000, **more}


def score(point):
    return -((point["x"] - 31) ** 2 + (point["y"] - 9) ** 2) / 7


class Crowd:
    """Runs a study with `count` callers; `faults` lists what must not be."""

    def __init__(self, service, name, count, misbehave=True, seed=1):
        self.service, self.name, self.misbehave = service, name, misbehave
        self.lock, self.faults = threading.Lock(), []
        # Of each trial: the attempts that were handed out, and the tellers whose result was acknowledged.
        self.attempts, self.tellers, self.leases = {}, {}, set()
        self.done = {"died": 0, "late": 0, "twice": 0, "told": 0}
        self.threads = [threading.Thread(target=self._guarded, args=(number, random.Random(f"{seed} {number}")), daemon=True)
                        for number in range(count)]

    def run(self, kills=(), seconds=600):
        """To the end of the study; the service is killed when this many results were acknowledged."""
        for thread in self.threads:
            thread.start()
        for kill in kills:
            self.service.until(lambda: len(self.tellers) >= kill or self.faults, seconds)
            self.service.kill()
            self.service.restart()
        end = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0, end - time.monotonic()))
        if any(thread.is_alive() for thread in self.threads):
            raise TimeoutError(f"callers are still at work: {self.done}")

    def _guarded(self, number, draw):
        caller = Caller(self, number, draw)
        try:
            caller.run()
        except Exception as fault:  # A caller that breaks is a fault of the test or of the service.
            self.fault(f"caller {number}: {fault!r}")
        finally:
            if caller.connection:
                caller.connection.close()

    def fault(self, text):
        with self.lock:
            self.faults.append(text)

    def count(self, what):
        with self.lock:
            self.done[what] += 1

    def handed_out(self, trial):
        with self.lock:
            known = self.attempts.setdefault(trial["number"], [])
            if trial["attempt"] in known:
                self.faults.append(f"trial {trial['number']} was handed out twice as attempt {trial['attempt']}")
            if trial["lease"] in self.leases:
                self.faults.append(f"the lease of trial {trial['number']} was given before")
            known.append(trial["attempt"])
            self.leases.add(trial["lease"])

    def latest(self, number):
        with self.lock:
            return max(self.attempts[number])

    def acknowledged(self, number, teller):
        with self.lock:
            first = self.tellers.setdefault(number, teller)
            if first != teller:
                self.faults.append(f"trial {number} took the result of {first} and that of {teller}")


class Caller:
    """One caller; its calls are made again until they are answered."""

    def __init__(self, crowd, number, draw):
        self.crowd, self.number, self.draw = crowd, number, draw
        self.lives, self.connection = 0, None

    def call(self, path, body):
        """Status and JSON."""
        while True:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(
                        self.crowd.service.host, self.crowd.service.port, timeout=120)
                self.connection.request("POST", f"/v1/studies/{self.crowd.name}/{path}", json.dumps(body),
                                        {"Content-Type": "application/json"})
                response = self.connection.getresponse()
                content = response.read()
                if response.status != 503:
                    return response.status, json.loads(content)
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
            time.sleep(self.draw.uniform(0.05, 0.2))

    def run(self):
        while True:
            # One that died comes back as somebody else.
            status, answer = self.call("suggestions", {"worker": f"caller-{self.number}-{self.lives}", "count": 1,
                                                       "lease_seconds": LEASE_SECONDS, "wait_seconds": 5})
            if status != 200:
                raise RuntimeError(f"{status} {answer}")
            for trial in answer["items"]:
                self.crowd.handed_out(trial)
                self.work(trial)
            if not answer["items"]:
                if answer["study_state"] not in ("running", "paused"):
                    return
                time.sleep(min(1, answer.get("retry_after_seconds") or 0.1))

    def work(self, trial):
        number, what = trial["number"], self.draw.random() if self.crowd.misbehave else 1
        time.sleep(self.draw.uniform(0, 0.05))
        self.heartbeat(trial)
        if trial["attempt"] > 1 and self.crowd.misbehave:
            # Held for long enough that a late caller of an earlier attempt comes back meanwhile.
            for _ in range(3):
                time.sleep(0.6)
                self.heartbeat(trial)
        if what < 0.04:
            self.lives += 1
            return self.crowd.count("died")
        if what < 0.08:
            time.sleep(LEASE_SECONDS + 1)
            self.heartbeat(trial)
            self.crowd.count("late")
        teller = self.number * 1000 + self.draw.randrange(1000)
        for _ in range(2 if what > 0.9 and self.crowd.misbehave else 1):
            status, answer = self.call(f"trials/{number}/complete",
                                       {"metrics": {"score": score(trial["parameters"]), "teller": teller}})
            if status == 200:
                self.crowd.acknowledged(number, teller)
            elif status != 409:
                raise RuntimeError(f"trial {number}: {status} {answer}")
        if what > 0.9 and self.crowd.misbehave:
            self.crowd.count("twice")
        self.crowd.count("told")

    def heartbeat(self, trial):
        """A lease that still holds after a later attempt was handed out means two hands at a time."""
        later = self.crowd.latest(trial["number"]) > trial["attempt"]
        status, answer = self.call(f"trials/{trial['number']}/heartbeat", {"lease": trial["lease"]})
        if later and status == 200 and not answer["should_stop"]:
            self.crowd.fault(f"trial {trial['number']} was in two hands: attempt {trial['attempt']} held its lease")
        if status not in (200, 409):
            self.crowd.fault(f"heartbeat of trial {trial['number']}: {status} {answer}")


def check(case, crowd, service, trials):
    """What must hold of a study that a crowd has run; gives its table."""
    case.assertEqual(crowd.faults, [])
    study = service.get(f"/v1/studies/{crowd.name}").json
    case.assertEqual((study["state"], study["stop_reason"]["code"]), ("completed", "budget_trials"))
    items = service.all(f"/v1/studies/{crowd.name}/trials")
    case.assertEqual([t["number"] for t in items], list(range(1, trials + 1)))
    case.assertEqual({t["state"] for t in items}, {"completed"})
    points = {(t["parameters"]["x"], t["parameters"]["y"]) for t in items}
    case.assertEqual(len(points), trials)
    case.assertEqual({t["number"]: t["metrics"]["teller"] for t in items}, crowd.tellers)
    case.assertEqual([t["value"] for t in items], [score(t["parameters"]) for t in items])
    return [(t["number"], t["parameters"], t["value"]) for t in items]
