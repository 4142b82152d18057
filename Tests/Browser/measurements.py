"""Measures the page of a study in headless Chromium: bytes, time to paint and to plots, the longest task, memory.

  measurements.py ADDRESS STUDY [--rounds N] [--resume SECONDS]

--resume: also resumes the study for so long, and tells the longest task while events arrive. Times are from the beginning of the
navigation, in milliseconds; medians of the rounds. Processor time is that of the page's main thread. The window is so high that every plot is drawn at once.
"""
import argparse
import json
import pathlib
import statistics
import sys
import time
import urllib.request

folder = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(folder), str(folder.parent / "BlackBox")]

from browser import MISSING, Browser  # noqa: E402

WATCH = """
window.seen = {};
window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration])))
  .observe({ type: "longtask", buffered: true });
const signs = {
  head: () => document.querySelector("#best-head .figure"),
  table: () => document.querySelector("#trials tbody tr"),
  history: () => Chart.getChart(document.querySelector(".late canvas"))?.data.datasets[1].data.length,
  search: () => document.querySelector("#search .now")?.textContent,
  slices: () => [...document.querySelectorAll("#slices canvas")].every((one) => Chart.getChart(one)?.data.datasets[1].data.length),
  heat: () => document.querySelector("#heat-map td button"),
  parallel: () => document.querySelector("#parallel canvas")?.ariaLabel,
  distribution: () => Chart.getChart(document.querySelector("#distribution canvas"))?.data.datasets.length,
};
const timer = setInterval(() => {
  for (const [name, isThere] of Object.entries(signs)) {
    let found = null;
    try { found = name in seen ? null : isThere(); } catch { found = null; }
    if (found) seen[name] = performance.now();
  }
  if (Object.keys(seen).length === Object.keys(signs).length) clearInterval(timer);
}, 5);
"""


def measured(browser, study):
    driver = browser.driver
    browser.events()
    browser._events.clear()
    # Processor time, which a busy machine does not change much.
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    browser.open(f"#/studies/{study}")
    browser.until(lambda: len(browser.run("return Object.keys(window.seen)")) == 8)
    time.sleep(1)
    seen = browser.run("return window.seen")
    paint = browser.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    tasks = browser.run("return window.tasks")
    sizes = [parameters["encodedDataLength"] for method, parameters in browser.events() if method == "Network.loadingFinished"]
    metrics = {one["name"]: one["value"] for one in driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}
    spent, script = metrics["TaskDuration"], metrics["ScriptDuration"]
    driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    metrics = {one["name"]: one["value"] for one in driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}
    return {
        "kilobytes": sum(sizes) / 1000, "first paint": paint, "table": seen["table"], "history": seen["history"],
        "all plots": max(seen.values()), "longest task": max((duration for _, duration in tasks), default=0),
        "processor time of the page": 1000 * spent, "of that in scripts": 1000 * script, "script's memory, MB": metrics["JSHeapUsedSize"] / 1e6,
    }


def post(address, path):
    request = urllib.request.Request(address + path, method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("study")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--resume", type=float, default=0)
    given = parser.parse_args()
    if MISSING:
        raise SystemExit(MISSING)
    with Browser(given.address, 1440, 6000) as browser:
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        rounds = [measured(browser, given.study) for _ in range(given.rounds)]
        for name in rounds[0]:
            values = [one[name] for one in rounds]
            print(f"{name}: {statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})")
        if given.resume:
            browser.run("window.tasks = []")
            post(given.address, f"/v1/studies/{given.study}/resume")
            time.sleep(given.resume)
            post(given.address, f"/v1/studies/{given.study}/pause")
            tasks = sorted(duration for _, duration in browser.run("return window.tasks"))
            print(f"while it ran: {len(tasks)} tasks over 50 ms, the longest {max(tasks, default=0):.0f} ms")


if __name__ == "__main__":
    main()
