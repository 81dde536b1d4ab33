// From a row of logits z (already the output projection, before the temperature): with u = z / temperature,
//   lse = log sum exp u,  logp = u[target] - lse,  H = lse - sum p u   (entropy, nats), in one pass, a row an invocation.
// Online: on a new maximum m', with a = exp(m - m'): q' = a (q + l (m - m')), l' = a l; then H = log l - q / l.
// Bindings: 0 shape, 1 targets[rows], 2 logits[rows, stride], 3 stats[rows] of (logp, H, lse, 0).
// Only the first `vocabulary` of the stride's columns count. Error: about 2e-6 absolute in logp and H.

struct Shape { rows: u32, vocabulary: u32, stride4: u32, first: u32, inverse_temperature: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  let at = id.x * shape.stride4;
  let row = shape.first + id.x;
  let goal = targets[row];
  var top = -1e30;
  var l = 0.0;
  var q = 0.0;
  var chosen = 0.0;
  for (var i = 0u; i < shape.stride4; i++) {
    let inside = 4u * i + vec4u(0u, 1u, 2u, 3u) < vec4u(shape.vocabulary);
    let u = select(vec4f(-1e30), logits[at + i] * shape.inverse_temperature, inside);
    let block_top = max(max(u.x, u.y), max(u.z, u.w));
    if (block_top > top) {
      let a = exp(top - block_top);
      q = select(a * (q + l * (top - block_top)), 0.0, l == 0.0);
      l *= a;
      top = block_top;
    }
    let e = exp(max(u - top, vec4f(-80.0))) * select(vec4f(), vec4f(1.0), inside);
    let f = e * max(u - top, vec4f(-80.0));
    l += e.x + e.y + e.z + e.w;
    q += f.x + f.y + f.z + f.w;
    if (goal / 4u == i) { chosen = u[goal % 4u]; }
  }
  let lse = top + log(l);
  stats[row] = vec4f(chosen - lse, log(l) - q / l, lse, 0.0);
}
