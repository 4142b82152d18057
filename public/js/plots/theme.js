/** What all plots have in common: the page's colours and type, axes, no animation. */

const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * Dresses a chart in the page's colours, now and whenever the colour scheme changes; `dress()` gives its options and the
 * looks of its data sets. Gives a function that ends this.
 */
export function follow(chart, dress) {
  const paint = () => {
    const { options: made, looks } = dress();
    chart.options = made;
    looks.forEach((look, index) => Object.assign(chart.data.datasets[index], look));
    chart.update("none");
  };
  paint();
  dark.addEventListener("change", paint);
  return () => dark.removeEventListener("change", paint);
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function axis(text, more = {}) {
  return {
    type: "linear", ...more,
    title: { display: true, text, color: colour("--quiet") },
    ticks: { color: colour("--quiet"), maxRotation: 0, autoSkipPadding: 12, ...more.ticks },
    grid: { color: colour("--line"), borderColor: colour("--edge") },
  };
}

/** The ticks of a log axis: powers of ten, and twos and fives where they are few. */
export const logTicks = {
  callback(value) {
    const decades = Math.log10(this.max / this.min);
    const isShown = (decades > 2 ? /^1(\.0*)?e/ : decades > 0.7 ? /^[125](\.0*)?e/ : /e/).test(value.toExponential());
    return isShown ? String(Number(value.toPrecision(4))) : "";
  },
};

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
    axis: (text, more = {}) => axis(text, {
      ...more,
      afterDataLimits(scale) {
        if (more.type === "logarithmic") return;
        const margin = 0.05 * (scale.max - scale.min);
        scale.max = percent ? Math.min(100, scale.max + margin) : scale.max + margin;
        scale.min = scale.min >= 0 ? Math.max(0, scale.min - margin) : scale.min - margin;
      },
    }),
    label: `${metric.replaceAll("_", " ")}${percent ? " in %" : ""}`,
    shown: (value) => (percent ? 100 * value : value),
  };
}
