// Log-probability and entropy of a row of logits as in token-logprob.wgsl, for GPUs: ${LANES} lanes per row, ${THREADS / LANES} row(s) per workgroup. First
// the largest logit, then the sums of e^(u - top) and e^(u - top) (u - top), where a tree adds the lanes' parts. The order depends on
// the vocabulary only. Bindings as there.

struct Shape { rows: u32, vocabulary: u32, stride4: u32, first: u32, across: u32, inverse_temperature: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec4f>;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let own = (group.y * shape.across + group.x) * ${THREADS / LANES}u + me / ${LANES}u;
  let lane = me % ${LANES}u;
  let count = select(0u, shape.stride4, own < shape.rows);
  let at = own * shape.stride4;
  var top = -1e30;
  for (var i = lane; i < count; i += ${LANES}u) {
    let inside = 4u * i + vec4u(0u, 1u, 2u, 3u) < vec4u(shape.vocabulary);
    let u = select(vec4f(-1e30), logits[at + i] * shape.inverse_temperature, inside);
    top = max(top, max(max(u.x, u.y), max(u.z, u.w)));
  }
  top = tree_max(me, vec2f(top)).x;
  var l = 0.0;
  var q = 0.0;
  for (var i = lane; i < count; i += ${LANES}u) {
    let inside = 4u * i + vec4u(0u, 1u, 2u, 3u) < vec4u(shape.vocabulary);
    let u = select(vec4f(-1e30), logits[at + i] * shape.inverse_temperature, inside);
    let e = exp(max(u - top, vec4f(-80.0))) * select(vec4f(), vec4f(1.0), inside);
    let f = e * max(u - top, vec4f(-80.0));
    l += e.x + e.y + e.z + e.w;
    q += f.x + f.y + f.z + f.w;
  }
  let sums = tree_sum(me, vec2f(l, q));
  if (lane > 0u || count == 0u) { return; }
  let row = shape.first + own;
  let goal = targets[row];
  let chosen = logits[at + goal / 4u][goal % 4u] * shape.inverse_temperature;
  let log_l = log(sums.x);
  stats[row] = vec4f(chosen - top - log_l, log_l - sums.y / sums.x, top + log_l, 0.0);
}
