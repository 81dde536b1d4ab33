// Attention of one new token per sequence over that sequence's cache, one (row, query head) per invocation, key by key
// exactly as in attention-forward-scalar.wgsl and with its bits: what generation computes, training need not compute again.
// A sequence's keys lie in two runs of slots: the prompt's, which all completions of a question share, then its own.
// Bindings: 0 shape, 1 places[rows] of (slot of the new token, shared_first, shared_count, own_first), 2 qkv[rows, (heads + 2 kv_heads) dim],
// 3 keys[slots, kv_heads dim], 4 values (as keys), 5 o[rows, heads dim], 6 lse[rows, heads]: log-sum-exp of the scores. The keys that are
// read stand in the shared_count slots from shared_first on and in the slots own_first .. slot; the new token's own key must be in the
// cache already. A row whose slot lies past the end is left alone.

struct Shape { rows: u32, heads: u32, kv_heads: u32, slots: u32, width: u32, dim4: u32, scale: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> places: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> keys: array<vec4f>;
@group(0) @binding(4) var<storage, read> values: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;

// Below any real score, and finite.
const LOWEST = -1e30;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.heads;
  let head = index % shape.heads;
  if (row >= shape.rows) { return; }
  let place = places[row];
  if (place.x >= shape.slots) { return; }
  // Key j has slot own + j from the first own one on.
  let own = place.w - place.z;
  let last = place.x - own;
  let stride = shape.kv_heads * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let base = kv_head * ${DIM4}u;
  let source = row * (shape.heads + 2u * shape.kv_heads) * ${DIM4}u + head * ${DIM4}u;
  //% if ROLL
  var q: array<vec4f, ${DIM4}>;
  var acc: array<vec4f, ${DIM4}>;
  //% else
  //% for d in 0..DIM4
  var q${d}: vec4f;
  var acc${d}: vec4f;
  //% end
  //% end
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  ${q[d]} = qkv[source + ${d}] * shape.scale;
  //% end
  var top = LOWEST;
  var sum = 0.0;
  for (var j = 0u; j <= last; j++) {
    let at = base + (j + select(own, place.y, j < place.z)) * stride;
    var dots = vec4f();
    //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
    dots += ${q[d]} * keys[at + ${d}];
    //% end
    //% include key-scalar.part.wgsl
    //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
    ${acc[d]} += p * values[at + ${d}];
    //% end
  }
  let to = (row * shape.heads + head) * ${DIM4}u;
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  o[to + ${d}] = ${acc[d]} / sum;
  //% end
  lse[row * shape.heads + head] = top + log(sum);
}
