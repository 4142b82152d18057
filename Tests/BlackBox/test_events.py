"""Streams of events: nothing is left out, nothing goes back, whatever is cut."""
import http.client
import json
import pathlib
import tempfile
import threading
import time
import unittest

import toy
from support import Service

FINAL = {"completed", "infeasible", "failed", "pruned"}


class Reader(threading.Thread):
    """Follows a study; connects again where it was cut, as a browser does."""

    def __init__(self, service, path, pause=0.0, cuts=0):
        super().__init__(daemon=True)
        self.service, self.path, self.pause, self.cuts = service, path, pause, cuts
        self.last_id, self.faults, self.events = None, [], 0
        self.states, self.study, self.kinds = {}, None, []
        self.done = False
        self.times_cut = 0

    def run(self):
        while not self.done:
            try:
                self.follow()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)

    def follow(self):
        connection = http.client.HTTPConnection(self.service.host, self.service.port, timeout=30)
        headers = {"Last-Event-ID": str(self.last_id)} if self.last_id is not None else {}
        connection.request("GET", self.path, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(response.status)
        event, seen = {}, 0
        try:
            while not self.done:
                line = response.readline().decode()
                if not line:
                    return
                line = line.rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                if "event" in event:
                    self.take(event)
                    seen += 1
                    if self.times_cut < self.cuts and seen > 3:
                        self.times_cut += 1
                        return
                event = {}
                time.sleep(self.pause)
        finally:
            connection.close()

    def take(self, event):
        position, data = int(event["id"]), json.loads(event["data"])
        if self.last_id is not None and position <= self.last_id and event["event"] != "reset":
            self.faults.append(f"id {position} after {self.last_id}")
        self.last_id = position
        self.kinds.append(event["event"])
        self.events += 1
        if event["event"] == "study":
            if self.study and data["revision"] < self.study["revision"]:
                self.faults.append("the study went back")
            self.study = data
        elif event["event"] == "trial":
            self.note(data["number"], data["state"])
        elif event["event"] == "trials":
            for number in data["numbers"]:
                self.states[number] = None

    def note(self, number, state):
        before = self.states.get(number)
        if before in FINAL and state != before:
            self.faults.append(f"trial {number} went from {before} to {state}")
        self.states[number] = state

    def final_states(self):
        """What the reader knows at the end; what was told by number alone is fetched now."""
        name = self.path.split("/")[3]
        table = {t["number"]: t["state"] for t in self.service.all(f"/v1/studies/{name}/trials")}
        return {number: state or table[number] for number, state in self.states.items()}


class Events(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        toy.write_csv(pathlib.Path(folder.name))
        self.service = Service(flags=["--data-folder", folder.name, "--workers", "2"])
        self.addCleanup(self.service.__exit__)

    def first_events(self, path, count=1, headers=None):
        connection = http.client.HTTPConnection(self.service.host, self.service.port, timeout=60)
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        self.assertRegex(response.headers["Content-Type"], "^text/event-stream")
        events, event = [], {}
        while len(events) < count:
            line = response.readline().decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
            else:
                if "event" in event:
                    events.append(event)
                event = {}
        connection.close()
        return events

    def test_five_hundred_trials_three_readers_two_kills(self):
        study = toy.definition("watched", algorithm="random", budget={"trials": 500}, iterations=(300, 600),
                               validation={"split": "test", "repeats": 2})
        study["parameters"]["learning_rate"] = {"type": "real", "min": 0.001, "max": 0.5}
        self.assertEqual(self.service.post("/v1/studies", study).status, 201)
        path = "/v1/studies/watched/events?after=0"
        readers = [Reader(self.service, path), Reader(self.service, path, pause=0.15),
                   Reader(self.service, path, cuts=5)]
        for reader in readers:
            reader.start()
        for share in (100, 300):
            self.service.until(lambda: self.finished() >= share, 600)
            self.service.kill()
            self.service.restart()
        self.service.wait("watched", 600)

        # The fewer events a fast machine tells of many trials in, the fewer there are to be cut off after.
        def told_more():
            self.service.patch("/v1/studies/watched", {"notes": f"cut {readers[2].times_cut} times"})
            return readers[2].times_cut == 5
        self.service.until(told_more)
        ended = self.service.get("/v1/studies/watched").json
        for reader in readers:
            self.service.until(lambda: reader.study and reader.study["revision"] >= ended["revision"])
        # What came last has arrived: nothing follows the study's end but its own trials, which come before it.
        table = {t["number"]: t["state"] for t in self.service.all("/v1/studies/watched/trials")}
        for reader in readers:
            self.service.until(lambda: len(reader.states) == 500)
            reader.done = True
            self.assertEqual(reader.faults, [])
            self.assertEqual(reader.final_states(), table)
            self.assertEqual(reader.study["state"], "completed")

    def finished(self):
        progress = self.service.get("/v1/studies/watched").json["progress"]
        return progress["completed"] + progress["infeasible"]

    def test_how_a_stream_begins_and_ends(self):
        # Nothing is scored at the end, which would be an event more.
        self.service.post("/v1/studies", toy.definition("one", validation={"final": None}))
        self.service.wait("one")
        begun = self.first_events("/v1/studies/one/events")[0]
        self.assertEqual(begun["event"], "study")
        self.assertEqual(json.loads(begun["data"])["state"], "completed")
        position = int(self.service.get("/v1/studies/one").headers["Cairn-Event-Id"])
        self.assertEqual(int(begun["id"]), position)
        # From the beginning: every trial once, the study last.
        events = self.first_events("/v1/studies/one/events?after=0", 2)
        told = set()
        for event in events:
            data = json.loads(event["data"])
            told |= set(data.get("numbers", [])) | ({data["number"]} if event["event"] == "trial" else set())
        self.assertTrue(told <= set(range(1, 19)) and told)
        # A position that never was: begin anew.
        self.assertEqual(self.first_events(f"/v1/events?after={position + 1000}")[0]["event"], "reset")
        # A reader that was cut off knows better than its address.
        reader = Reader(self.service, "/v1/studies/one/events")
        reader.start()
        self.service.until(lambda: reader.events)
        self.service.delete("/v1/studies/one")
        self.service.until(lambda: reader.kinds[-1] == "deleted")
        reader.done = True
        for wrong in ("?after=-1", "?after=x", "?nothing=1"):
            self.assertEqual(self.service.get("/v1/events" + wrong).status, 400)
        self.assertEqual(self.service.get("/v1/events", {"Last-Event-ID": "x"}).status, 400)
        self.assertEqual(self.service.get("/v1/studies/one/events").status, 404)

    def test_waiting_for_a_change(self):
        self.service.post("/v1/studies", toy.unending("held", max_running=1, validation={"final": None}))
        seen, revision = 0, None
        tag = None
        while True:
            answer = (self.service.get("/v1/studies/held?wait_seconds=20", {"If-None-Match": tag}) if tag
                      else self.service.get("/v1/studies/held"))
            # On a machine with much else to do, a trial may take longer than the wait.
            if answer.status == 304:
                continue
            self.assertEqual(answer.status, 200)
            self.assertNotEqual(answer.json["revision"], revision)
            revision, tag = answer.json["revision"], answer.headers["ETag"]
            seen += 1
            if answer.json["state"] != "running":
                break
            if seen == 3:
                self.service.post("/v1/studies/held/stop")
        self.assertGreater(seen, 3)
        start = time.monotonic()
        self.assertEqual(self.service.get("/v1/studies/held?wait_seconds=1", {"If-None-Match": tag}).status, 304)
        self.assertGreaterEqual(time.monotonic() - start, 0.9)
        for wrong in ("61", "-1", "x", ""):
            self.assertEqual(self.service.get(f"/v1/studies/held?wait_seconds={wrong}").status, 400)

    def test_stopping_does_not_wait_for_streams(self):
        self.service.post("/v1/studies", toy.definition("open"))
        readers = [Reader(self.service, "/v1/events?after=0") for _ in range(20)]
        for reader in readers:
            reader.start()
        self.service.until(lambda: all(reader.events for reader in readers))
        for reader in readers:
            reader.done = True
        # The streams have no end of their own: that it stops, with status 0, is the proof.
        self.service.stop()


class Compressed(unittest.TestCase):
    def test_long_answers_are_compressed(self):
        import gzip
        with Service() as service:
            plain = service.get("/openapi.json")
            packed = service.get("/openapi.json", {"Accept-Encoding": "gzip"})
            self.assertEqual(packed.headers["Content-Encoding"], "gzip")
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            self.assertLess(len(packed.body), len(plain.body) / 3)
            self.assertIn("Accept-Encoding", plain.headers["Vary"])
            self.assertIsNone(service.get("/healthz", {"Accept-Encoding": "gzip"}).headers["Content-Encoding"])
            tag = packed.headers["ETag"]
            self.assertEqual(service.get("/openapi.json", {"If-None-Match": tag}).status, 304)
            part = service.get("/js/app.js", {"Range": "bytes=0-9"})
            self.assertEqual((part.status, len(part.body)), (206, 10))


if __name__ == "__main__":
    unittest.main()
