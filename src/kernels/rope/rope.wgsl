// Rotary position embedding, in place on the first `heads` heads of every row (queries and keys of a fused q|k|v row).
// Pairs (x[i], x[i + dim/2]) turn by the angle position * theta^(-2i/dim), read from tables made on the CPU:
// shader sines are only good to 2e-4. With BACKWARD the rotation is undone, which is its gradient.
// With APPEND the row's keys, once turned, and its values also go into its slot of a cache, in the same visit. A slot past the end is
// dropped, so a finished sequence or a padding row writes nothing there.
// Bindings: 0 shape, 1 positions[rows], 2 table[max_position, dim/2] of (cos, sin), 3 x[rows, stride]; with APPEND 4 places[rows] of (slot,
// shared_first, shared_count, own_first), of which only the slot is read here, 5 keys[slots, kv_heads dim], 6 values (as keys).
// One invocation owns ${V} neighbouring pairs, both numbers of each (V is 4 where dim is a multiple of 8, or 2); `half` and `stride` count
// vectors of V. Error: 2 2^-24 of the pair's length; copies are exact.

//% if APPEND
struct Shape { rows: u32, heads: u32, half: u32, stride: u32, kv_heads: u32, slots: u32 }
//% else
struct Shape { rows: u32, heads: u32, half: u32, stride: u32 }
//% end
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> positions: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> x: array<vec${V}f>;
//% if APPEND
@group(0) @binding(4) var<storage, read> places: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> keys: array<vec${V}f>;
@group(0) @binding(6) var<storage, read_write> values: array<vec${V}f>;
//% end

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  //% if APPEND
  let heads = shape.heads + shape.kv_heads;
  //% else
  let heads = shape.heads;
  //% end
  if (id.y >= shape.rows || id.x >= heads * shape.half) { return; }
  let head = id.x / shape.half;
  let i = id.x % shape.half;
  let at = id.y * shape.stride + head * 2u * shape.half + i;
  let a = x[at];
  let b = x[at + shape.half];
  //% if APPEND
  let slot = places[id.y].x;
  let kept = slot < shape.slots;
  let to = slot * shape.kv_heads * 2u * shape.half + i;
  if (head >= shape.heads) {
    if (kept) {
      let value = to + (head - shape.heads) * 2u * shape.half;
      values[value] = a;
      values[value + shape.half] = b;
    }
    return;
  }
  //% end
  let angle = positions[id.y] * shape.half + i;
  //% if V == 4
  let first = table[2u * angle];
  let second = table[2u * angle + 1u];
  let cosine = vec4f(first.xz, second.xz);
  let sine = vec4f(first.yw, second.yw);
  //% else
  let cosine = table[angle].xz;
  let sine = table[angle].yw;
  //% end
  //% if BACKWARD
  let turned_a = a * cosine + b * sine;
  let turned_b = b * cosine - a * sine;
  //% else
  let turned_a = a * cosine - b * sine;
  let turned_b = b * cosine + a * sine;
  //% end
  x[at] = turned_a;
  x[at + shape.half] = turned_b;
  //% if APPEND
  if (kept && head + shape.kv_heads >= shape.heads) {
    let key = to + (head + shape.kv_heads - shape.heads) * 2u * shape.half;
    keys[key] = turned_a;
    keys[key + shape.half] = turned_b;
  }
  //% end
}
