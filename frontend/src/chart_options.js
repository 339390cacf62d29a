// One function per kind of chart: description + palette -> ECharts option. Pure, no page access.

function common(colors) {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 350,
    color: colors.series,
    textStyle: { fontFamily: colors.font, color: colors.text },
    // HTML tooltips need inline styles, which the content security policy forbids.
    tooltip: {
      renderMode: "richText",
      backgroundColor: colors.raised,
      borderColor: colors.line,
      textStyle: { color: colors.text, fontFamily: colors.font },
    },
  };
}

function withUnit(spec) {
  return (value) => (value == null ? "–" : `${value}${spec.unit ?? ""}`);
}

function axes(spec, colors) {
  const category = {
    type: "category",
    data: spec.x,
    axisLine: { lineStyle: { color: colors.line } },
    axisTick: { show: false },
    axisLabel: { color: colors.muted, hideOverlap: true },
  };
  const number = {
    type: "value",
    min: spec.min,
    max: spec.max,
    splitLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.muted, formatter: withUnit(spec) },
  };
  return spec.horizontal
    ? { xAxis: number, yAxis: { ...category, inverse: true } }
    : { xAxis: category, yAxis: number };
}

function legend(spec, colors) {
  const many = spec.series.length > 1;
  return {
    legend: {
      show: many,
      bottom: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      data: spec.series.map((row) => row.name),
      textStyle: { color: colors.muted },
    },
    grid: { left: 8, right: 16, top: 16, bottom: many ? 36 : 8, containLabel: true },
  };
}

function goal(spec, colors) {
  if (spec.goal == null) return undefined;
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colors.muted, type: "dashed" },
    label: { color: colors.muted, formatter: spec.goalName ?? "", position: "insideEndTop" },
    data: [spec.horizontal ? { xAxis: spec.goal } : { yAxis: spec.goal }],
  };
}

// The interval is two stacked, invisible lines whose area between them is washed.
function band(row, color) {
  if (!row.low || !row.high) return [];
  const shared = { type: "line", stack: `band-${row.name}`, symbol: "none", silent: true };
  const hidden = { lineStyle: { opacity: 0 }, tooltip: { show: false } };
  const width = row.high.map((high, i) => (high == null ? null : high - row.low[i]));
  return [
    { ...shared, ...hidden, data: row.low },
    { ...shared, ...hidden, data: width, areaStyle: { color, opacity: 0.15 } },
  ];
}

function line(spec, colors) {
  const series = spec.series.flatMap((row, i) => {
    const color = colors.fills[row.tone] ?? colors.series[i % colors.series.length];
    const main = {
      name: row.name,
      type: "line",
      data: row.values,
      color,
      smooth: 0.25,
      symbolSize: 7,
      lineStyle: { width: 2.5 },
      markLine: i === 0 ? goal(spec, colors) : undefined,
      tooltip: { valueFormatter: withUnit(spec) },
    };
    return [main, ...band(row, color)];
  });
  return { ...axes(spec, colors), ...legend(spec, colors), series };
}

function bar(spec, colors) {
  const series = spec.series.map((row, i) => ({
    name: row.name,
    type: "bar",
    data: row.values,
    color: colors.fills[row.tone] ?? colors.series[i % colors.series.length],
    stack: spec.stacked ? "all" : undefined,
    barMaxWidth: 28,
    itemStyle: { borderRadius: spec.stacked ? 0 : 5 },
    markLine: i === 0 ? goal(spec, colors) : undefined,
    tooltip: { valueFormatter: withUnit(spec) },
  }));
  return { ...axes(spec, colors), ...legend(spec, colors), series };
}

