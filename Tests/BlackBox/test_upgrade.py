"""Databases that earlier versions wrote: each opens, its studies are the same, and they continue with the same trials."""
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
    def continues(self, name, defaults):
        """Every study of a stored database gets more trials, and has the table of one that is made anew."""
        definitions = json.loads((FIXTURES / f"{name}.json").read_text())
        with tempfile.TemporaryDirectory() as folder:
            database = pathlib.Path(folder) / "old.sqlite"
            shutil.copy(FIXTURES / f"{name}.sqlite", database)
            with Service(database=database) as service:
                for definition in definitions:
                    # Posted again by its script, before anything else and after.
                    self.assertEqual(service.post("/v1/studies", definition).status, 200)
                    larger = {"budget": {"trials": definition["budget"]["trials"] + 3}, "notes": "continues"}
                    edited = service.patch(f"/v1/studies/{definition['name']}", larger)
                    self.assertEqual(edited.status, 200, edited.text)
                for definition in definitions:
                    name, total = definition["name"], definition["budget"]["trials"] + 3
                    study = service.wait(name)
                    self.assertEqual((study["state"], study["progress"]["total"]), ("completed", total))
                    self.assertEqual(study["notes"], "continues")
                    again = {**defaults, **definition, "name": f"{name}-again", "budget": {"trials": total}, "reuse": False}
                    if definition["algorithm"]["name"] == "approximate_gradient":
                        # The form that it had when these were made.
                        again["algorithm"] = {"preset": "paper", **definition["algorithm"]}
                    self.assertEqual(service.post("/v1/studies", again).status, 201)
                    service.wait(again["name"])
                    self.assertEqual(table(service, name), table(service, again["name"]))
                    self.assertEqual(service.post("/v1/studies", definition).status, 200)

    def test_of_the_first_version(self):
        # Scored on the second part, which was the default when these were made.
        self.continues("schema-2", {"validation": {"split": "second"}})

    def test_with_layers_folds_and_a_study_that_was_killed(self):
        """Hidden layers are tuned; one study ran when its service was killed."""
        self.continues("schema-4", {})


if __name__ == "__main__":
    unittest.main()
