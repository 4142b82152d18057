"""`prior` {`study`}: a study begins with what another has found."""
import unittest

from support import Service


def definition(name, **more):
    return {"name": name, "model": {"kind": "external"}, "objective": {"metric": "m", "goal": "maximize"},
            "parameters": {"x": {"type": "integer", "min": 1, "max": 20}}, "algorithm": {"name": "tpe"}, **more}


class PriorStudy(unittest.TestCase):
    def setUp(self):
        self.service = Service()
        self.addCleanup(self.service.__exit__)

    def tell(self, name, count):
        for item in self.service.post(f"/v1/studies/{name}/suggestions", {"count": count, "worker": "w"}).json["items"]:
            x = item["parameters"]["x"]
            self.service.post(f"/v1/studies/{name}/trials/{item['number']}/complete", {"metrics": {"m": -abs(x - 7)}})

    def test_taken_once(self):
        self.service.post("/v1/studies", definition("first"))
        second = definition("second", prior={"study": "first"})
        answer = self.service.post("/v1/studies", second)
        self.assertEqual((answer.status, answer.json["errors"][0]["pointer"]), (422, "/prior/study"), answer.text)
        self.tell("first", 3)
        answer = self.service.post("/v1/studies", second)
        self.assertEqual(answer.status, 201, answer.text)
        prior = answer.json["resolved"]["prior"]
        self.assertEqual(len(prior), 3)
        self.assertTrue(all(p["value"] == -abs(p["parameters"]["x"] - 7) for p in prior), prior)
        self.tell("first", 3)
        self.assertEqual(self.service.delete("/v1/studies/first").status, 204)
        for _ in range(2):
            answer = self.service.post("/v1/studies", second)
            self.assertEqual((answer.status, answer.json["resolved"]["prior"]), (200, prior), answer.text)
            self.service.kill()
            self.service.restart()
        items = self.service.post("/v1/studies/second/suggestions", {"count": 4, "worker": "w"}).json["items"]
        tried = [p["parameters"] for p in prior]
        self.assertTrue(items and all(i["parameters"] not in tried for i in items), items)

    def test_what_does_not_fit(self):
        self.service.post("/v1/studies", definition("first"))
        self.tell("first", 2)
        prior = {"prior": {"study": "first"}}
        for change in ({"prior": {"study": "fist"}},
                       {**prior, "parameters": {"y": {"type": "integer", "min": 1, "max": 20}}},
                       {**prior, "parameters": {"x": {"type": "integer", "min": 100, "max": 200}}},
                       {**prior, "objective": {"metric": "m", "goal": "minimize"}},
                       {**prior, "objective": {"metric": "other", "goal": "maximize"}}):
            answer = self.service.post("/v1/studies", definition("wrong", **change))
            self.assertEqual(answer.status, 422, answer.text)
            self.assertEqual({e["pointer"] for e in answer.json["errors"]}, {"/prior/study"}, answer.text)


if __name__ == "__main__":
    unittest.main()
