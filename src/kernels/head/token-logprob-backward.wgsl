// Gradient of the loss for a row of logits, in place, from c = dLoss/dlogp and e = dLoss/dH of that row:
//   dz_j = (c ([j = target] - p_j) - e p_j (log p_j + H)) / temperature
// Bindings: 0 shape, 1 targets[rows], 2 stats[rows] of (logp, H, lse, 0), 3 coefficients[rows] of (c, e), 4 logits[rows, stride].
// Four logits an invocation. Columns past the vocabulary become 0.

struct Shape { rows: u32, vocabulary: u32, stride4: u32, first: u32, inverse_temperature: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read> coefficients: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> logits: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.stride4) { return; }
  let index = id.y * shape.stride4 + id.x;
  let row = shape.first + id.y;
  let column = 4u * id.x + vec4u(0u, 1u, 2u, 3u);
  let s = stats[row];
  let c = coefficients[row];
  let log_p = logits[index] * shape.inverse_temperature - s.z;
  let p = exp(clamp(log_p, vec4f(-80.0), vec4f(0.0)));
  let hit = select(vec4f(), vec4f(1.0), column == vec4u(targets[row]));
  let dz = (c.x * (hit - p) - c.y * p * (log_p + s.y)) * shape.inverse_temperature;
  logits[index] = select(vec4f(), dz, column < vec4u(shape.vocabulary));
}
