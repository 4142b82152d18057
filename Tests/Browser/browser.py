"""Headless Chromium on the page of a real service: what it shows, logs and asks for."""
import decimal
import json
import os
import shutil
import tempfile
import unittest

from many import ManyTrials
from support import Service

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
try:
    from selenium import webdriver
    from selenium.common.exceptions import (
        ElementClickInterceptedException, ElementNotInteractableException, NoSuchElementException,
        SessionNotCreatedException, StaleElementReferenceException)
    from selenium.webdriver.chrome.service import Service as Driver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    MISSING = None if CHROMIUM and DRIVER else "chromium and chromedriver are not installed"
except ImportError:
    MISSING = "Selenium is not installed"


# How long something may take that a loaded machine delays, in seconds; a test that waits continues as soon as it is there.
PATIENCE = 120


class Browser:
    """A window of Chromium; a context manager. Sizes are CSS pixels."""

    def __init__(self, address, width=1280, height=900, scheme="light"):
        self.address = address
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb",
                     f"--user-data-dir={self._home.name}", "--hide-scrollbars"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = self._started(options)
        self.driver.set_script_timeout(PATIENCE)
        self.resize(width, height)
        self.scheme(scheme)
        # What Chromium itself did while it started is not the page's.
        self.driver.get("about:blank")
        self._messages, self._events = [], []
        for log in ("browser", "performance"):
            self.driver.get_log(log)

    @staticmethod
    def _started(options, attempts=3):
        # The driver gives up on a browser that takes a minute to start.
        for attempt in range(1, attempts + 1):
            try:
                return webdriver.Chrome(service=Driver(DRIVER), options=options)
            except SessionNotCreatedException:
                if attempt == attempts:
                    raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()
        self._home.cleanup()

    def resize(self, width, height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def scheme(self, name):
        """`light` or `dark`, as the person's system would say."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": name}]})

    def open(self, fragment="#/"):
        """Loads the page afresh at a view."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/{fragment}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        """The text of each match that is seen, in one look, so that a page that draws anew in between does no harm."""
        return self.run("return [...document.querySelectorAll(arguments[0])].filter((e) => e.getClientRects().length)"
                        ".map((e) => e.innerText.trim())", selector)

    def text(self, selector="body"):
        return "\n".join(self.texts(selector))

    def click(self, selector):
        """Clicks what is seen and enabled, as a person would: waits for it, also where the page draws it anew."""
        def clicked():
            try:
                found = self.find(selector)
                if not found.is_enabled():
                    return False
                found.click()
                return True
            except (ElementClickInterceptedException, ElementNotInteractableException, NoSuchElementException,
                    StaleElementReferenceException):
                return False
        self.until(clicked)

    def click_moving(self, selector):
        """Clicks by script: what moves while a study goes on would be somewhere else by the time the mouse is there."""
        self.until(lambda: self.run(
            "const found = document.querySelector(arguments[0]); found?.click(); return found !== null", selector))

    def click_text(self, text):
        """Clicks the button that says `text`, once it is seen and enabled; finds it in one look."""
        self.until(lambda: self.run(
            "return [...document.querySelectorAll('button')]"
            ".find((b) => b.getClientRects().length && !b.disabled && b.innerText === arguments[0])", text)).click()

    def press(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self):
        return self.run("return document.activeElement.innerText.trim()")

    def until_focused(self, text):
        self.until(lambda: self.focused() == text)

    def until(self, condition, seconds=PATIENCE):
        """Waits for something to come true, and gives it; tells what the page showed if it does not."""
        try:
            return Service.until(condition, seconds)
        except TimeoutError:
            raise AssertionError(f"it did not come true; the page shows:\n{self.text()[:2000]}") from None

    def until_text(self, selector, part, seconds=PATIENCE):
        return self.until(lambda: part in self.text(selector), seconds)

    def screenshot(self, path, full=True, tallest=4000, top=0):
        """The whole page from `top` on (at most `tallest` high), or the window, as a PNG or a WebP by the name of `path`."""
        import base64
        clip = {"format": "png"}
        if str(path).endswith(".webp"):
            clip = {"format": "webp", "quality": 70}
        if full:
            width, height = self.run("return [innerWidth, document.documentElement.scrollHeight]")
            clip |= {"captureBeyondViewport": True,
                    "clip": {"x": 0, "y": top, "width": width, "height": min(height - top, tallest), "scale": 1}}
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", clip)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def console(self):
        """Every message of the console so far, and every exception that nobody caught."""
        self._messages += self.driver.get_log("browser")
        return self._messages

    def events(self):
        """Every event of the developer protocol so far: (method, parameters)."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            self._events.append((message["method"], message["params"]))
        return self._events

    def outside_requests(self):
        """The URLs asked for that are not the service's own."""
        urls = [parameters["request"]["url"] for method, parameters in self.events()
                if method == "Network.requestWillBeSent"]
        urls += [parameters["url"] for method, parameters in self.events() if method == "Network.webSocketCreated"]
        return [url for url in urls if not url.startswith((self.address + "/", "data:", "about:", "blob:"))]


class PageCase(unittest.TestCase):
    """A test with a service and a browser; ends with a look at the console and at what was asked for."""

    flags = ("--workers", "2")
    environment = {}
    size = (1280, 900)
    # What the console may say in this test; Chromium itself logs each request that fails.
    expected_messages = ()

    def setUp(self):
        if MISSING:
            if os.environ.get("CAIRN_REQUIRE_ALL") == "1":
                self.fail(MISSING)
            self.skipTest(MISSING)
        # Answers are held against the description by the black-box suite.
        self.service = Service(flags=list(self.flags), environment=self.environment, check=False)
        self.addCleanup(self.service.__exit__)
        self.browser = Browser(self.service.address, *self.size)
        self.addCleanup(self.browser.__exit__)

    def tearDown(self):
        if not hasattr(self, "browser"):
            return
        faults = [m for m in self.browser.console() if m["level"] in ("SEVERE", "WARNING")
                  and not any(part in m["message"] for part in self.expected_messages)]
        self.assertEqual(faults, [])
        self.assertEqual(self.browser.outside_requests(), [])
        self.assertTrue(self.browser.events(), "the requests were not recorded")

    def serve_many(self, trials):
        """Has the page show a service that has the study `many`, of this many trials, in place of the empty one."""
        many = ManyTrials(trials)
        self.addCleanup(many.__exit__)
        self.service = many.service
        self.browser.address = self.service.address

    def post_study(self, name, **more):
        """Makes a study of `definition(name, **more)`."""
        answer = self.service.post("/v1/studies", definition(name, **more))
        self.assertEqual(answer.status, 201, answer.text)
        return answer.json


def percent(share):
    """An accuracy as the page shows it: two decimals of a percent, halves rounded up as JavaScript does."""
    if share is None:
        return "–"
    return f"{decimal.Decimal(share * 100).quantize(decimal.Decimal('0.01'), decimal.ROUND_HALF_UP)} %"


def definition(name, **more):
    """Three settings on the built-in images, 18 points; `more` takes the place of what is here.

    Nothing is scored at the end, so that nothing of the page changes, or moves, once the study has ended.
    """
    return {
        "name": name,
        "dataset": "synthetic-cats",
        "model": {"kind": "mlp", "activations": ["relu"]},
        "parameters": {
            "iterations": {"type": "integer", "values": [5, 10, 20]},
            "learning_rate": {"type": "real", "values": [0.0075, 0.02]},
            "units_1": {"type": "integer", "values": [3, 5, 8]},
        },
        "algorithm": {"name": "grid"},
        "validation": {"final": None},
        **more,
    }


def endless(name):
    """A study that goes on until it is stopped, one trial at a time: there is something to see on a machine of any speed."""
    return definition(name, algorithm={"name": "random"}, budget={"trials": 1_000_000}, max_running=1, parameters={
        "iterations": {"type": "integer", "min": 20, "max": 90},
        "learning_rate": {"type": "real", "min": 0.0001, "max": 0.1, "scale": "log"},
        "units_1": {"type": "integer", "min": 3, "max": 9}})
