// y = x r w with r = (mean(x^2) + eps)^(-1/2) as in rmsnorm-forward.wgsl, for GPUs: ${LANES} lanes per row, ${64 / LANES} row(s) per workgroup; the lanes'
// sums are added by tree_sum (@see tree). The order depends on the width only. Bindings as there.

struct Shape { rows: u32, width4: u32, across: u32, eps: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> r: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let row = (group.y * shape.across + group.x) * ${64 / LANES}u + me / ${LANES}u;
  let lane = me % ${LANES}u;
  let count = select(0u, shape.width4, row < shape.rows);
  let at = row * shape.width4;
  var sum = vec4f();
  for (var i = lane; i < count; i += ${LANES}u) {
    let v = x[at + i];
    sum += v * v;
  }
  let all = tree_sum(me, sum.x + sum.y + sum.z + sum.w);
  let scale = inverseSqrt(all / f32(4u * shape.width4) + shape.eps);
  if (lane == 0u && count > 0u) { r[row] = scale; }
  for (var i = lane; i < count; i += ${LANES}u) { y[at + i] = x[at + i] * scale * w[i]; }
}
