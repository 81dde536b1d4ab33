// Gradient of h = silu(gate) up: gate and up are replaced by their gradients. With APART these are written elsewhere instead.
//   s = 1 / (1 + exp(-gate));  d up = dh gate s;  d gate = dh up s (1 + gate (1 - s))
// Bindings: 0 shape, 1 dh[rows, width], 2 gate_up[rows, 2 width], with APART 3 d_gate_up (as gate_up). Each invocation owns the four
// pairs it changes.

struct Shape { rows: u32, width4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> dh: array<vec4f>;
//% if APART
@group(0) @binding(2) var<storage, read> gate_up: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> d_gate_up: array<vec4f>;
//% else
@group(0) @binding(2) var<storage, read_write> gate_up: array<vec4f>;
//% end

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.width4) { return; }
  let index = id.y * shape.width4 + id.x;
  let at = index + id.y * shape.width4;
  let gate = gate_up[at];
  let up = gate_up[at + shape.width4];
  let s = 1.0 / (1.0 + exp(min(-gate, vec4f(80.0))));
  let d = dh[index];
  let d_gate = d * up * s * (1.0 + gate * (1.0 - s));
  //% if APART
  d_gate_up[at] = d_gate;
  d_gate_up[at + shape.width4] = d * gate * s;
  //% else
  gate_up[at] = d_gate;
  gate_up[at + shape.width4] = d * gate * s;
  //% end
}
