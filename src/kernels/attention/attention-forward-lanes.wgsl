// Causal grouped-query attention as in attention-forward-scalar.wgsl, flash style for GPUs: a workgroup of 64 does ${64 / L} neighbouring rows
// of one head and walks the keys that any of them sees in tiles of ${TILE}, which pass through workgroup memory. ${L} lane(s) share a row: each
// holds dim / ${L} of its query and its output, and the parts of a score are added in the order of the lanes. The softmax is online, key
// by key, so a row's bits depend neither on where tiles begin nor on the rows beside it.
// Workgroup memory: ${32 * TILE * DIM4} bytes of keys and values, ${256 * TILE} of parts where rows are shared.

//% include forward.part.wgsl

const LOWEST = -1e30;
const ROWS = ${64 / L}u;
var<workgroup> tile_k: array<vec4f, ${TILE * DIM4}>;
var<workgroup> tile_v: array<vec4f, ${TILE * DIM4}>;
//% if L > 1
var<workgroup> score_parts: array<f32, ${64 * TILE}>;
//% end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.y;
  let first_row = group.x * ROWS;
  let last_row = min(first_row + ROWS, shape.rows) - 1u;
  // Lanes of one part are neighbours: they read the same words of a tile.
  let part = lane / ROWS * ${DIM4 / L}u;
  let row = min(first_row + lane % ROWS, shape.rows - 1u);
  let span = spans[row];
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let key_at = (shape.heads + kv_head) * ${DIM4}u;
  let value_at = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  //% for d in 0..DIM4 / L
  let q${d} = qkv[row * stride + head * ${DIM4}u + part + ${d}u] * shape.scale;
  var acc${d} = vec4f();
  //% end
  var top = LOWEST;
  var sum = 0.0;
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
      var dots = vec4f();
      //% for d in 0..DIM4 / L
      dots += q${d} * tile_k[t * ${DIM4}u + part + ${d}u];
      //% end
      score_parts[t * 64u + lane] = dots.x + dots.y + dots.z + dots.w;
    }
    workgroupBarrier();
    //% end
    for (var t = begin; j0 + t < finish; t++) {
      if (!sees(span, row, j0 + t)) { continue; }
      //% if L > 1
      var score = 0.0;
      //% for p in 0..L
      score += score_parts[t * 64u + ${p}u * ROWS + lane % ROWS];
      //% end
      //% else
      var dots = vec4f();
      //% for d in 0..DIM4
      dots += q${d} * tile_k[t * ${DIM4}u + ${d}u];
      //% end
      let score = dots.x + dots.y + dots.z + dots.w;
      //% end
      if (score > top) {
        let shrink = exp(top - score);
        top = score;
        sum *= shrink;
        //% for d in 0..DIM4 / L
        acc${d} *= shrink;
        //% end
      }
      let p = exp(score - top);
      sum += p;
      //% for d in 0..DIM4 / L
      acc${d} += p * tile_v[t * ${DIM4}u + part + ${d}u];
      //% end
    }
    workgroupBarrier();
    j0 = select(past, first.x, past == first.w);
  }
  if (first_row + lane % ROWS >= shape.rows) { return; }
  let at = (row * shape.heads + head);
  //% for d in 0..DIM4 / L
  o[at * ${DIM4}u + part + ${d}u] = acc${d} / sum;
  //% end
  if (part == 0u) { lse[at] = top + log(sum); }
}
