// The geometry of bent arrows: where they run, and which one is near a place. Pure, no page access.
const BEND = 0.12;
const NEAR = 5;
const STEPS = 16;

// A bent line from (x1, y1) whose head ends just outside the circle of `radius` around (x2, y2).
export function arrowOf(x1, y1, x2, y2, radius, size) {
  const bendX = (x1 + x2) / 2 + (y2 - y1) * BEND;
  const bendY = (y1 + y2) / 2 - (x2 - x1) * BEND;
  const length = Math.hypot(x2 - bendX, y2 - bendY) || 1;
  const [ux, uy] = [(x2 - bendX) / length, (y2 - bendY) / length];
  const [tipX, tipY] = [x2 - ux * (radius + 1), y2 - uy * (radius + 1)];
  const [baseX, baseY] = [tipX - ux * size, tipY - uy * size];
  const [sideX, sideY] = [-uy * size * 0.5, ux * size * 0.5];
  return {
    x1,
    y1,
    bendX,
    bendY,
    tipX,
    tipY,
    baseX,
    baseY,
    leftX: baseX + sideX,
    leftY: baseY + sideY,
    rightX: baseX - sideX,
    rightY: baseY - sideY,
  };
}

// The arrow nearest to a place, null where none is near; of equals the one painted last.
export function nearestArrow(x, y, count, arrowAt) {
  let [found, least] = [null, NEAR];
  for (let edge = 0; edge < count; edge += 1) {
    const it = arrowAt(edge);
    if (isFar(x, y, it)) continue;
    const away = distance(x, y, it);
    if (away <= least) [found, least] = [edge, away];
  }
  return found;
}

function isFar(x, y, { x1, y1, bendX, bendY, tipX, tipY }) {
  const across = x < Math.min(x1, bendX, tipX) - NEAR || x > Math.max(x1, bendX, tipX) + NEAR;
  return across || y < Math.min(y1, bendY, tipY) - NEAR || y > Math.max(y1, bendY, tipY) + NEAR;
}

function distance(x, y, { x1, y1, bendX, bendY, tipX, tipY }) {
  let least = Infinity;
  let [fromX, fromY] = [x1, y1];
  for (let step = 1; step <= STEPS; step += 1) {
    const t = step / STEPS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    const [toX, toY] = [a * x1 + b * bendX + c * tipX, a * y1 + b * bendY + c * tipY];
    least = Math.min(least, toSegment(x, y, fromX, fromY, toX, toY));
    [fromX, fromY] = [toX, toY];
  }
  return least;
}

function toSegment(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy || 1;
  const t = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / square));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}
