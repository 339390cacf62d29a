// A graph of very many arrows, painted on a canvas: hundreds of departments, thousands of lines, at once.
// The page carries the same numbers as a list, so nothing depends on this file.
import { palette } from "./chart_palette.js";
import { arrowOf, nearestArrow } from "./dense_shapes.js";

const PAD = { left: 0.07, right: 0.07, top: 0.05, bottom: 0.08 };
const DASHES = { solid: [], dashed: [9, 5], dotted: [2, 4], dashdot: [9, 4, 2, 4] };
// One path of all lines would be slow to paint, and one for each line, too.
const AT_ONCE = 250;
const LIGHTEST = 4_000;
const ZOOM = { least: 1, most: 12, step: 1.2 };
const FONT_SIZE = 12;
const drawn = new Map();

class DenseGraph {
  constructor(box) {
    this.box = box;
    this.spec = JSON.parse(document.getElementById(box.dataset.dense).textContent);
    this.canvas = document.createElement("canvas");
    this.canvas.className = "nk-dense-canvas";
    this.tip = document.createElement("div");
    this.tip.className = "nk-dense-tip";
    this.tip.hidden = true;
    this.view = { scale: 1, x: 0, y: 0 };
    this.hovered = null;
    this.groups = grouped(this.spec.edges);
    box.replaceChildren(this.canvas, this.tip);
    listen(this);
    this.paint();
  }

  paint() {
    this.measure();
    this.colors = palette();
    this.brush = this.canvas.getContext("2d");
    this.brush.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.brush.clearRect(0, 0, this.width, this.height);
    const near = this.hovered?.node ?? null;
    this.lines(near);
    this.nodes(near);
    this.labels(near);
    this.box.dataset.drawn = "";
  }

  measure() {
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    const [width, height] = [this.width, this.height].map((each) => Math.round(each * this.ratio));
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const { x, y } = this.spec.nodes;
    const across = (each) => (PAD.left + each * (1 - PAD.left - PAD.right)) * this.width;
    const down = (each) => (PAD.top + each * (1 - PAD.top - PAD.bottom)) * this.height;
    this.x = x.map((each) => across(each) * this.view.scale + this.view.x);
    this.y = y.map((each) => down(each) * this.view.scale + this.view.y);
    // On a narrow drawing the circles would cover one another.
    this.shrunk = Math.min(1, Math.sqrt(this.width / 900));
  }

  radius(node) {
    return (this.spec.nodes.size[node] / 2) * this.shrunk;
  }

  arrow(edge) {
    const { source, target, width } = this.spec.edges;
    const to = target[edge];
    const from = source[edge];
    const size = 4 + width[edge] / 10;
    return arrowOf(this.x[from], this.y[from], this.x[to], this.y[to], this.radius(to), size);
  }

  // Lines of one look and about one width at a time, the thinnest first.
  lines(near) {
    const { source, target } = this.spec.edges;
    const alpha = this.spec.edges.source.length > LIGHTEST ? 0.28 : 0.4;
    for (const { look, width, edges } of this.groups) {
      const { tone, style } = this.spec.looks[look];
      this.brush.strokeStyle = this.brush.fillStyle = this.colors.fills[tone] ?? this.colors.muted;
      this.brush.lineWidth = width;
      this.brush.setLineDash(DASHES[style] ?? []);
      const touches = (edge) => source[edge] === near || target[edge] === near;
      if (near === null) this.strokes(edges, alpha);
      else {
        this.strokes(edges.filter((edge) => !touches(edge)), 0.04, false);
        this.strokes(edges.filter(touches), 0.95);
      }
    }
    this.brush.globalAlpha = 1;
    this.brush.setLineDash([]);
  }

  strokes(edges, alpha, heads = true) {
    this.brush.globalAlpha = alpha;
    for (let begin = 0; begin < edges.length; begin += AT_ONCE) {
      const [line, head] = [new Path2D(), new Path2D()];
      for (const edge of edges.slice(begin, begin + AT_ONCE)) {
        const it = this.arrow(edge);
        line.moveTo(it.x1, it.y1);
        line.quadraticCurveTo(it.bendX, it.bendY, it.baseX, it.baseY);
        head.moveTo(it.tipX, it.tipY);
        head.lineTo(it.leftX, it.leftY);
        head.lineTo(it.rightX, it.rightY);
      }
      this.brush.stroke(line);
      if (heads) this.brush.fill(head);
    }
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
    const { nodes, edges, hrefs, edgeHref, nodeHref } = this.spec;
    if (node !== undefined) return nodeHref.replace("{key}", nodes.key[node]);
    if (hrefs[edge] !== undefined) return hrefs[edge];
    const [source, target] = [nodes.key[edges.source[edge]], nodes.key[edges.target[edge]]];
    return edgeHref.replace("{source}", source).replace("{target}", target);
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
    this.paint();
  }
}

function overlap(one, other) {
  const across = one.left < other.right && other.left < one.right;
  return across && one.top < other.bottom && other.top < one.bottom;
}

function grouped(edges) {
  const found = new Map();
  edges.look.forEach((look, edge) => {
    const width = Math.max(1, Math.round(edges.width[edge] / 10));
    const key = `${width}/${look}`;
    if (!found.has(key)) found.set(key, { look, width, edges: [] });
    found.get(key).edges.push(edge);
  });
  return [...found.values()].sort((one, other) => one.width - other.width);
}

// Zooming takes Ctrl, so that the page still scrolls under the pointer; a finger scrolls the page.
function listen(graph) {
  const { canvas } = graph;
  let from = null;
  let wanted = 0;
  const soon = (work) => {
    cancelAnimationFrame(wanted);
    wanted = requestAnimationFrame(work);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") from = { x: event.offsetX, y: event.offsetY, far: false };
  });
  canvas.addEventListener("pointermove", ({ offsetX: x, offsetY: y, buttons }) => {
    if (!from || !buttons) return soon(() => graph.point(x, y));
    const far = from.far || Math.hypot(x - from.x, y - from.y) > 4;
    if (!far) return undefined;
    const [across, down] = [x - from.x, y - from.y];
    from = { x, y, far };
    return graph.move(across, down);
  });
  canvas.addEventListener("pointerleave", () => soon(() => graph.point(-1e6, -1e6)));
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const dragged = from?.far;
    from = null;
    const found = dragged ? null : graph.at(offsetX, offsetY);
    const href = found && graph.address(found);
    if (href) location.assign(href);
  });
  canvas.addEventListener("dblclick", () => graph.zoom(0, 0, 0));
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const factor = event.deltaY < 0 ? ZOOM.step : 1 / ZOOM.step;
      graph.zoom(event.offsetX, event.offsetY, factor);
    },
    { passive: false },
  );
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const graph = drawn.get(target);
    const { width, height } = graph ?? {};
    if (target.clientWidth !== width || target.clientHeight !== height) graph?.paint();
  }
});

document.addEventListener("neike:theme", () => {
  for (const graph of drawn.values()) graph.paint();
});

export function drawDense(root) {
  for (const box of drawn.keys()) if (!box.isConnected) drawn.delete(box);
  for (const box of root.querySelectorAll("[data-dense]:not([data-drawn])")) {
    drawn.set(box, new DenseGraph(box));
    resized.observe(box);
  }
}
