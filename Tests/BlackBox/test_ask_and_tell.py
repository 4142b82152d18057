"""Ask and tell: studies whose trials callers run, as curl would."""
import json
import threading
import time
import unittest

from support import Service, ServiceCase

STUDY = {
    "model": {"kind": "external"},
    "parameters": {
        "x": {"type": "integer", "values": list(range(10))},
        "y": {"type": "integer", "values": list(range(10))},
    },
    "objective": {"metric": "score", "goal": "maximize"},
    "algorithm": {"name": "random"},
    "budget": {"trials": 20},
}


def score(parameters):
    return -(parameters["x"] - 3) ** 2 - (parameters["y"] - 6) ** 2


class Ask(ServiceCase):
    def study(self, name, **changes):
        answer = self.service.post("/v1/studies", {"name": name, **STUDY, **changes})
        self.assertEqual(answer.status, 201, answer.text)
        return f"/v1/studies/{name}"

    def ask(self, path, **body):
        answer = self.service.post(path + "/suggestions", body)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def tell(self, path, number, **body):
        return self.service.post(f"{path}/trials/{number}/complete", body)

    def test_a_study_from_first_to_last(self):
        path = self.study("whole")
        told = {}
        while True:
            handed = self.ask(path, worker="w", count=3)
            if not handed["items"]:
                break
            for trial in handed["items"]:
                self.assertEqual(trial["state"], "running")
                self.assertEqual(trial["worker"], "w")
                told[trial["number"]] = score(trial["parameters"])
                answer = self.tell(path, trial["number"], metrics={"score": told[trial["number"]], "seconds": 2})
                self.assertEqual(answer.status, 200, answer.text)
                self.assertEqual(answer.json["value"], told[trial["number"]])
        self.assertEqual(handed["study_state"], "completed")
        self.assertEqual(sorted(told), list(range(1, 21)))
        study = self.service.get(path).json
        self.assertEqual((study["state"], study["stop_reason"]["code"]), ("completed", "budget_trials"))
        self.assertIsNone(self.service.get("/v1/studies").json["items"][0]["dataset"])
        self.assertEqual(self.service.get(path + "/trials/1/model").status, 409)
        best = self.service.get(path + "/best?count=1").json["items"][0]
        self.assertEqual(best["value"], max(told.values()))
        lines = self.service.get(path + "/trials.csv").text.splitlines()
        self.assertIn("metric.score,metric.seconds", lines[0])
        self.assertEqual(len(lines), 21)

    def test_next_comes_in_the_same_answer(self):
        path = self.study("next", budget={"trials": 3})
        trial = self.ask(path, worker="w")["items"][0]
        for number in (1, 2, 3):
            answer = self.tell(path, trial["number"], metrics={"score": number}, next={"worker": "w", "count": 1}).json
            self.assertEqual((answer["trial"]["number"], answer["trial"]["state"]), (number, "completed"))
            if number < 3:
                trial = answer["items"][0]
                # The answer was lost: the same again gives the same trial, under a new lease.
                again = self.tell(path, number, metrics={"score": number}, next={"worker": "w", "count": 1}).json
                self.assertEqual(again["items"][0]["number"], trial["number"])
        self.assertEqual((answer["items"], answer["study_state"]), ([], "completed"))

    def test_the_first_result_counts(self):
        path = self.study("first")
        self.ask(path, worker="w")
        self.assertEqual(self.tell(path, 1, metrics={"score": 1}).status, 200)
        self.assertEqual(self.tell(path, 1, metrics={"score": 1}).status, 200)
        other = self.tell(path, 1, metrics={"score": 2})
        self.assertEqual(other.status, 409, other.text)
        self.assertEqual(self.tell(path, 1, infeasible="no").status, 409)

    def test_what_is_refused(self):
        path = self.study("refused")
        trial = self.ask(path, worker="w")["items"][0]
        lease = trial["lease"]
        cases = [
            (f"{path}/suggestions", {"count": 0}, 422, "/count"),
            (f"{path}/suggestions", {"wrker": "w"}, 422, "worker"),
            (f"{path}/suggestions", {"lease_seconds": 0.5}, 422, "/lease_seconds"),
            (f"{path}/suggestions", {"wait_seconds": 61}, 422, "/wait_seconds"),
            (f"{path}/trials/99/complete", {"metrics": {"score": 1}}, 404, "no trial 99"),
            (f"{path}/trials/x/complete", {"metrics": {"score": 1}}, 404, "no trial x"),
            (f"{path}/trials/1/complete", {}, 422, "The result is missing"),
            (f"{path}/trials/1/complete", {"metrics": {"other": 1}}, 422, "score is missing"),
            (f"{path}/trials/1/complete", {"metrics": {"score": "high"}}, 422, "/metrics/score"),
            (f"{path}/trials/1/complete", {"metrics": {"score": 1}, "infeasible": "no"}, 422, "one outcome"),
            (f"{path}/trials/1/complete", {"failure": "broken"}, 422, "lease is missing"),
            (f"{path}/trials/1/complete", {"failure": "b", "class": "bad", "lease": lease}, 422, "out_of_memory"),
            (f"{path}/trials/1/complete", {"failure": "b", "lease": "x"}, 409, "lease_lost"),
            (f"{path}/trials/1/heartbeat", {"lease": "x"}, 409, "lease_lost"),
            (f"{path}/trials/1/measurements", {"lease": lease, "step": -1, "metrics": {}}, 422, "/step"),
            (f"{path}/trials/1/measurements", {"lease": lease, "step": 1}, 422, "metrics is missing"),
            (f"{path}/results", {"items": {}}, 422, "/items"),
            (f"{path}/results", {"items": [{"metrics": {"score": 1}}]}, 422, "/items/0"),
        ]
        for address, body, status, words in cases:
            with self.subTest(address=address, body=body):
                answer = self.service.post(address, body)
                self.assertEqual(answer.status, status, answer.text)
                self.assertIn(words, answer.text)
        nan = self.service.post(f"{path}/trials/1/complete", b'{"metrics": {"score": NaN}}',
                                {"Content-Type": "application/json"})
        self.assertEqual(nan.status, 400, nan.text)
        large = self.service.post(f"{path}/trials/1/measurements",
                                  {"lease": lease, "step": 1, "metrics": {"n" * 120 + str(i): 1 for i in range(17_000)}})
        self.assertIn(large.status, (413, 422), large.text[:300])
        self.assertEqual(self.service.get(f"{path}/trials/1").json["state"], "running")

    def test_a_study_that_trains_itself_is_not_asked(self):
        self.service.post("/v1/studies", {
            "name": "own", "dataset": "synthetic-cats", "model": {"kind": "mlp", "units_1": 2},
            "parameters": {"iterations": {"type": "integer", "values": [1, 2]}}, "algorithm": {"name": "grid"}})
        answer = self.service.post("/v1/studies/own/suggestions", {"worker": "w"})
        self.assertEqual(answer.status, 409)
        self.assertIn("external", answer.text)

    def test_measurements_are_the_curve(self):
        path = self.study("curve")
        lease = self.ask(path, worker="w")["items"][0]["lease"]
        for step in range(0, 1000, 2):
            answer = self.service.post(f"{path}/trials/1/measurements",
                                       {"lease": lease, "step": step, "metrics": {"score": step / 1000}})
            self.assertEqual(answer.status, 200, answer.text)
            self.assertFalse(answer.json["should_stop"])
        back = self.service.post(f"{path}/trials/1/measurements",
                                 {"lease": lease, "step": 3, "metrics": {"score": 0}})
        self.assertEqual(back.status, 422, back.text)
        curve = self.service.get(f"{path}/trials/1").json["curve"]
        self.assertLessEqual(len(curve), 200)
        self.assertEqual(curve[-1], {"step": 998, "metrics": {"score": 0.998}})
        self.assertEqual(self.tell(path, 1, metrics={"score": 2}).status, 200)
        self.assertEqual(self.service.get(f"{path}/trials/1").json["curve"], curve)
        self.assertEqual(self.service.get(f"{path}/curves?numbers=1").json["items"][0]["curve"], curve)

    def test_an_idle_caller_waits(self):
        path = self.study("idle", budget={"trials": 1})
        lease = self.ask(path, worker="a")["items"][0]["lease"]
        found = []
        waiting = threading.Thread(target=lambda: found.append(self.ask(path, worker="b", wait_seconds=60)))
        waiting.start()
        time.sleep(0.3)
        self.assertEqual(found, [])
        self.assertEqual(self.service.post(f"{path}/trials/1/release", {"lease": lease}).json["state"], "queued")
        waiting.join(60)
        self.assertEqual([t["number"] for t in found[0]["items"]], [1])
        self.assertEqual(found[0]["items"][0]["attempt"], 2)
        # And one that waits for nothing hears of the end.
        ended = threading.Thread(target=lambda: found.append(self.ask(path, worker="c", wait_seconds=60)))
        ended.start()
        time.sleep(0.3)
        self.tell(path, 1, metrics={"score": 1})
        ended.join(60)
        self.assertEqual((found[1]["items"], found[1]["study_state"]), ([], "completed"))

    def test_many_results_at_once(self):
        path = self.study("many")
        self.ask(path, worker="w", count=3)
        answer = self.service.post(f"{path}/results", {"items": [
            {"number": 1, "metrics": {"score": 1}}, {"number": 2, "infeasible": "too wide"},
            {"number": 9, "metrics": {"score": 1}}, {"number": 1, "metrics": {"score": 1}},
            {"number": 1, "metrics": {"score": 5}}, {"number": 3, "metrics": {"other": 5}}]}).json["items"]
        self.assertEqual([i["status"] for i in answer], [200, 200, 404, 200, 409, 422])
        states = [t["state"] for t in self.service.get(path + "/trials").json["items"]]
        self.assertEqual(states, ["completed", "infeasible", "running"])

    def test_a_study_that_ends_tells_its_callers(self):
        path = self.study("ends")
        lease = self.ask(path, worker="w")["items"][0]["lease"]
        self.service.post(path + "/stop")
        for address, body in (("heartbeat", {}), ("measurements", {"step": 1, "metrics": {"score": 1}})):
            answer = self.service.post(f"{path}/trials/1/{address}", {"lease": lease, **body}).json
            self.assertEqual((answer["should_stop"], answer["reason"]), (True, "stopped"))
        self.assertEqual(self.tell(path, 1, metrics={"score": 3}).json["state"], "completed")
        path = self.study("gone")
        lease = self.ask(path, worker="w")["items"][0]["lease"]
        self.service.delete(path)
        answer = self.service.post(f"{path}/trials/1/heartbeat", {"lease": lease}).json
        self.assertEqual((answer["should_stop"], answer["reason"]), (True, "deleted"))


