// Gradient of attention for the queries as in attention-backward-q-scalar.wgsl, for GPUs: rows, tiles of ${TILE} keys and ${L} lane(s) per row as in
// attention-forward-lanes.wgsl. Workgroup memory: ${32 * TILE * DIM4} bytes of keys and values, ${512 * TILE} of
// parts where rows are shared.

//% include backward-q.part.wgsl

const ROWS = ${64 / L}u;
var<workgroup> tile_k: array<vec4f, ${TILE * DIM4}>;
var<workgroup> tile_v: array<vec4f, ${TILE * DIM4}>;
//% if L > 1
var<workgroup> score_parts: array<f32, ${64 * TILE}>;
var<workgroup> pull_parts: array<f32, ${64 * TILE}>;
//% end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.y;
  let first_row = group.x * ROWS;
  let last_row = min(first_row + ROWS, shape.rows) - 1u;
  let part = lane / ROWS * ${DIM4 / L}u;
  let row = min(first_row + lane % ROWS, shape.rows - 1u);
  let span = spans[row];
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let key_at = (shape.heads + kv_head) * ${DIM4}u;
  let value_at = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  let at = row * shape.heads + head;
  let log_sum = lse[at];
  var products = vec4f();
  //% for d in 0..DIM4 / L
  let q${d} = qkv[row * stride + head * ${DIM4}u + part + ${d}u] * shape.scale;
  let g${d} = d_o[at * ${DIM4}u + part + ${d}u];
  var dq${d} = vec4f();
  products += g${d} * o[at * ${DIM4}u + part + ${d}u];
  //% end
  //% if L > 1
  score_parts[lane] = products.x + products.y + products.z + products.w;
  workgroupBarrier();
  var own = 0.0;
  //% for p in 0..L
  own += score_parts[${p}u * ROWS + lane % ROWS];
  //% end
  workgroupBarrier();
  //% else
  let own = products.x + products.y + products.z + products.w;
  //% end
  let first = spans[first_row];
  var j0 = first.z;
  while (j0 <= last_row) {
    // A tile ends where the first row's shared prompt does; nobody sees anything between that and its segment.
    let past = min(j0 + ${TILE}u, select(last_row + 1u, first.w, j0 < first.w));
    for (var i = lane; i < ${TILE * DIM4}u; i += 64u) {
      let j = j0 + i / ${DIM4}u;
      let d = i % ${DIM4}u;
      if (j < past) {
        tile_k[i] = qkv[j * stride + key_at + d];
        tile_v[i] = qkv[j * stride + value_at + d];
      }
    }
    workgroupBarrier();
    let begin = max(j0, span.z) - j0;
    let finish = min(past, row + 1u);
    //% if L > 1
    // The bound is data, because a software driver would unroll a loop with a constant one.
    let count = past - j0;
    for (var t = 0u; t < count; t++) {
      var scores = vec4f();
      var pulls = vec4f();
      //% for d in 0..DIM4 / L
      scores += q${d} * tile_k[t * ${DIM4}u + part + ${d}u];
      pulls += g${d} * tile_v[t * ${DIM4}u + part + ${d}u];
      //% end
      score_parts[t * 64u + lane] = scores.x + scores.y + scores.z + scores.w;
      pull_parts[t * 64u + lane] = pulls.x + pulls.y + pulls.z + pulls.w;
    }
    workgroupBarrier();
    //% end
    for (var t = begin; j0 + t < finish; t++) {
      if (!sees(span, row, j0 + t)) { continue; }
      //% if L > 1
      var score = 0.0;
      var pull = 0.0;
      //% for p in 0..L
      score += score_parts[t * 64u + ${p}u * ROWS + lane % ROWS];
      pull += pull_parts[t * 64u + ${p}u * ROWS + lane % ROWS];
      //% end
      //% else
      var scores = vec4f();
      var pulls = vec4f();
      //% for d in 0..DIM4
      scores += q${d} * tile_k[t * ${DIM4}u + ${d}u];
      pulls += g${d} * tile_v[t * ${DIM4}u + ${d}u];
      //% end
      let score = scores.x + scores.y + scores.z + scores.w;
      let pull = pulls.x + pulls.y + pulls.z + pulls.w;
      //% end
      let p = exp(min(score - log_sum, 0.0));
      let ds = p * (pull - own);
      //% for d in 0..DIM4 / L
      dq${d} += ds * tile_k[t * ${DIM4}u + part + ${d}u];
      //% end
    }
    workgroupBarrier();
    j0 = select(past, first.x, past == first.w);
  }
  if (first_row + lane % ROWS >= shape.rows) { return; }
  if (part == 0u) { delta[at] = own; }
  //% for d in 0..DIM4 / L
  dqkv[row * stride + head * ${DIM4}u + part + ${d}u] = dq${d} * shape.scale;
  //% end
}
