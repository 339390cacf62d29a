// A graph of very many arrows, painted on a canvas: hundreds of departments, thousands of lines, at once.
// The page carries the same numbers as a list, so nothing depends on this file.
import { palette } from "./chart_palette.js";
import { LineLayer } from "./dense_lines.js";
import { listen } from "./dense_pointer.js";
import { arrowOf, nearestArrow } from "./dense_shapes.js";

const PAD = { left: 0.07, right: 0.07, top: 0.05, bottom: 0.08 };
const DASHES = { solid: [], dashed: [9, 5], dotted: [2, 4], dashdot: [9, 4, 2, 4] };
// So many lines are painted before anything else, the greatest; and so many at a time afterwards.
const AT_FIRST = 6_000;
const AT_ONCE = 400;
const FEW_NODES = 120;
// So many milliseconds after the last move the lines are painted anew.
const SETTLED = 150;
const ZOOM = { least: 1, most: 12 };
const FONT_SIZE = 12;
const drawn = new Map();

class DenseGraph {
  constructor(box) {
    this.box = box;
    this.spec = JSON.parse(document.getElementById(box.dataset.dense).textContent);
    this.hrefs = new Map(
      Object.entries(this.spec.hrefs).flatMap(([href, places]) => places.map((place) => [place, href])),
    );
    this.canvas = document.createElement("canvas");
    this.canvas.className = "nk-dense-canvas";
    this.brush = this.canvas.getContext("2d");
    this.tip = document.createElement("div");
    this.tip.className = "nk-dense-tip";
    this.tip.hidden = true;
    this.view = { scale: 1, x: 0, y: 0 };
    this.hovered = null;
    this.heaviest = Math.max(1, ...this.spec.edges.width);
    box.replaceChildren(this.canvas, this.tip);
    listen(this);
    this.begin();
  }

  // Plain lines first, so that something is there at once; then all of them, as the legend says.
  begin() {
    performance.mark("graph-begun");
    this.colors = palette();
    this.measure();
    this.lines = new LineLayer(this);
    const count = this.spec.edges.source.length;
    this.lines.draw(Math.max(0, count - AT_FIRST), count, false);
    this.paint();
    this.box.dataset.drawn = "";
    performance.mark("graph-drawn");
    this.refine(0);
  }

