// Charts: a small, declarative description from the server becomes an ECharts option in our theme.
// The page carries the same numbers as a table, so nothing depends on this file.
import { BarChart, GraphChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { MANY_EDGES, options } from "./chart_options.js";
import { palette } from "./chart_palette.js";

echarts.use([
  BarChart,
  CanvasRenderer,
  DataZoomInsideComponent,
  GraphChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LabelLayout,
  LegendComponent,
  MarkLineComponent,
  SVGRenderer,
  TooltipComponent,
  VisualMapComponent,
]);

const drawn = new Map();

function description(box) {
  return JSON.parse(document.getElementById(box.dataset.chart).textContent);
}

function draw(box) {
  const spec = description(box);
  // A thousand lines are quicker painted than as elements of the page.
  const renderer = spec.edges?.length > MANY_EDGES ? "canvas" : "svg";
  const chart = drawn.get(box) ?? echarts.init(box, null, { renderer });
  drawn.set(box, chart);
  chart.setOption(options(spec, palette()), true);
  chart.off("click");
  chart.on("click", ({ data, dataIndex, seriesIndex }) => {
    const href = data?.href ?? spec.series?.[seriesIndex]?.hrefs?.[dataIndex];
    if (href) location.assign(href);
  });
  box.dataset.drawn = "";
}

function forget() {
  for (const [box, chart] of drawn) {
    if (box.isConnected) continue;
    chart.dispose();
    drawn.delete(box);
  }
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
      resized.observe(entry.target);
    }
  },
  { rootMargin: "200px" },
);

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.resize();
});

document.addEventListener("neike:theme", () => {
  for (const box of drawn.keys()) draw(box);
});

export function drawCharts(root) {
  forget();
  for (const box of root.querySelectorAll("[data-chart]:not([data-drawn])")) seen.observe(box);
}
