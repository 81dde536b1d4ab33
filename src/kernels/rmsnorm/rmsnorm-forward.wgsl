// y = x r w with r = (mean(x^2) + eps)^(-1/2), one row per invocation. Saves r for the backward pass.
// Bindings: 0 shape, 1 x[rows, width], 2 w[width], 3 y[rows, width], 4 r[rows]. width is a multiple of 4.
// A turn of a loop takes U vectors, and a row has a multiple of U.
// Error: a few 2^-24 relative to |x r w| (the sum has width terms, all positive).

struct Shape { rows: u32, width4: u32, eps: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> r: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  let at = id.x * shape.width4;
  var sum = vec4f();
  for (var i = at; i < at + shape.width4; i += ${U}u) {
    //% for u in 0..U
    let v${u} = x[i + ${u}u];
    sum += v${u} * v${u};
    //% end
  }
  let mean = (sum.x + sum.y + sum.z + sum.w) / f32(4u * shape.width4);
  let scale = inverseSqrt(mean + shape.eps);
  r[id.x] = scale;
  for (var i = 0u; i < shape.width4; i += ${U}u) {
    //% for u in 0..U
    y[at + i + ${u}u] = x[at + i + ${u}u] * scale * w[i + ${u}u];
    //% end
  }
}
