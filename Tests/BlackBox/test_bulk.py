"""Answers that hold much of a study."""
import csv
import io
import socket
import unittest

import toy
from many import ManyTrials, ask, memory, reset
from support import ServiceCase


def rows(service, path):
    answer = service.get(path)
    if answer.status != 200:
        raise AssertionError(answer.text)
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


class Bulk(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        study = toy.definition("many", validation={"repeats": 2, "split": "test"}, iterations=tuple(range(1, 36)))
        study["parameters"]["learning_rate"]["values"] = [n / 100 for n in range(1, 11)]
        assert cls.service.post("/v1/studies", study).status == 201
        cls.service.post("/v1/studies", toy.definition("searched", {"name": "approximate_gradient", "preset": "paper", "restarts": 1}))
        cls.service.wait("many")
        cls.service.wait("searched")

    def test_the_csv_is_what_the_list_says(self):
        trials = {str(t["number"]): t for t in self.service.all("/v1/studies/many/trials")}
        found = rows(self.service, "/v1/studies/many/trials.csv")
        self.assertEqual([r["number"] for r in found], list(trials))
        self.assertEqual(len(found), 700)
        for row in found:
            trial = trials[row["number"]]
            self.assertEqual(row["state"], trial["state"])
            self.assertEqual(float(row["value"]) if row["value"] else None, trial["value"])
            for name, value in trial["parameters"].items():
                self.assertEqual(float(row[f"parameter.{name}"]), value)
            for name in ("train_accuracy", "train_loss", "validation_accuracy", "validation_loss"):
                cell = row[f"metric.{name}"]
                self.assertEqual(float(cell) if cell else None, trial["metrics"].get(name))
            self.assertEqual([float(s) for s in row["scores"].split()], trial["scores"])
            self.assertEqual(row["standard_deviation"] != "", len(trial["scores"]) > 1)
            self.assertEqual(row["origin"], "grid")
            self.assertEqual(float(row["compute_seconds"]), trial["compute_seconds"])
            for name in ("created_at", "started_at", "finished_at", "error"):
                self.assertEqual(row[name] or None, trial[name])
        for states in ("completed", "infeasible", "infeasible,completed", "queued"):
            some = rows(self.service, f"/v1/studies/many/trials.csv?state={states}")
            self.assertEqual(some, [r for r in found if r["state"] in states.split(",")])

    def test_the_origin_of_a_descent(self):
        trials = {t["number"]: t for t in self.service.all("/v1/studies/searched/trials")}
        for row in rows(self.service, "/v1/studies/searched/trials.csv"):
            kind, *members = row["origin"].split()
            origin = trials[int(row["number"])]["origin"]
            self.assertEqual({"kind": kind, **dict(m.split("=") for m in members)}, {k: str(v) for k, v in origin.items()})

    def test_columns(self):
        trials = self.service.all("/v1/studies/many/trials")
        columns = self.service.get("/v1/studies/many/columns").json
        self.assertEqual((columns["total"], columns["number"]), (700, [t["number"] for t in trials]))
        for name in ("state", "value", "compute_seconds"):
            self.assertEqual(columns[name], [t[name] for t in trials])
        for group in ("parameters", "metrics"):
            for name, column in columns[group].items():
                self.assertEqual(column, [t[group].get(name) for t in trials], name)
        best = self.service.get("/v1/studies/many/best?count=1").json["items"][0]
        self.assertEqual(columns["value"][columns["best"] - 1], max(t["value"] for t in trials if t["value"] is not None))
        self.assertGreaterEqual(columns["value"][columns["best"] - 1], best["value"])
        few = self.service.get("/v1/studies/many/columns?points=50")
        self.assertEqual(len(few.json["number"]), 50)
        self.assertLessEqual(set(columns["improvements"]), set(few.json["number"]))
        for name, column in few.json["parameters"].items():
            self.assertEqual(column, [columns["parameters"][name][number - 1] for number in few.json["number"]])
        known = self.service.get("/v1/studies/many/columns?points=50", {"If-None-Match": few.headers["ETag"]})
        self.assertEqual(known.status, 304)
        # Every trial that the search moved to, whatever the room.
        centres = {t["origin"]["centre"] for t in self.service.all("/v1/studies/searched/trials") if "centre" in t["origin"]}
        self.assertLessEqual(centres, set(self.service.get("/v1/studies/searched/columns?points=1").json["number"]))

    def test_curves(self):
        answer = self.service.get("/v1/studies/many/curves?numbers=7,2,100000")
        self.assertEqual([i["number"] for i in answer.json["items"]], [7, 2])
        for item in answer.json["items"]:
            trial = self.service.get(f"/v1/studies/many/trials/{item['number']}").json
            self.assertEqual(item["curve"], trial["curve"])
        known = self.service.get("/v1/studies/many/curves?numbers=7,2,100000", {"If-None-Match": answer.headers["ETag"]})
        self.assertEqual(known.status, 304)
        for wrong in ("", "?numbers=1,1", "?numbers=x", "?numbers=" + ",".join(map(str, range(1, 202)))):
            refused = self.service.get("/v1/studies/many/curves" + wrong)
            self.assertEqual((refused.status, refused.json["errors"][0]["pointer"]), (400, "numbers"))


class Crowds(unittest.TestCase):
    """Many clients of a long study. Its CSV has about 5 MB, and took 15 MB where it was gathered."""

    @classmethod
    def setUpClass(cls):
        cls.many = ManyTrials(20_000)
        cls.service = cls.many.service
        cls.path = "/v1/studies/many/trials.csv"

    @classmethod
    def tearDownClass(cls):
        cls.many.__exit__()

    def test_clients_that_go_cost_nothing(self):
        self.assertEqual(self.service.get("/v1/studies/many/trials?limit=1").status, 200)
        before = memory(self.service)
        curves = "/v1/studies/many/curves?numbers=" + ",".join(map(str, range(1, 201)))
        for index in range(150):
            reset(self.service, self.path if index % 3 else curves)
        self.assertEqual(self.service.get("/v1/studies/many/trials?limit=1").status, 200)
        self.service.until(lambda: self.service.get("/v1/studies/many/curves?numbers=1").status == 200)
        self.assertLess(memory(self.service, "VmHWM") - before, 100)

    def test_clients_that_do_not_read_shut_nobody_out(self):
        clients = [ask(self.service, self.path, buffer=4096) for _ in range(10)]
        for client in clients:
            self.addCleanup(client.close)
            # A machine that is held up by others tells some to come again.
            self.assertIn(client.recv(12, socket.MSG_WAITALL), (b"HTTP/1.1 200", b"HTTP/1.1 503"))
        whole = self.service.until(lambda: (a := self.service.get(self.path)).status == 200 and a)
        self.assertEqual(whole.text.count("\r\n"), 20_001)

    def test_a_half_closed_client_gets_all(self):
        def answered():
            with ask(self.service, self.path) as client:
                client.shutdown(socket.SHUT_WR)
                received = b""
                while piece := client.recv(1 << 16):
                    received += piece
            # While answers to the clients of other tests are made, it is told to come again.
            return not received.startswith(b"HTTP/1.1 503") and received
        received = self.service.until(answered)
        self.assertTrue(received.startswith(b"HTTP/1.1 200") and received.endswith(b"\r\n0\r\n\r\n"))


if __name__ == "__main__":
    unittest.main()
