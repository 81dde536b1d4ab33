// AdamW (Loshchilov & Hutter, arXiv 1711.05101) over the flat buffers, four parameters per invocation, as torch.optim.AdamW:
//   g = clip gradient;  m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2
//   p = p (1 - lr wd) - lr (m / c1) / (sqrt(v / c2) + eps),   c1 = 1 - b1^t, c2 = 1 - b2^t
// Weight decay applies to the first decay_end parameters only. The gradient is zeroed for the next step. If a gradient was not
// finite, nothing else changes.
// Bindings: 0 shape, 1 settings (lr, b1, b2, eps, wd, c1, c2, max norm), 2 stats (norm, clip scale, not finite), 3 p, 4 g, 5 m, 6 v.
// The settings are data because they change every step. Error: 1e-6 relative to the update.

struct Shape { count4: u32, decay4: u32, width: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> settings: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<f32>;
@group(0) @binding(3) var<storage, read_write> p: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> v: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * shape.width + id.x;
  if (i >= shape.count4) { return; }
  let g = gradient[i] * stats[1];
  gradient[i] = vec4f();
  if (stats[2] > 0.0) { return; }
  let lr = settings[0];
  let m1 = settings[1] * m[i] + (1.0 - settings[1]) * g;
  let v1 = settings[2] * v[i] + (1.0 - settings[2]) * g * g;
  let keep = 1.0 - select(0.0, lr * settings[4], i < shape.decay4);
  m[i] = m1;
  v[i] = v1;
  p[i] = p[i] * keep - lr * (m1 / settings[5]) / (sqrt(v1 / settings[6]) + settings[3]);
}
