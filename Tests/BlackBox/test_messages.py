"""The page of all messages is what the sources say."""
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Messages(unittest.TestCase):
    def test_the_page_has_what_the_sources_say(self):
        found = subprocess.run(
            [ROOT / "scripts/collect-messages", "--check"], capture_output=True, text=True, check=False)
        self.assertEqual((found.returncode, found.stderr), (0, ""))

    def test_no_message_has_words_that_need_reading_twice(self):
        page = (ROOT / "docs/messages.md").read_text(encoding="utf-8")
        for words in ["stands", "whoever", "so many", "so much", "takes note", "lets go", "goes on", "at hand"]:
            for line in page.splitlines():
                self.assertNotIn(f" {words} ", f"{line} ".lower().replace(".", " "), line)


if __name__ == "__main__":
    unittest.main()