function heatmap(spec, colors) {
  const biggest = Math.max(1, ...spec.cells.map((cell) => cell[2]));
  const axis = {
    type: "category",
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colors.muted, hideOverlap: true },
  };
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: { ...axis, data: spec.x },
    yAxis: { ...axis, data: spec.y, inverse: true },
    visualMap: {
      show: false,
      min: 0,
      max: biggest,
      inRange: { color: [colors.wash, colors.fills.primary] },
    },
    series: [
      {
        name: spec.name,
        type: "heatmap",
        data: spec.cells.map(([x, y, value, href]) => ({ value: [x, y, value], href })),
        itemStyle: { borderColor: colors.surface, borderWidth: 3, borderRadius: 5 },
        tooltip: {
          formatter: ({ value }) =>
            `${spec.y[value[1]]} · ${spec.x[value[0]]}\n${withUnit(spec)(value[2])}`,
        },
      },
    ],
  };
}

// Positions come from the server: the picture is the same on every load. They lie on two hidden
// axes and not in ECharts' own view, which fails on some sizes (a singular matrix).
function hiddenAxis(values, inverse) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || 1) * 0.14;
  return { type: "value", show: false, inverse, min: low - pad, max: high + pad };
}

const LINES = { dashed: [9, 5], dotted: [2, 4], dashdot: [9, 4, 2, 4] };
// From so many arrows on a drawing is painted and kept still: see charts.js.
export const MANY_EDGES = 600;

// Zooming takes Ctrl, so that the page still scrolls under the pointer; a finger scrolls the page.
function zoom() {
  const still = matchMedia("(pointer: coarse)").matches;
  const axis = { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: !still, disabled: still };
  return [
    { ...axis, xAxisIndex: 0, filterMode: "none" },
    { ...axis, yAxisIndex: 0, filterMode: "none" },
  ];
}

function hrefOf(edge, spec, keys) {
  if (edge.href !== undefined) return edge.href;
  return spec.edgeHref.replace("{source}", keys.get(edge.source)).replace("{target}", keys.get(edge.target));
}

function graph(spec, colors) {
  const names = new Map(spec.nodes.map((node) => [node.id, node.name]));
  const keys = new Map(spec.nodes.map((node) => [node.id, node.key]));
  const many = spec.edges.length > MANY_EDGES;
  return {
    dataZoom: zoom(),
    grid: { left: 12, right: 12, top: 8, bottom: 16 },
    xAxis: hiddenAxis(spec.nodes.map((node) => node.x), false),
    yAxis: hiddenAxis(spec.nodes.map((node) => node.y), true),
    series: [
      {
        type: "graph",
        coordinateSystem: "cartesian2d",
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        label: {
          show: true,
          position: "bottom",
          color: colors.text,
          fontSize: 12,
          formatter: "{b}",
          textBorderColor: colors.surface,
          textBorderWidth: 3,
        },
        labelLayout: { hideOverlap: true },
        emphasis: many ? { disabled: true } : { focus: "adjacency" },
        data: spec.nodes.map((node) => ({
          id: node.id,
          name: node.name,
          value: [node.x, node.y],
          href: node.href,
          symbolSize: node.size ?? 22,
          itemStyle: {
            color: colors.fills[node.tone] ?? colors.fills.primary,
            borderColor: colors.surface,
            borderWidth: 2,
          },
        })),
        links: spec.edges.map((edge) => ({
          source: edge.source,
          target: edge.target,
          href: hrefOf(edge, spec, keys),
          text: edge.text,
          lineStyle: {
            width: edge.width ?? 1,
            type: LINES[edge.style] ?? "solid",
            color: colors.fills[edge.tone] ?? colors.muted,
            opacity: many ? 0.35 : edge.tone ? 0.75 : 0.5,
            curveness: 0.12,
          },
        })),
        tooltip: {
          formatter: ({ data, dataType, name }) =>
            dataType === "edge"
              ? `${names.get(data.source)} → ${names.get(data.target)}\n${data.text}`
              : name,
        },
      },
    ],
  };
}

const KINDS = { line, bar, heatmap, graph };

export function options(spec, colors) {
  const make = KINDS[spec.kind];
  if (!make) throw new Error(`unknown kind of chart: ${spec.kind}`);
  const base = common(colors);
  const made = make(spec, colors);
  const trigger = spec.kind === "line" || spec.kind === "bar" ? "axis" : "item";
  return { ...base, ...made, tooltip: { ...base.tooltip, trigger } };
}
