/**
 * Names beside points of a plot, none over another and none over a point where space allows. Greedy: the points with the most
 * neighbours choose first, each the free place nearest to it; one that no longer stands beside its
 * point, or stands nearer to another, is joined to it by a leader line. The same
 * points always give the same places.
 */

export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  /** Pixels that its name takes along the line. */
  readonly width: number;
}

export interface LabelPlace {
  /** The left end of the name, and the middle of its height. */
  readonly x: number;
  readonly y: number;
  /** From the point to the name, where it does not stand beside its point. */
  readonly leader: {
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
  } | null;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels of a line of text, from a point's middle to its name, and of a point with the air around it. */
const HEIGHT = 14;
const GAP = 10;
const DISC = 6;
/** Pixels between the end of a name and what follows on its line. */
const AIR = 4;
/** How far apart the places are that are tried, and points that are neighbours. */
const STEP = 7;
const NEAR = 60;
/** A name this near to its point stands beside it. */
const BESIDE = GAP + STEP;

/** Places for the names of points, in their order. @param frame within which names stay */
export function placeLabels(
  points: readonly LabelledPoint[],
  frame: { readonly width: number; readonly height: number },
): LabelPlace[] {
  const discs = points.map(({ x, y }) => boxAt(x - DISC, y, 2 * DISC, 2 * DISC));
  const crowd = points.map(
    (a) => points.filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < NEAR).length,
  );
  const order = [...points.keys()].sort((a, b) => crowd[b] - crowd[a] || a - b);
  const taken: Box[] = [];
  const places = new Map<number, LabelPlace>();
  for (const i of order) {
    const point = points[i];
    const tried = placesFor(point, frame);
    const cost = (box: Box) =>
      [...taken, ...discs].reduce((sum, other) => sum + overlap(box, other), 0);
    // Where nothing is free, the place that hides least.
    let best = tried[0];
    let least = Number.POSITIVE_INFINITY;
    for (const box of tried) {
      const hidden = cost(box);
      if (hidden < least) [best, least] = [box, hidden];
      if (least === 0) break;
    }
    taken.push(best);
    const leader = isClear(i, points, best) ? null : leaderTo(point, best);
    places.set(i, { x: best.left, y: (best.top + best.bottom) / 2, leader });
  }
  return points.flatMap((_, i) => places.get(i) ?? []);
}

/** All places of a name within the frame, the nearest to its point first; right of it before left of it before above and below. */
function placesFor(
  { x, y, width }: LabelledPoint,
  frame: { readonly width: number; readonly height: number },
): Box[] {
  const tried: { readonly box: Box; readonly rank: number }[] = [];
  const reach = Math.max(frame.width, frame.height);
  for (let down = 0; down <= reach; down += STEP) {
    for (const sign of down === 0 ? [1] : [-1, 1]) {
      const middle = y + sign * down;
      if (middle < HEIGHT / 2 || middle > frame.height - HEIGHT / 2) continue;
      for (let along = 0; along <= reach; along += 4 * STEP) {
        const sides = [x + GAP + along, x - GAP - along - width];
        if (along === 0 && down >= HEIGHT) sides.push(x - width / 2);
        sides.forEach((left, side) => {
          if (left < 0 || left + width > frame.width) return;
          tried.push({
            box: boxAt(left, middle, width, HEIGHT),
            rank: Math.hypot(down, along) + side,
          });
        });
      }
    }
  }
  // A name that is wider than the frame begins at its left end.
  if (tried.length === 0) return [boxAt(0, y, width, HEIGHT)];
  return tried.sort((a, b) => a.rank - b.rank).map(({ box }) => box);
}

function boxAt(left: number, middle: number, width: number, height: number): Box {
  return { left, right: left + width, top: middle - height / 2, bottom: middle + height / 2 };
}

/** Pixels that two boxes share, with the air beside them that names need. */
function overlap(a: Box, b: Box): number {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left) + AIR;
  const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** Whether a name is told apart by its place: beside its own point, and no other point is nearer. */
function isClear(own: number, points: readonly LabelledPoint[], box: Box): boolean {
  const away = points.map((point) => {
    const [x, y] = nearestIn(box, point);
    return Math.hypot(x - point.x, y - point.y);
  });
  return away[own] <= BESIDE && away.every((other, i) => i === own || other >= away[own]);
}

/** The place in a name that is nearest to a point, a little inside of its upper and lower edge. */
function nearestIn({ left, right, top, bottom }: Box, { x, y }: LabelledPoint): [number, number] {
  const inset = HEIGHT / 4;
  return [Math.min(right, Math.max(left, x)), Math.min(bottom - inset, Math.max(top + inset, y))];
}

function leaderTo(point: LabelledPoint, box: Box): NonNullable<LabelPlace['leader']> {
  const [x2, y2] = nearestIn(box, point);
  return { x1: point.x, y1: point.y, x2, y2 };
}
