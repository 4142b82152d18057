"""Draws the page of a service with a few studies into docs/screenshots."""
import json
import pathlib
import sys

folder = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(folder), str(folder.parent / "BlackBox")]

from browser import MISSING, Browser, definition, endless  # noqa: E402
from support import ROOT, Service  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"
LARGEST = 400_000


def studies(service):
    """The first study as far as its end, one that was paused, one that runs."""
    service.post("/v1/studies", definition("three-settings", validation={"final": "second"}))
    service.wait("three-settings")
    service.post("/v1/studies", {**endless("learning-rate"), "budget": {"trials": 2500}, "max_running": 2})
    service.until(lambda: service.get("/v1/studies/learning-rate").json["progress"]["completed"] > 180)
    service.post("/v1/studies/learning-rate/pause")
    service.post("/v1/studies", json.loads((ROOT / "examples" / "first-study.json").read_text()))
    service.wait("first-study")
    long = definition("long-training", budget={"trials": 400}, algorithm={"name": "random"})
    long["parameters"]["iterations"] = {"type": "integer", "min": 3000, "max": 9000}
    service.post("/v1/studies", long)
    service.until(lambda: service.get("/v1/studies/long-training").json["best"])


def draw(browser, view, scheme, width):
    browser.scheme(scheme)
    browser.resize(width)
    top = 0
    if view == "studies":
        browser.open()
        browser.until_text("#studies", "running")
    elif view == "form":
        browser.open("#/new")
        browser.until(lambda: browser.all("#field-json"))
    elif view == "plots":
        browser.open("#/studies/first-study")
        for plot in ("#slices", "#heat-map", "#parallel"):
            browser.until(lambda: browser.all(plot) and browser.find(plot).is_displayed())
            # A plot is drawn when it is near to what is seen.
            browser.run("document.querySelector(arguments[0]).scrollIntoView()", plot)
        browser.until_text("#parallel", "Drag along an axis")
        browser.run("scrollTo(0, 0)")
        top = browser.run("return document.querySelector('#plots').getBoundingClientRect().top - 16")
    else:
        browser.open("#/studies/first-study")
        browser.until_text("#trials tbody", "%")
        browser.click("#trials tbody tr:nth-child(3) button")
        browser.until_text("#trial", "Why it was tried")
        # The picture is of the page at rest, without a focus.
        browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    path = TARGET / f"{view}-{scheme}-{width}.png"
    browser.screenshot(path, tallest=1300 if width > 1000 else 2200, top=top)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} KB")
    if size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST // 1000} KB")


def main():
    if MISSING:
        raise SystemExit(MISSING)
    TARGET.mkdir(parents=True, exist_ok=True)
    with Service(flags=["--workers", "2"], check=False) as service:
        studies(service)
        with Browser(service.address) as browser:
            for view in ("studies", "study", "plots", "form"):
                for scheme in ("light", "dark"):
                    for width in (360, 1440):
                        draw(browser, view, scheme, width)


if __name__ == "__main__":
    main()
