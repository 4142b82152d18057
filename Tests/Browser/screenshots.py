"""Draws the page of a service with a few studies into docs/screenshots: every view, or those that are named."""
import json
import pathlib
import sys
import time

folder = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(folder), str(folder.parent / "BlackBox")]

from browser import MISSING, Browser, definition, endless  # noqa: E402
from support import ROOT, Service  # noqa: E402
from views import draw_plots  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"
LARGEST = 300_000


def studies(service):
    """The first study as far as its end, one that was paused, one that runs, one that callers run, and a comparison."""
    service.post("/v1/studies", definition("three-settings", validation={"final": "second"}, labels={"team": "vision"}))
    service.wait("three-settings")
    service.post("/v1/studies", {**endless("learning-rate"), "budget": {"trials": 2500}, "max_running": 2})
    service.until(lambda: service.get("/v1/studies/learning-rate").json["progress"]["completed"] > 180)
    service.post("/v1/studies/learning-rate/pause")
    service.post("/v1/studies", json.loads((ROOT / "examples" / "first-study.json").read_text()))
    service.wait("first-study")
    race = definition("searches", algorithms=[{"name": "random"}, {"name": "tpe"}, {"name": "approximate_gradient"}], seeds=4, budget={"trials": 12})
    del race["algorithm"]
    service.post("/v1/comparisons", race)
    service.until(lambda: service.get("/v1/comparisons/searches").json["state"] == "completed", 600)
    service.post("/v1/studies", {
        "name": "of-a-program", "model": {"kind": "external"}, "objective": {"metric": "height", "goal": "maximize"},
        "parameters": {"x": {"type": "integer", "min": 1, "max": 9}}, "algorithm": {"name": "random"}})
    long = definition("long-training", budget={"trials": 400}, algorithm={"name": "random"})
    long["parameters"]["iterations"] = {"type": "integer", "min": 3000, "max": 9000}
    service.post("/v1/studies", long)
    service.until(lambda: service.get("/v1/studies/long-training").json["best"])


# Each with its address, and what is seen there when it is whole.
VIEWS = {
    "studies": ("#/", "#studies", "running"),
    "study": ("#/studies/first-study", "#trials tbody", "%"),
    "plots": ("#/studies/first-study?search=learning_rate,iterations", "#trials tbody", "%"),
    "trial": ("#/studies/first-study/trials/7", "#trial", "Why it was tried"),
    "program": ("#/studies/of-a-program", "#connect", "cairn worker"),
    "form": ("#/new", "#field-json", ""),
    "datasets": ("#/datasets", "#datasets", "synthetic-cats"),
    "comparisons": ("#/comparisons", "#comparisons", "searches"),
    "comparison": ("#/comparisons/searches", "#tests", "told apart"),
    "api": ("#/api?at=createStudy", "[data-id=createStudy]", "Body"),
}


def draw(browser, view, scheme, width):
    browser.scheme(scheme)
    browser.resize(width)
    top = 0
    fragment, selector, text = VIEWS[view]
    browser.open(fragment)
    browser.until(lambda: browser.all(selector) and (not text or text in browser.text(selector)))
    tallest = 1300 if width > 1000 else 2200
    if view == "plots":
        draw_plots(browser)
        browser.until_text("#parallel", "Drag along an axis")
        browser.run("scrollTo(0, 0)")
        top = browser.run("return document.querySelector('#plots').getBoundingClientRect().top - 16")
        tallest = 3200 if width > 1000 else 4600
    elif view == "study":
        browser.click("#trials tbody tr:nth-child(3) button")
        browser.until_text("#trial", "Why it was tried")
    # The picture is of the page at rest, without a focus.
    browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    # A plot that was drawn for another place is drawn anew.
    time.sleep(0.5)
    path = TARGET / f"{view}-{scheme}-{width}.webp"
    browser.screenshot(path, tallest=tallest, top=top)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} KB")
    if size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST // 1000} KB")


def main():
    if MISSING:
        raise SystemExit(MISSING)
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or list(VIEWS)
    with Service(flags=["--workers", "2"], check=False) as service:
        if set(wanted) - {"form", "datasets", "api"}:
            studies(service)
        with Browser(service.address) as browser:
            for view in wanted:
                for scheme in ("light", "dark"):
                    for width in (360, 1440):
                        draw(browser, view, scheme, width)


if __name__ == "__main__":
    main()