class Known(Ask):
    """Points that a person brings, and what a person does to a trial."""

    def test_initial_points_come_first(self):
        path = self.study("initial", initial_points=[{"x": 3, "y": 6}, {"x": 0, "y": 9}])
        items = self.ask(path, worker="w", count=3)["items"]
        self.assertEqual([t["parameters"] for t in items[:2]], [{"x": 3, "y": 6}, {"x": 0, "y": 9}])
        self.assertEqual([t["origin"]["kind"] for t in items], ["initial", "initial", "random"])
        bad = self.service.post("/v1/studies", {"name": "bad", **STUDY, "initial_points": [
            {"x": 3}, {"x": 10, "y": 0}, {"x": 1, "y": 1, "z": 2}, {"x": 1, "y": 1}, {"x": 1, "y": 1}]})
        self.assertEqual([e["pointer"] for e in bad.json["errors"]], [
            "/initial_points/0", "/initial_points/1/x", "/initial_points/2/z", "/initial_points/4"])

    def test_a_point_is_put_in_line(self):
        path = self.study("line")
        first = self.ask(path, worker="w")["items"][0]["parameters"]
        self.assertEqual(self.service.post(path + "/trials", {"parameters": first}).status, 409)
        point = {"x": 5, "y": 5} if first != {"x": 5, "y": 5} else {"x": 5, "y": 4}
        answer = self.service.post(path + "/trials", {"parameters": point})
        self.assertEqual((answer.status, answer.json), (202, {"parameters": point, "position": 1}))
        self.assertEqual(self.service.post(path + "/trials", {"parameters": point}).status, 409)
        other = {"x": 6, "y": 6} if first != {"x": 6, "y": 6} else {"x": 6, "y": 5}
        self.assertEqual(self.service.post(path + "/trials", {"parameters": other}).json["position"], 2)
        self.assertEqual(self.service.get(path).json["enqueued"], 2)
        self.assertEqual(self.service.delete(path + "/enqueued/2").status, 204)
        self.assertEqual(self.service.delete(path + "/enqueued/2").status, 404)
        trial = self.ask(path, worker="v")["items"][0]
        self.assertEqual((trial["number"], trial["parameters"], trial["origin"]["kind"]), (2, point, "enqueued"))
        study = self.service.get(path).json
        self.assertEqual(study["enqueued"], 0)
        self.assertEqual([list(e["changes"]) for e in study["edits"]], [["enqueued"], ["enqueued"], ["withdrawn"]])
        for body, pointer in (({"parameters": {"x": 1}}, "/parameters"), ({"parameters": {"x": 1, "y": 99}}, "/parameters/y"),
                              ({}, ""), ({"parameters": {"x": 1, "y": 1}, "z": 1}, "/z")):
            answer = self.service.post(path + "/trials", body)
            self.assertEqual((answer.status, answer.json["errors"][0]["pointer"]), (422, pointer), answer.text)
        self.service.post(path + "/stop")
        self.assertEqual(self.service.post(path + "/trials", {"parameters": {"x": 1, "y": 1}}).status, 409)

    def test_what_was_tried_before_is_known(self):
        tried = [{"parameters": {"x": x, "y": 6}, "value": score({"x": x, "y": 6})} for x in range(10)]
        tried.append({"parameters": {"x": 2.5, "y": 0.5}, "value": -40})
        path = self.study("before", prior=tried, algorithm={"name": "gaussian_process"}, parallelism=1)
        points = []
        for _ in range(12):
            trial = self.ask(path, worker="w")["items"][0]
            points.append(trial["parameters"])
            self.tell(path, trial["number"], metrics={"score": score(trial["parameters"])})
        self.assertTrue(all(p["y"] != 6 for p in points), points)
        best = self.service.get(path + "/best").json["items"]
        self.assertTrue(all(item["parameters"]["y"] != 6 for item in best))
        bad = self.service.post("/v1/studies", {"name": "bad2", **STUDY, "prior": [
            {"parameters": {"x": 1, "z": 1}, "value": 1}, {"parameters": {"x": 1, "y": 1}}]})
        self.assertEqual(bad.status, 422)
        self.assertIn("/prior/0/parameters/z", bad.text)

    def test_a_trial_is_changed_by_hand(self):
        path = self.study("hand")
        held = self.ask(path, worker="w", count=2)["items"]
        answer = self.service.post(f"{path}/trials/1/fail", {"reason": "the machine burnt"})
        self.assertEqual((answer.status, answer.json["state"], answer.json["error"]), (200, "failed", "the machine burnt"))
        self.assertEqual(self.service.post(f"{path}/trials/1/fail").status, 409)
        self.assertEqual(self.service.post(f"{path}/trials/1/retry").json["state"], "queued")
        self.assertEqual(self.service.post(f"{path}/trials/1/retry").status, 409)
        self.assertEqual(self.service.post(f"{path}/trials/2/requeue").json["state"], "queued")
        lost = self.service.post(f"{path}/trials/2/heartbeat", {"lease": held[1]["lease"]})
        self.assertEqual(lost.status, 409)
        self.assertEqual([t["number"] for t in self.ask(path, worker="v", count=2)["items"]], [1, 2])
        self.assertEqual([list(e["changes"]) for e in self.service.get(path).json["edits"]],
                         [["failed"], ["retried"], ["requeued"]])


