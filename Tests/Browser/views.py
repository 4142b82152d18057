"""Every view of the page, each filled as it can be, for tests of what holds for all of them."""
from browser import definition, endless

LONG_NAME = "a-study-with-a-name-that-is-as-long-as-names-of-studies-can-ever"
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
PLOTS = ("#search", "#importance", "#slices", "#heat-map", "#parallel", "#distribution", "#timeline")


def make_studies(case):
    """Studies in every state, one that callers run, and a comparison."""
    service = case.service
    # Rate and weight decay that no training survives.
    case.post_study(LONG_NAME, model={"kind": "mlp", "activations": ["relu"], "weight_decay": 1}, notes="Why it was run.",
                    labels={"team": "vision"}, validation={"final": None, "repeats": 2}, parameters={
                        "iterations": {"type": "integer", "values": [5, 20]},
                        "learning_rate": {"type": "real", "values": [0.0075, 1000]},
                        "units_1": {"type": "integer", "values": [3, 5]}},
                    algorithm={"name": "approximate_gradient", "preset": "paper", "restarts": 2})
    service.wait(LONG_NAME)
    service.post("/v1/studies", {
        "name": "of-a-program", "model": {"kind": "external"}, "objective": {"metric": "height", "goal": "maximize"},
        "parameters": {"x": {"type": "integer", "min": 1, "max": 9}}, "algorithm": {"name": "random"}})
    race = definition("race", algorithms=[{"name": "random"}, {"name": "tpe"}], seeds=2, budget={"trials": 5})
    del race["algorithm"]
    service.post("/v1/comparisons", race)
    service.until(lambda: service.get("/v1/comparisons/race").json["state"] == "completed", 600)
    for name, action in (("stopped", "stop"), ("paused", "pause")):
        case.post_study(**endless(name))
        service.post(f"/v1/studies/{name}/{action}")


def draw_plots(browser):
    """Scrolls to each plot of a study, because a plot is drawn when it is near to what is seen."""
    for plot in PLOTS:
        browser.until(lambda: browser.all(plot) and browser.find(plot).is_displayed())
        browser.run("document.querySelector(arguments[0]).scrollIntoView()", plot)
    browser.until(lambda: browser.all("#heat-map td button") and "worker" in (browser.run(
        "return document.querySelector('#timeline canvas').ariaLabel") or ""))


def empty_views(browser):
    """Goes through the views that need no study, and names them."""
    browser.open("#/comparisons")
    browser.until_text("main", "Comparison")
    yield "comparisons"
    browser.open("#/datasets")
    browser.until_text("#datasets", "synthetic-cats")
    yield "data sets"
    browser.open("#/api")
    browser.until_text("main", "POST")
    yield "API"
    browser.open("#/studies/nothing-of-this-name")
    browser.until_text("main", "Not found")
    yield "not found"
    browser.open("#/new")
    browser.until(lambda: browser.all("#field-json"))
    browser.run("const field = document.querySelector('#field-json');"
                "field.value = field.value.replace('[5,', '[-5,').replace('seed', 'sed')")
    browser.click("form button.main")
    browser.until_text("#faults", "/parameters")
    yield "form with faults"
    browser.run("const kind = document.querySelector('#field-kind'); kind.value = 'external';"
                "kind.dispatchEvent(new Event('change'))")
    browser.until(lambda: browser.texts("#field-parameters"))
    yield "form of a program"
    # What was typed would be there again.
    browser.click_text("Discard my changes")


def all_views(browser):
    """Goes through all views, with what `make_studies` made, each with all that can be opened, and names them."""
    browser.open()
    browser.until_text("#studies", "paused")
    browser.run("document.querySelectorAll('#studies tbody input').forEach((box) => box.click())")
    browser.until_text(".chosen", "selected")
    yield "studies"
    yield from empty_views(browser)
    browser.open("#/comparisons/race")
    browser.until_text("#tests", "cannot be told apart")
    browser.run(OPEN_ALL)
    yield "comparison"
    browser.open("#/comparisons/adhoc?studies=race-random-0,race-tpe-0")
    browser.until_text("#tests", "cannot be told apart")
    yield "studies compared"
    browser.open(f"#/studies/{LONG_NAME}")
    browser.until_text("#trials tbody", "infeasible")
    draw_plots(browser)
    browser.run(OPEN_ALL)
    browser.run("document.querySelector('#notes button').click()")
    browser.run("document.querySelector('#trials tbody button').click()")
    browser.until_text("#trial", "Why it was tried")
    yield "study"
    browser.click_text("Delete")
    browser.until_text("dialog", "Delete")
    yield "question"
    browser.open("#/studies/of-a-program")
    browser.until_text("#connect", "cairn worker")
    yield "study of a program"
    browser.open(f"#/studies/{LONG_NAME}/trials/1")
    browser.until_text("#trial", "Why it was tried")
    # A trial that did not complete has no model.
    browser.run("document.querySelector('#evaluation:not([hidden]) button')?.click()")
    browser.until(lambda: not browser.all("#evaluation:not([hidden]) button"))
    yield "trial"
