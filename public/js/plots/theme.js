/** What all plots have in common: the page's colours and type, axes, no animation. */

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function axis(text, more = {}) {
  return {
    type: "linear", ...more,
    title: { display: true, text, color: colour("--quiet") },
    ticks: { color: colour("--quiet"), maxRotation: 0, autoSkipPadding: 12, ...more.ticks },
    grid: { color: colour("--line"), borderColor: colour("--line") },
  };
}

export function options(scales, more = {}) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  return {
    animation: false, maintainAspectRatio: false, responsive: true, normalized: true, scales,
    interaction: { mode: "nearest", axis: "x", intersect: false }, ...more,
    plugins: {
      legend: { labels: { color: colour("--text"), usePointStyle: true, boxWidth: 18, boxHeight: 6 } }, ...more.plugins,
    },
  };
}

/** The axis of a metric: accuracies are shown in percent, and never beyond 100. */
export function scaleOf(metric) {
  const percent = metric.endsWith("accuracy");
  return {
    axis: (text) => axis(text, {
      afterDataLimits(scale) {
        const margin = 0.05 * (scale.max - scale.min);
        scale.max = percent ? Math.min(100, scale.max + margin) : scale.max + margin;
        scale.min = scale.min >= 0 ? Math.max(0, scale.min - margin) : scale.min - margin;
      },
    }),
    label: `${metric.replaceAll("_", " ")}${percent ? " in %" : ""}`,
    shown: (value) => (percent ? 100 * value : value),
  };
}