class LogSpace(unittest.TestCase):
    """`--log-space` bounds what all trials keep together, and the oldest goes first."""

    def test_the_oldest_goes(self):
        for flags, environment, kept in ((["--log-space", "1MiB"], {}, 1), ([], {"CAIRN_LOG_SPACE": "1MiB"}, 1), ([], {}, 3)):
            with Service(flags=flags, environment=environment) as service:
                service.post("/v1/studies", {
                    "name": "s", "model": {"kind": "external"}, "objective": {"metric": "m", "goal": "maximize"},
                    "parameters": {"x": {"type": "integer", "min": 1, "max": 9}}})
                items = service.post("/v1/studies/s/suggestions", {"count": 3, "worker": "w"}).json["items"]
                for item in items:
                    answer = service.post(
                        f"/v1/studies/s/trials/{item['number']}/log?lease={item['lease']}&offset=0", b"x" * 600_000,
                        {"Content-Type": "text/plain"})
                    self.assertEqual(answer.status, 204, answer.text)
                sizes = [len(service.get(f"/v1/studies/s/trials/{n}/log").body) for n in (1, 2, 3)]
                self.assertEqual(sizes, [0] * (3 - kept) + [600_000] * kept)


class Output(Ask):
    """What the programs of trials write."""

    def post_log(self, path, lease, offset, text):
        return self.service.post(f"{path}/trials/1/log?lease={lease}&offset={offset}", text,
                                 {"Content-Type": "text/plain"})

    def test_the_end_is_kept(self):
        path = self.study("log")
        lease = self.ask(path, worker="w")["items"][0]["lease"]
        self.assertEqual(self.service.get(f"{path}/trials/1/log").body, b"")
        self.assertEqual(self.post_log(path, lease, 0, b"one\ntwo\n").status, 204)
        # Told twice, and in part.
        self.assertEqual(self.post_log(path, lease, 0, b"one\ntwo\n").status, 204)
        self.assertEqual(self.post_log(path, lease, 4, b"two\nthree\n").status, 204)
        answer = self.service.get(f"{path}/trials/1/log")
        self.assertEqual(answer.body, b"one\ntwo\nthree\n")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        offset = len(answer.body)
        for piece in range(6):
            body = bytes([65 + piece]) * 300_000
            self.assertEqual(self.post_log(path, lease, offset, body).status, 204)
            offset += len(body)
        kept = self.service.get(f"{path}/trials/1/log").body
        self.assertEqual(len(kept), 1 << 20)
        self.assertTrue(kept.endswith(b"F" * 300_000) and b"one" not in kept)
        self.assertEqual(self.post_log(path, "x", 0, b"x").status, 409)
        self.assertEqual(self.service.post(f"{path}/trials/1/log", b"x", {"Content-Type": "text/plain"}).status, 400)
        # A new attempt begins anew.
        self.service.post(f"{path}/trials/1/release", {"lease": lease})
        lease = self.ask(path, worker="v")["items"][0]["lease"]
        self.assertEqual(self.post_log(path, lease, 0, b"again").status, 204)
        self.assertEqual(self.service.get(f"{path}/trials/1/log").body, b"again")

    def test_it_can_be_followed(self):
        path = self.study("follow")
        lease = self.ask(path, worker="w")["items"][0]["lease"]
        self.post_log(path, lease, 0, b"first ")
        found = []
        reader = threading.Thread(target=lambda: found.append(self.service.get(f"{path}/trials/1/log?follow").body))
        reader.start()
        time.sleep(0.3)
        self.post_log(path, lease, 6, b"last")
        self.tell(path, 1, metrics={"score": 1})
        reader.join(60)
        self.assertEqual(found, [b"first last"])


