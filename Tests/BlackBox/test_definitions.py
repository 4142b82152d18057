"""Wrong study definitions: each gets the status and the pointer that a person needs."""
import json
import unittest

import toy
from support import ServiceCase


class WrongDefinitions(ServiceCase):
    def refused(self, change, pointer, status=422, words=()):
        study = toy.definition("wrong")
        change(study)
        answer = self.service.post("/v1/studies", study)
        self.assertEqual(answer.status, status, answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        faults = {fault["pointer"]: fault["detail"] for fault in answer.json["errors"]}
        self.assertIn(pointer, faults, answer.text)
        for word in words:
            self.assertIn(word, faults[pointer])
        self.assertEqual(self.service.get("/v1/studies/wrong").status, 404)
        return faults

    def test_unknown_data_set(self):
        self.refused(lambda s: s.update(dataset="toi"), "/dataset", words=["toy"])

    def test_unknown_key(self):
        self.refused(lambda s: s.update(paralelism=3), "/paralelism", words=["parallelism"])

    def test_empty_values(self):
        self.refused(lambda s: s["parameters"]["units_1"].update(values=[]), "/parameters/units_1/values")

    def test_duplicate_values(self):
        self.refused(
            lambda s: s["parameters"]["units_1"].update(values=[2, 5, 2.0]), "/parameters/units_1/values/2")

    def test_no_units(self):
        self.refused(lambda s: s["parameters"]["units_1"].update(values=[0, 5]), "/parameters/units_1/values/0")

    def test_negative_budget(self):
        self.refused(lambda s: s.update(budget={"trials": -1}), "/budget/trials")

    def test_a_grid_too_large_without_a_budget(self):
        def change(study):
            study["parameters"]["learning_rate"] = {"type": "real", "min": 0.001, "max": 1, "points": 10000}
            study["parameters"]["iterations"] = {"type": "integer", "min": 1, "max": 1000}
        study = toy.definition("wrong")
        change(study)
        answer = self.service.post("/v1/studies", study)
        self.assertEqual(answer.status, 422, answer.text)
        self.assertTrue(any("budget" in fault["detail"] for fault in answer.json["errors"]), answer.text)

    def test_both_fixed_and_tuned(self):
        faults = self.refused(lambda s: s["model"].update(units_1=4), "/parameters/units_1", words=["model"])
        self.assertTrue(faults)

    def test_layers_against_activations(self):
        study = toy.definition("wrong")
        study["model"].update(layers=3)
        answer = self.service.post("/v1/studies", study)
        self.assertEqual(answer.status, 422, answer.text)
        pointers = [fault["pointer"] for fault in answer.json["errors"]]
        self.assertTrue(any(p in ("/model/layers", "/model/activations") for p in pointers), answer.text)

    def test_a_body_of_two_mebibytes(self):
        body = json.dumps(toy.definition("wrong", notes="x" * (2 << 20))).encode()
        answer = self.service.request("POST", "/v1/studies", body)
        self.assertEqual(answer.status, 413)

    def test_two_faults_come_back_together(self):
        def change(study):
            study["dataset"] = "nowhere"
            study["parameters"]["units_1"]["values"] = [0, 5]
        faults = self.refused(change, "/dataset")
        self.assertIn("/parameters/units_1/values/0", faults)

    def test_malformed_json(self):
        for body in (b"{", b'{"name": "x"', b"", b"\xff\xfe", b"[1e999]", b"[" * 70 + b"]" * 70, b"{} {}"):
            answer = self.service.request("POST", "/v1/studies", body)
            self.assertEqual(answer.status, 400, body)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_parts_that_come_later(self):
        self.refused(lambda s: s.update(priority=3), "/priority", words=["not supported yet"])

    def test_pruning(self):
        self.refused(lambda s: s.update(pruning={"rule": "medain"}), "/pruning/rule", words=["median"])

    def test_the_service_goes_on(self):
        self.assertEqual(self.service.get("/healthz").status, 200)


if __name__ == "__main__":
    unittest.main()
