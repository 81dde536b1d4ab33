// Rotary position embedding, in place on the first `heads` heads of every row (queries and keys of a fused q|k|v row).
// Pairs (x[i], x[i + dim/2]) turn by the angle position * theta^(-2i/dim), read from tables made on the CPU:
// shader sines are only good to 2e-4. With BACKWARD the rotation is undone, which is its gradient.
// Bindings: 0 shape, 1 positions[rows], 2 table[max_position, dim/2] of (cos, sin), 3 x[rows, stride].
// One invocation owns ${V} neighbouring pairs, both numbers of each (V is 4 where dim is a multiple of 8, or 2); `half` and `stride` count
// vectors of V. Error: 2 2^-24 of the pair's length.

struct Shape { rows: u32, heads: u32, half: u32, stride: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> positions: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> x: array<vec${V}f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.heads * shape.half) { return; }
  let head = id.x / shape.half;
  let i = id.x % shape.half;
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
  let at = id.y * shape.stride + head * 2u * shape.half + i;
  let a = x[at];
  let b = x[at + shape.half];
  //% if BACKWARD
  x[at] = a * cosine + b * sine;
  x[at + shape.half] = b * cosine - a * sine;
  //% else
  x[at] = a * cosine - b * sine;
  x[at + shape.half] = b * cosine + a * sine;
  //% end
}
