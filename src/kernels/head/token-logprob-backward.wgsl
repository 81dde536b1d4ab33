// Gradient of the loss for a row of logits, in place, from c = dLoss/dlogp and e = dLoss/dH of that row:
//   dz_j = (c ([j = target] - p_j) - e p_j (log p_j + H)) / temperature
// Bindings: 0 shape, 1 targets[rows], 2 stats[rows] of (logp, H, lse, 0), 3 coefficients[rows] of (c, e), 4 logits[rows, stride].
// A workgroup does ${64 / LANES} row(s), with ${LANES} lane(s) to a row and up to ${SPAN} vectors to a lane, so that what belongs to the row is loaded once for many.
// Each number is computed by itself, so bits do not depend on the lanes. Columns past the vocabulary become 0.

struct Shape { rows: u32, vocabulary: u32, stride4: u32, first: u32, inverse_temperature: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read> coefficients: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> logits: array<vec4f>;

@compute @workgroup_size(${LANES}, ${64 / LANES})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) lane: vec3u,
) {
  if (id.y >= shape.rows) { return; }
  let row = shape.first + id.y;
  let s = stats[row];
  let c = coefficients[row] * shape.inverse_temperature;
  let goal = targets[row];
  let at = id.y * shape.stride4;
  let first = group.x * ${LANES * SPAN}u + lane.x;
  let last = min((group.x + 1u) * ${LANES * SPAN}u, shape.stride4);
  for (var i = first; i < last; i += ${LANES}u) {
    let log_p = logits[at + i] * shape.inverse_temperature - s.z;
    let p = exp(clamp(log_p, vec4f(-80.0), vec4f(0.0)));
    logits[at + i] = -p * (c.x + c.y * (log_p + s.y));
  }
  // The lane that wrote the target's column adds what only that column has.
  let own = goal / 4u;
  if (own >= first && own < last && (own - first) % ${LANES}u == 0u) { logits[at + own][goal % 4u] += c.x; }
  let end = shape.stride4 - 1u;
  if (end >= first && end < last && (end - first) % ${LANES}u == 0u) {
    for (var j = shape.vocabulary; j < 4u * shape.stride4; j++) { logits[at + end][j % 4u] = 0.0; }
  }
}
