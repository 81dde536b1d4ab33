// Gradient of RMSNorm for its input as in rmsnorm-backward.wgsl, for GPUs: ${LANES} lanes per row, ${64 / LANES} row(s) per workgroup, as in
// rmsnorm-forward-lanes.wgsl. Bindings as in rmsnorm-backward.wgsl.

struct Shape { rows: u32, width4: u32, across: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> g: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> w: array<vec4f>;
@group(0) @binding(4) var<storage, read> r: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let row = (group.y * shape.across + group.x) * ${64 / LANES}u + me / ${LANES}u;
  let lane = me % ${LANES}u;
  let count = select(0u, shape.width4, row < shape.rows);
  let at = row * shape.width4;
  var sum = vec4f();
  for (var i = lane; i < count; i += ${LANES}u) { sum += g[at + i] * w[i] * x[at + i]; }
  let all = tree_sum(me, sum.x + sum.y + sum.z + sum.w);
  let scale = r[min(row, shape.rows - 1u)];
  let pull = all * scale * scale * scale / f32(4u * shape.width4);
  for (var i = lane; i < count; i += ${LANES}u) {
    var value = scale * g[at + i] * w[i] - x[at + i] * pull;
    //% if ACCUMULATE
    value += dx[at + i];
    //% end
    dx[at + i] = value;
  }
}
