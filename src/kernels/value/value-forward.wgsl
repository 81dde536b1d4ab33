// The value of a state, one linear unit over its hidden row: stats[row].w = h[row] . w + bias, one row per invocation, summed along
// the width in a fixed order. It stands beside the row's log-prob, so that both come back in one readback.
// Bindings: 0 shape, 1 h[rows, width], 2 head[width + 4] of (w, bias, 0, 0, 0), 3 stats[rows] of (logp, H, lse, value).
// Error: about 1e-6 of sum |h w|.

struct Shape { rows: u32, width4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> hidden: array<vec4f>;
@group(0) @binding(2) var<storage, read> head: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  var sum = vec4f();
  for (var i = 0u; i < shape.width4; i++) { sum += hidden[id.x * shape.width4 + i] * head[i]; }
  stats[4u * id.x + 3u] = sum.x + sum.y + sum.z + sum.w + head[shape.width4].x;
}
