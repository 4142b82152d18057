"""Texts from outside are compared by code points: é as one of them, and as e with an accent, are two."""
import unicodedata
import unittest
import urllib.parse

import toy
from support import ServiceCase

ONE, OTHER = "caf\u00e9", "cafe\u0301"


class Texts(ServiceCase):
    def setUp(self):
        self.assertEqual(unicodedata.normalize("NFC", OTHER), ONE)

    def make(self, name, **more):
        answer = self.service.post("/v1/studies", {**toy.definition(name), **more})
        self.assertEqual(answer.status, 201, answer.text)
        return answer.json

    def test_other_notes_are_another_definition(self):
        self.make("texts-notes", notes=ONE)
        again = {**toy.definition("texts-notes"), "notes": ONE}
        self.assertEqual(self.service.post("/v1/studies", again).status, 200)
        self.assertEqual(self.service.post("/v1/studies", {**again, "notes": OTHER}).status, 409)

    def test_a_patch_keeps_the_text_that_was_sent(self):
        made = self.make("texts-patch", notes=ONE, labels={"a": ONE})
        patched = self.service.patch("/v1/studies/texts-patch", {"notes": OTHER, "labels": {"a": OTHER}}).json
        self.assertEqual((patched["notes"], patched["labels"]), (OTHER, {"a": OTHER}))
        self.assertGreater(patched["revision"], made["revision"])
        self.assertEqual(self.service.get("/v1/studies/texts-patch").json["notes"], OTHER)

    def test_both_are_names_of_labels(self):
        made = self.make("texts-labels", labels={ONE: "1", OTHER: "2"})
        self.assertEqual(made["labels"], {ONE: "1", OTHER: "2"})
        for name, value, count in [(ONE, "1", 1), (OTHER, "2", 1), (ONE, "2", 0), (OTHER, "1", 0)]:
            label = urllib.parse.quote(f"{name}:{value}")
            self.assertEqual(len(self.service.get(f"/v1/studies?label={label}").json["items"]), count, label)
        both = "&".join("label=" + urllib.parse.quote(f"{n}:{v}") for n, v in [(ONE, "1"), (OTHER, "2")])
        self.assertEqual(len(self.service.get(f"/v1/studies?{both}").json["items"]), 1)

    def test_names_and_notes_have_bounds(self):
        for more, pointer in [({"notes": "\u00e9" * 32769}, "/notes"), ({"labels": {"a:b": "c"}}, "/labels/a:b")]:
            answer = self.service.post("/v1/studies", {**toy.definition("texts-faulty"), **more})
            self.assertEqual((answer.status, answer.json["errors"][0]["pointer"]), (422, pointer))
        self.make("texts-largest", notes="\u00e9" * 32768)


if __name__ == "__main__":
    unittest.main()
