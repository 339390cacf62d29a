// The lines of one view as a picture; another view shows it moved and stretched until its own is ready.
export class LineLayer {
  constructor(graph) {
    this.graph = graph;
    this.view = { ...graph.view };
    this.picture = document.createElement("canvas");
    this.picture.width = graph.canvas.width;
    this.picture.height = graph.canvas.height;
    this.brush = this.picture.getContext("2d", { willReadFrequently: true });
    this.brush.setTransform(graph.ratio, 0, 0, graph.ratio, 0, 0);
  }

  fits(graph) {
    const { view } = graph;
    const same = ["scale", "x", "y"].every((each) => view[each] === this.view[each]);
    return same && this.picture.width === graph.canvas.width;
  }

  draw(from, to, dashed) {
    const end = Math.min(to, this.graph.spec.edges.source.length);
    for (let edge = from; edge < end; edge += 1) {
      this.graph.stroke(this.brush, edge, dashed, this.graph.alphaOf(edge));
    }
  }

  show({ brush, ratio, view }) {
    const grown = view.scale / this.view.scale;
    const [x, y] = [view.x - this.view.x * grown, view.y - this.view.y * grown];
    brush.setTransform(grown, 0, 0, grown, x * ratio, y * ratio);
    brush.drawImage(this.picture, 0, 0);
  }
}
