// Attention of one new token per sequence over that sequence's cache, for GPUs: a workgroup of 64 does one (row, query head). Keys pass in
// blocks of ${BLOCK}. The lanes first share out the block's scores, key by key, then its values, in ${64 / DIM4} slices of keys by dim / 4 columns, so that
// neighbours read neighbouring words. The order of every sum depends on the token's position and the head's width only.
// Bindings as in decode-attention-scalar.wgsl; the text begins with a tree (tree/).

struct Shape { rows: u32, heads: u32, kv_heads: u32, slots: u32, width: u32, dim4: u32, scale: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> places: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> keys: array<vec4f>;
@group(0) @binding(4) var<storage, read> values: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;

const MASKED = -1e30;
const SLICES = ${64 / DIM4}u;
var<workgroup> query: array<vec4f, ${DIM4}>;
var<workgroup> weights: array<f32, ${BLOCK}>;
var<workgroup> sums: array<vec4f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = group.y * shape.width + group.x;
  let head = index % shape.heads;
  let row = min(index / shape.heads, shape.rows - 1u);
  // A group beyond the rows, or without a place, attends to the first key and writes nothing: nobody returns before a barrier.
  let idle = index / shape.heads >= shape.rows || places[row].x >= shape.slots;
  let place = select(places[row], vec4u(), idle);
  // Key j has slot own + j from the first own one on.
  let own_run = place.w - place.z;
  let last = place.x - own_run;
  let stride = shape.kv_heads * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let base = kv_head * ${DIM4}u;
  let source = row * (shape.heads + 2u * shape.kv_heads) * ${DIM4}u + head * ${DIM4}u;
  if (lane < ${DIM4}u) { query[lane] = qkv[source + lane] * shape.scale; }
  workgroupBarrier();
  let slice = lane / ${DIM4}u;
  let column = lane % ${DIM4}u;
  var acc = vec4f();
  var top = MASKED;
  var sum = 0.0;
  for (var j0 = 0u; j0 <= last; j0 += ${BLOCK}u) {
    let count = min(${BLOCK}u, last + 1u - j0);
    var own = MASKED;
    for (var i = lane; i < count; i += 64u) {
      let at = base + (j0 + i + select(own_run, place.y, j0 + i < place.z)) * stride;
      var dots = vec4f();
      for (var d = 0u; d < ${DIM4}u; d++) { dots += query[d] * keys[at + d]; }
      let score = dots.x + dots.y + dots.z + dots.w;
      weights[i] = score;
      own = max(own, score);
    }
    let next = max(top, tree_max(lane, own));
    own = 0.0;
    for (var i = lane; i < count; i += 64u) {
      let p = exp(weights[i] - next);
      weights[i] = p;
      own += p;
    }
    let block_sum = tree_sum(lane, own);
    workgroupBarrier();
    let shrink = exp(top - next);
    top = next;
    sum = sum * shrink + block_sum;
    acc *= shrink;
    if (slice < SLICES) {
      for (var i = slice; i < count; i += SLICES) {
        let at = base + (j0 + i + select(own_run, place.y, j0 + i < place.z)) * stride;
        acc += weights[i] * values[at + column];
      }
    }
    workgroupBarrier();
  }
  sums[lane] = acc;
  workgroupBarrier();
  if (slice > 0u || idle) { return; }
  for (var s = 1u; s < SLICES; s++) { acc += sums[s * ${DIM4}u + column]; }
  o[(row * shape.heads + head) * ${DIM4}u + column] = acc / sum;
  if (column == 0u) { lse[row * shape.heads + head] = top + log(sum); }
}
