"""Data sets on the page: the list, an upload with its progress, what is refused by file and row, taking one away."""
import pathlib
import tempfile
import unittest

from browser import PageCase
from file_server import Files, sha256

GOOD = "a,b,label\n" + "".join(f"{i},{(i * 7) % 11},{'yes' if i % 2 else 'no'}\n" for i in range(40))


class Datasets(PageCase):
    expected_messages = ("the server responded with a status of 4",)

    def setUp(self):
        self.data = tempfile.TemporaryDirectory()
        self.addCleanup(self.data.cleanup)
        self.flags = (*PageCase.flags, "--data-folder", self.data.name, "--import-networks", "127.0.0.0/8")
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.browser.open("#/datasets")
        self.browser.until_text("#datasets", "synthetic-cats")

    def upload(self, name, text, second=None):
        for index, content in enumerate((text, second)):
            if content is not None:
                path = self.folder / f"{name}-{index}.csv"
                path.write_text(content)
                self.browser.find(f"#upload-file-{index}").send_keys(str(path))
        self.browser.find("#upload-name").clear()
        self.browser.find("#upload-name").send_keys(name)
        # Waits until the upload before is over to its end.
        self.browser.click("form button.main")

    def test_an_upload_is_listed_used_and_taken_away(self):
        browser = self.browser
        browser.run("""window.words = [];
            const word = document.querySelector("form [role=status]");
            new MutationObserver(() => words.push(word.textContent)).observe(word, { childList: true });""")
        self.upload("mine", GOOD, GOOD)
        browser.until_text("#upload-done", "Added mine: 40 examples, 2 features, 2 classes.")
        self.assertTrue(any("% sent" in word for word in browser.run("return words")), "no progress was shown")
        # The list is fetched anew after that.
        browser.until_text("#datasets", "mine")
        row = browser.text("#datasets tbody tr:first-child")
        told = self.service.get("/v1/datasets/mine").json
        for part in ("mine", "40", "no, yes", told["sha256"][:12]):
            self.assertIn(part, row)
        # The same once more is no fault, other content under the name is.
        self.upload("mine", GOOD, GOOD)
        browser.until_text("#upload-done", "mine was added before")
        self.upload("mine", GOOD + "1,1,no\n")
        browser.until_text("#upload-faults", "mine")
        # The form of a study offers it.
        browser.open("#/new")
        browser.until(lambda: browser.all("#field-json"))
        self.assertIn("mine", browser.text("#field-dataset"))
        browser.open("#/datasets")
        browser.until_text("#datasets", "mine")
        browser.click("#datasets button[data-name=mine]")
        browser.click_text("Remove the data set")
        browser.until(lambda: "mine" not in browser.text("#datasets"))
        self.assertEqual(self.service.get("/v1/datasets/mine").status, 404)

    def test_what_is_refused_names_file_and_row(self):
        self.upload("broken", "a,label\n1,x\nnan,y\n")
        self.browser.until_text("#upload-faults", "row 3")
        self.assertIn("broken-0.csv", self.browser.text("#upload-faults"))
        # A fault of a whole file has no list of places below its sentence.
        self.assertNotIn("null", self.browser.text("#upload-faults"))
        # A fault of a field leads to it.
        self.upload("A B", GOOD)
        self.browser.until_text("#upload-faults", "name")
        self.assertEqual([d["name"] for d in self.service.get("/v1/datasets").json["items"]], ["synthetic-cats", "synthetic-digits"])

    def test_each_format_asks_for_its_files(self):
        for value, count in (("hdf5", 2), ("idx", 4), ("csv", 2), ("results", 1)):
            self.browser.run("const f = document.querySelector('#upload-format'); f.value = arguments[0];"
                             "f.dispatchEvent(new Event('change'))", value)
            self.assertEqual(len(self.browser.all("form input[type=file]")), count)
            self.assertEqual("Scaling" in self.browser.text("form"), value == "csv")

    def choose(self, control, value):
        self.browser.run("const c = document.querySelector(arguments[0]); c.value = arguments[1];"
                         "c.dispatchEvent(new Event('change'))", control, value)

    def fill(self, **fields):
        for control, value in fields.items():
            found = self.browser.find("#upload-" + control.replace("_", "-"))
            found.clear()
            found.send_keys(value)

    def test_a_data_set_by_url(self):
        content = GOOD.encode()
        files = Files({"/x.csv": content})
        self.addCleanup(files.close)
        self.choose("#upload-source", "url")
        self.fill(name="fetched", file_0=files.url("/x.csv"), sha256_0="A" * 64)
        self.browser.click("form button.main")
        self.browser.until_text("#upload-done", "Fetching fetched")
        # The list goes on telling what becomes of it.
        self.browser.until_text("#datasets", "sha256")
        self.browser.click("#datasets button[data-name=fetched]")
        self.browser.click_text("Remove the data set")
        self.browser.until(lambda: "fetched" not in self.browser.text("#datasets"))
        self.fill(name="fetched", file_0=files.url("/x.csv"), sha256_0=sha256(content))
        self.browser.click("form button.main")
        self.browser.until_text("#datasets", "no, yes")
        self.assertEqual(self.service.get("/v1/datasets/fetched").json["examples"], 40)

    def test_what_is_wrong_with_a_url_leads_to_its_field(self):
        self.choose("#upload-source", "url")
        self.fill(name="never", file_0="ftp://example.org/x.csv", sha256_0="0" * 64)
        self.browser.click("form button.main")
        self.browser.until_text("#upload-faults", "/files/0/url")
        self.browser.click("#upload-faults li button")
        self.browser.until(lambda: self.browser.run("return document.activeElement.id") == "upload-file-0")

    def test_a_data_set_by_path(self):
        (pathlib.Path(self.data.name) / "table.csv").write_text(GOOD)
        self.choose("#upload-source", "path")
        self.fill(name="local", file_0="table.csv")
        self.browser.click("form button.main")
        self.browser.until_text("#upload-done", "Added local")
        self.browser.until_text("#datasets", "local")


if __name__ == "__main__":
    unittest.main()
