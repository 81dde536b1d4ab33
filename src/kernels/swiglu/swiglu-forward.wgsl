// h = silu(gate) up with silu(g) = g / (1 + exp(-g)). Gate and up lie side by side in a row of 2 width numbers.
// Bindings: 0 shape, 1 gate_up[rows, 2 width], 2 h[rows, width]. width is a multiple of 4; four numbers per invocation.
// Error: 1e-6 relative (exp within 3 + 2|x| ULP; its argument is kept at most 80 so that it stays finite).

struct Shape { rows: u32, width4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> gate_up: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> h: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.width4) { return; }
  let index = id.y * shape.width4 + id.x;
  let at = index + id.y * shape.width4;
  let gate = gate_up[at];
  h[index] = gate / (1.0 + exp(min(-gate, vec4f(80.0)))) * gate_up[at + shape.width4];
}
