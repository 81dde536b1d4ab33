// Rotary position embedding, in place on the first `heads` heads of every row (queries and keys of a fused q|k|v row).
// Pairs (x[i], x[i + dim/2]) turn by the angle position * theta^(-2i/dim), read from tables made on the CPU:
// shader sines are only good to 2e-4. With BACKWARD the rotation is undone, which is its gradient.
// Bindings: 0 shape, 1 positions[rows], 2 table[max_position, dim/2] of (cos, sin), 3 x[rows, stride].
// One pair an invocation, which owns both numbers. Error: 2 2^-24 of the pair's length.

struct Shape { rows: u32, heads: u32, half: u32, stride: u32, width: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> positions: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let pairs = shape.heads * shape.half;
  let row = index / pairs;
  if (row >= shape.rows) { return; }
  let head = (index % pairs) / shape.half;
  let i = index % shape.half;
  let turn = table[positions[row] * shape.half + i];
  let at = row * shape.stride + head * 2u * shape.half + i;
  let a = x[at];
  let b = x[at + shape.half];
  //% if BACKWARD
  x[at] = a * turn.x + b * turn.y;
  x[at + shape.half] = b * turn.x - a * turn.y;
  //% else
  x[at] = a * turn.x - b * turn.y;
  x[at + shape.half] = b * turn.x + a * turn.y;
  //% end
}
