// From a row of logits z (already the output projection, before the temperature): with u = z / temperature,
//   lse = log sum exp u,  logp = u[target] - lse,  H = lse - sum p u   (entropy, nats), in one pass, one row per invocation.
// Online, ${4 * BLOCK} logits at a time: on a new maximum m', with a = exp(m - m'): q' = a (q + l (m - m')), l' = a l; then H = log l - q / l.
// The sums l and q are kept in four parts, one for each place in a vector, and added up at the end.
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
  var top = -1e30;
  var l = vec4f();
  var q = vec4f();
  let whole = shape.vocabulary / ${4 * BLOCK}u * ${BLOCK}u;
  for (var i = 0u; i < whole; i += ${BLOCK}u) {
    //% for j in 0..BLOCK
    let u${j} = logits[at + i + ${j}u] * shape.inverse_temperature;
    //% end
    var most = u0;
    //% for j in 1..BLOCK
    most = max(most, u${j});
    //% end
    let next = max(top, max(max(most.x, most.y), max(most.z, most.w)));
    let a = exp(top - next);
    q = a * (q + l * (top - next));
    l *= a;
    top = next;
    //% for j in 0..BLOCK
    let d${j} = max(u${j} - top, vec4f(-80.0));
    let e${j} = exp(d${j});
    l += e${j};
    q += e${j} * d${j};
    //% end
  }
  // The rest, one vector at a time.
  for (var i = whole; i < shape.stride4; i++) {
    let inside = 4u * i + vec4u(0u, 1u, 2u, 3u) < vec4u(shape.vocabulary);
    let u = select(vec4f(-1e30), logits[at + i] * shape.inverse_temperature, inside);
    let next = max(top, max(max(u.x, u.y), max(u.z, u.w)));
    let a = exp(top - next);
    q = a * (q + l * (top - next));
    l *= a;
    top = next;
    let d = max(u - top, vec4f(-80.0));
    let e = select(vec4f(), exp(d), inside);
    l += e;
    q += e * d;
  }
  let row = shape.first + id.x;
  let goal = targets[row];
  let chosen = logits[at + goal / 4u][goal % 4u] * shape.inverse_temperature;
  let mass = l.x + l.y + l.z + l.w;
  let log_mass = log(mass);
  stats[row] = vec4f(chosen - top - log_mass, log_mass - (q.x + q.y + q.z + q.w) / mass, top + log_mass, 0.0);
}
