"""A database that the first version wrote: it opens, its studies are the same, and they go on with the same trials."""
import json
import pathlib
import shutil
import tempfile
import unittest

from support import ROOT, Service

FIXTURES = ROOT / "Tests" / "Fixtures" / "databases"


def table(service, name):
    items = service.all(f"/v1/studies/{name}/trials")
    return [(t["number"], t["parameters"], t["state"], t["value"]) for t in items]


class Upgrade(unittest.TestCase):
    def test_old_studies_go_on_with_the_same_trials(self):
        definitions = json.loads((FIXTURES / "schema-2.json").read_text())
        with tempfile.TemporaryDirectory() as folder:
            database = pathlib.Path(folder) / "old.sqlite"
            shutil.copy(FIXTURES / "schema-2.sqlite", database)
            with Service(database=database) as service:
                for definition in definitions:
                    # Posted again by its script, before anything else and after.
                    self.assertEqual(service.post("/v1/studies", definition).status, 200)
                    name = definition["name"]
                    edited = service.patch(f"/v1/studies/{name}", {"budget": {"trials": 11}, "notes": "goes on"})
                    self.assertEqual(edited.status, 200, edited.text)
                for definition in definitions:
                    name = definition["name"]
                    study = service.wait(name)
                    self.assertEqual((study["state"], study["progress"]["total"]), ("completed", 11))
                    self.assertEqual(study["notes"], "goes on")
                    # Scored on the second part, which was the default when these were made.
                    again = {"validation": {"split": "second"}, **definition, "name": f"{name}-again",
                             "budget": {"trials": 11}, "reuse": False}
                    self.assertEqual(service.post("/v1/studies", again).status, 201)
                    service.wait(again["name"])
                    self.assertEqual(table(service, name), table(service, again["name"]))
                    self.assertEqual(service.post("/v1/studies", definition).status, 200)


if __name__ == "__main__":
    unittest.main()
