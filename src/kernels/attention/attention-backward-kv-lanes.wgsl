// Gradient of attention for keys and values as in attention-backward-kv-scalar.wgsl, for GPUs: a workgroup of 64 owns ${64 / L} neighbouring
// keys of one key head and walks the queries that see any of them in tiles of ${TILE}, head by head of its group; ${L} lane(s) share a key, as in
// attention-forward-lanes.wgsl. Workgroup memory: ${32 * TILE * DIM4} bytes of queries and gradients,
// ${512 * TILE} of parts where keys are shared.

//% include backward-kv.part.wgsl

const ROWS = ${64 / L}u;
var<workgroup> tile_q: array<vec4f, ${TILE * DIM4}>;
var<workgroup> tile_g: array<vec4f, ${TILE * DIM4}>;
//% if L > 1
var<workgroup> score_parts: array<f32, ${64 * TILE}>;
var<workgroup> pull_parts: array<f32, ${64 * TILE}>;
//% end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let kv_head = group.y;
  let first_row = group.x * ROWS;
  let last_row = min(first_row + ROWS, shape.rows) - 1u;
  let part = lane / ROWS * ${DIM4 / L}u;
  let row = min(first_row + lane % ROWS, shape.rows - 1u);
  let end = min(spans[row].y, shape.rows);
  // Segments follow one another, so the last row has the last end, or a prompt among these rows that it shares.
  let last = spans[last_row];
  var last_end = last.y;
  if (last.w > first_row) { last_end = max(last_end, spans[last.w - 1u].y); }
  last_end = min(last_end, shape.rows);
  let share = shape.heads / shape.kv_heads;
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let k_at = row * stride + (shape.heads + kv_head) * ${DIM4}u + part;
  let v_at = row * stride + (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u + part;
  //% for d in 0..DIM4 / L
  let k${d} = qkv[k_at + ${d}u] * shape.scale;
  let v${d} = qkv[v_at + ${d}u];
  var dk${d} = vec4f();
  var dv${d} = vec4f();
  //% end
  for (var head = kv_head * share; head < (kv_head + 1u) * share; head++) {
    for (var i0 = first_row; i0 < last_end; i0 += ${TILE}u) {
      for (var x = lane; x < ${TILE * DIM4}u; x += 64u) {
        let i = i0 + x / ${DIM4}u;
        let d = x % ${DIM4}u;
        if (i < last_end) {
          tile_q[x] = qkv[i * stride + head * ${DIM4}u + d];
          tile_g[x] = d_o[(i * shape.heads + head) * ${DIM4}u + d];
        }
      }
      workgroupBarrier();
      let begin = max(i0, row) - i0;
      let finish = min(i0 + ${TILE}u, end);
      //% if L > 1
      // The bound is data, because a software driver would unroll a loop with a constant one.
      let count = min(${TILE}u, last_end - i0);
      for (var t = 0u; t < count; t++) {
        var scores = vec4f();
        var pulls = vec4f();
        //% for d in 0..DIM4 / L
        scores += k${d} * tile_q[t * ${DIM4}u + part + ${d}u];
        pulls += v${d} * tile_g[t * ${DIM4}u + part + ${d}u];
        //% end
        score_parts[t * 64u + lane] = scores.x + scores.y + scores.z + scores.w;
        pull_parts[t * 64u + lane] = pulls.x + pulls.y + pulls.z + pulls.w;
      }
      workgroupBarrier();
      //% end
      for (var t = begin; i0 + t < finish; t++) {
        let at = (i0 + t) * shape.heads + head;
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
        scores += k${d} * tile_q[t * ${DIM4}u + ${d}u];
        pulls += v${d} * tile_g[t * ${DIM4}u + ${d}u];
        //% end
        let score = scores.x + scores.y + scores.z + scores.w;
        let pull = pulls.x + pulls.y + pulls.z + pulls.w;
        //% end
        let p = exp(min(score - lse[at], 0.0));
        let ds = p * (pull - delta[at]);
        //% for d in 0..DIM4 / L
        dv${d} += p * tile_g[t * ${DIM4}u + part + ${d}u];
        dk${d} += ds * tile_q[t * ${DIM4}u + part + ${d}u];
        //% end
      }
      workgroupBarrier();
    }
  }
  if (first_row + lane % ROWS >= shape.rows) { return; }
  //% for d in 0..DIM4 / L
  dqkv[k_at + ${d}u] = dk${d} * shape.scale;
  dqkv[v_at + ${d}u] = dv${d};
  //% end
}