class Lives(unittest.TestCase):
    def test_a_lease_outlives_the_service(self):
        with Service() as service:
            service.post("/v1/studies", {"name": "s", **STUDY})
            held = service.post("/v1/studies/s/suggestions", {"worker": "w", "lease_seconds": 86_400}).json["items"][0]
            short = service.post("/v1/studies/s/suggestions", {"worker": "v", "lease_seconds": 1}).json["items"][0]
            service.post("/v1/studies/s/trials/1/measurements",
                         {"lease": held["lease"], "step": 5, "metrics": {"score": 1}})
            service.kill()
            service.restart()
            back = service.post("/v1/studies/s/trials/1/measurements",
                                {"lease": held["lease"], "step": 4, "metrics": {"score": 1}})
            self.assertEqual(back.status, 422, back.text)
            same = service.post("/v1/studies/s/trials/1/measurements",
                                {"lease": held["lease"], "step": 5, "metrics": {"score": 1}})
            self.assertEqual(same.status, 200, same.text)
            self.assertEqual(service.get("/v1/studies/s/trials/1").json["attempt"], 1)
            service.until(lambda: service.get("/v1/studies/s/trials/2").json["state"] == "queued", 60)
            lost = service.post("/v1/studies/s/trials/2/heartbeat", {"lease": short["lease"]})
            self.assertEqual((lost.status, lost.json["code"]), (409, "lease_lost"))
            again = service.post("/v1/studies/s/suggestions", {"worker": "u"}).json["items"][0]
            self.assertEqual((again["number"], again["attempt"]), (2, 2))
            # The first result counts, from any caller.
            self.assertEqual(
                service.post("/v1/studies/s/trials/2/complete", {"metrics": {"score": 1}}).json["state"], "completed")

    def test_the_same_results_give_the_same_suggestions(self):
        """However many callers there are, and though the service is killed on the way."""
        tables = []
        for callers, kills in ((1, ()), (3, (7, 13)), (4, (2,))):
            with Service() as service:
                study = {**STUDY, "name": "s", "parallelism": 4, "algorithm": {"name": "approximate_gradient"},
                         "budget": {"trials": 30}}
                service.post("/v1/studies", study)
                done = 0
                while True:
                    held = []
                    for caller in range(callers):
                        held += service.post("/v1/studies/s/suggestions", {"worker": f"w{caller}"}).json["items"]
                    if not held:
                        break
                    for trial in held[::-1]:
                        done += 1
                        if done in kills:
                            service.kill()
                            service.restart()
                        answer = service.post(f"/v1/studies/s/trials/{trial['number']}/complete",
                                              {"metrics": {"score": score(trial["parameters"])}})
                        self.assertEqual(answer.status, 200, answer.text)
                self.assertEqual(service.get("/v1/studies/s").json["state"], "completed")
                tables.append([json.dumps(t["parameters"]) for t in service.all("/v1/studies/s/trials")])
        self.assertEqual(len(tables[0]), 30)
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[0], tables[2])


if __name__ == "__main__":
    unittest.main()
