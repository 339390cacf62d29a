// What a pointer does on a drawn graph: point, open, move, zoom.
const STEP = 1.2;
const FAR = 4;

// Zooming takes Ctrl, so that the page still scrolls under the pointer; a finger scrolls the page.
export function listen(graph) {
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
    const far = from.far || Math.hypot(x - from.x, y - from.y) > FAR;
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
      const factor = event.deltaY < 0 ? STEP : 1 / STEP;
      graph.zoom(event.offsetX, event.offsetY, factor);
    },
    { passive: false },
  );
}
