// Colours for charts, read from the theme that is in force now.
const SERIES = ["primary", "success", "warning", "error", "info", "neutral"];

function value(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function palette() {
  const fills = Object.fromEntries(SERIES.map((tone) => [tone, value(`--nk-fill-${tone}`)]));
  return {
    fills,
    series: SERIES.map((tone) => fills[tone]),
    text: value("--color-base-content"),
    muted: value("--nk-muted"),
    line: value("--nk-line"),
    surface: value("--color-base-100"),
    raised: value("--nk-raised"),
    wash: value("--nk-wash"),
    font: getComputedStyle(document.body).fontFamily,
  };
}