  // The lines of the present view, a part at a time, in place of the ones on show.
  refine(after) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const layer = new LineLayer(this);
      const step = (from) => {
        if (!layer.fits(this)) return;
        layer.draw(from, from + AT_ONCE, true);
        if (from + AT_ONCE < this.spec.edges.source.length) {
          this.waiting = setTimeout(() => step(from + AT_ONCE));
          return;
        }
        this.lines = layer;
        this.paint();
        this.box.dataset.refined = "";
      };
      step(0);
    }, after);
  }

  measure() {
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    // Many circles, or a narrow drawing: they would cover one another.
    const crowd = Math.sqrt(FEW_NODES / Math.max(FEW_NODES, this.spec.nodes.name.length));
    this.shrunk = Math.min(1, Math.sqrt(this.width / 900)) * crowd;
    this.place();
  }

  place() {
    const { x, y } = this.spec.nodes;
    const across = (each) => (PAD.left + each * (1 - PAD.left - PAD.right)) * this.width;
    const down = (each) => (PAD.top + each * (1 - PAD.top - PAD.bottom)) * this.height;
    this.x = x.map((each) => across(each) * this.view.scale + this.view.x);
    this.y = y.map((each) => down(each) * this.view.scale + this.view.y);
  }

  paint() {
    const near = this.hovered?.node ?? null;
    this.brush.setTransform(1, 0, 0, 1, 0, 0);
    this.brush.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.brush.globalAlpha = near === null ? 1 : 0.15;
    this.lines.show(this);
    this.brush.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (near !== null) this.strokeOf(near);
    this.brush.globalAlpha = 1;
    this.nodes(near);
    this.labels(near);
  }

  strokeOf(node) {
    const { source, target } = this.spec.edges;
    for (let edge = 0; edge < source.length; edge += 1) {
      if (source[edge] === node || target[edge] === node) this.stroke(this.brush, edge, true, 0.9);
    }
    this.brush.setLineDash([]);
  }

  stroke(brush, edge, dashed, alpha) {
    const { look, width } = this.spec.edges;
    const { tone, style } = this.spec.looks[look[edge]];
    const it = this.arrow(edge);
    brush.globalAlpha = alpha;
    brush.strokeStyle = brush.fillStyle = this.colors.fills[tone] ?? this.colors.muted;
    brush.lineWidth = Math.max(0.6, (width[edge] / 10) * this.shrunk);
    if (dashed) brush.setLineDash(DASHES[style] ?? []);
    brush.beginPath();
    brush.moveTo(it.x1, it.y1);
    brush.quadraticCurveTo(it.bendX, it.bendY, it.baseX, it.baseY);
    brush.stroke();
    brush.beginPath();
    brush.moveTo(it.tipX, it.tipY);
    brush.lineTo(it.leftX, it.leftY);
    brush.lineTo(it.rightX, it.rightY);
    brush.fill();
  }

  // Where lines are many, the weak ones step back behind the strong ones.
  alphaOf(edge) {
    return 0.12 + 0.6 * (this.spec.edges.width[edge] / this.heaviest);
  }

  arrow(edge) {
    const { source, target, width } = this.spec.edges;
    const [from, to] = [source[edge], target[edge]];
    const size = 4 + width[edge] / 10;
    return arrowOf(this.x[from], this.y[from], this.x[to], this.y[to], this.radius(to), size);
  }

  radius(node) {
    return (this.spec.nodes.size[node] / 2) * this.shrunk;
  }

  nodes(near) {
    const { brush, colors, spec } = this;
    brush.strokeStyle = colors.surface;
    brush.lineWidth = 2;
    for (let node = spec.nodes.name.length - 1; node >= 0; node -= 1) {
      const tone = node === spec.marked || node === near ? "success" : "primary";
      brush.fillStyle = colors.fills[tone];
      brush.beginPath();
      brush.arc(this.x[node], this.y[node], this.radius(node), 0, 2 * Math.PI);
      brush.fill();
      brush.stroke();
    }
  }

  // The busiest first; a name that would cover another one waits until one comes nearer.
  labels(near) {
    const { brush, colors, spec } = this;
    brush.font = `${FONT_SIZE}px ${colors.font}`;
    brush.textAlign = "center";
    brush.textBaseline = "top";
    brush.lineJoin = "round";
    brush.lineWidth = 4;
    brush.strokeStyle = colors.surface;
    brush.fillStyle = colors.text;
    const placed = [];
    const order = spec.nodes.name.keys();
    for (const node of near === null ? order : [near, ...order]) {
      const [x, top] = [this.x[node], this.y[node] + this.radius(node) + 2];
      if (x < 0 || x > this.width || top < 0 || top > this.height - FONT_SIZE) continue;
      const half = brush.measureText(spec.nodes.name[node]).width / 2 + 3;
      const left = Math.min(Math.max(x - half, 0), Math.max(0, this.width - 2 * half));
      const box = { left, right: left + 2 * half, top, bottom: top + FONT_SIZE + 3 };
      if (placed.some((other) => overlap(box, other))) continue;
      placed.push(box);
      brush.strokeText(spec.nodes.name[node], left + half, top);
      brush.fillText(spec.nodes.name[node], left + half, top);
    }
  }

  // What is at a place: a node, else an arrow near by.
  at(x, y) {
    for (let node = 0; node < this.x.length; node += 1) {
      if (Math.hypot(x - this.x[node], y - this.y[node]) <= this.radius(node) + 2) return { node };
    }
    const edge = nearestArrow(x, y, this.spec.edges.source.length, (each) => this.arrow(each));
    return edge === null ? null : { edge };
  }

  words({ node, edge }) {
    const { nodes, edges, words } = this.spec;
    if (node !== undefined) return nodes.name[node];
    const ends = `${nodes.name[edges.source[edge]]} → ${nodes.name[edges.target[edge]]}`;
    return `${ends}\n${words[edges.words[edge]]}`;
  }

  address({ node, edge }) {
    const { nodes, edges, edgeHref, nodeHref } = this.spec;
    if (node !== undefined) return nodeHref.replace("{key}", nodes.key[node]);
    const [source, target] = [nodes.key[edges.source[edge]], nodes.key[edges.target[edge]]];
    return (this.hrefs.get(edge) ?? edgeHref).replace("{source}", source).replace("{target}", target);
  }

  point(x, y) {
    const found = this.at(x, y);
    const moved = found?.node !== this.hovered?.node;
    this.hovered = found;
    this.canvas.classList.toggle("nk-dense-link", Boolean(found && this.address(found)));
    this.tip.hidden = !found;
    if (found) {
      this.tip.textContent = this.words(found);
      const left = Math.min(x + 14, this.width - this.tip.offsetWidth - 4);
      this.tip.style.left = `${Math.max(4, left)}px`;
      this.tip.style.top = `${Math.min(y + 14, this.height - this.tip.offsetHeight - 4)}px`;
    }
    if (moved) this.paint();
  }

  zoom(x, y, factor) {
    const scale = Math.min(ZOOM.most, Math.max(ZOOM.least, this.view.scale * factor));
    const grown = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * grown, y: y - (y - this.view.y) * grown };
    this.keepInside();
  }

  move(x, y) {
    this.view = { ...this.view, x: this.view.x + x, y: this.view.y + y };
    this.keepInside();
  }

  keepInside() {
    const inside = (at, size) => Math.min(0, Math.max(at, size * (1 - this.view.scale)));
    this.view.x = inside(this.view.x, this.width);
    this.view.y = inside(this.view.y, this.height);
    this.place();
    this.paint();
    this.refine(SETTLED);
  }
}

function overlap(one, other) {
  const across = one.left < other.right && other.left < one.right;
  return across && one.top < other.bottom && other.top < one.bottom;
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const graph = drawn.get(target);
    const { width, height } = graph ?? {};
    if (target.clientWidth !== width || target.clientHeight !== height) graph?.begin();
  }
});

document.addEventListener("neike:theme", () => {
  for (const graph of drawn.values()) graph.begin();
});

export function drawDense(root) {
  for (const box of drawn.keys()) if (!box.isConnected) drawn.delete(box);
  for (const box of root.querySelectorAll("[data-dense]:not([data-drawn])")) {
    drawn.set(box, new DenseGraph(box));
    resized.observe(box);
  }
}
