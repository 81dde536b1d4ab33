// Sums down the rows in blocks as in column-sums.wgsl, for GPUs: a workgroup does a strip of 16 vectors of columns, with 16 lanes to each. A
// lane adds every 16th row of its block; then a tree adds the lanes. Bindings as there.

struct Shape { rows: u32, width4: u32, block: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> g: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> planes: array<vec4f>;
//% if NORM
@group(0) @binding(3) var<storage, read> x: array<vec4f>;
@group(0) @binding(4) var<storage, read> r: array<f32>;
//% end

var<workgroup> sums: array<vec4f, 256>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let column = group.x * 16u + lane.x;
  let first = group.y * shape.block;
  let last = min(first + shape.block, shape.rows);
  let me = lane.y * 16u + lane.x;
  var sum = vec4f();
  if (column < shape.width4) {
    for (var row = first + lane.y; row < last; row += 16u) {
      //% if NORM
      sum += g[row * shape.width4 + column] * x[row * shape.width4 + column] * r[row];
      //% else
      sum += g[row * shape.width4 + column];
      //% end
    }
  }
  sums[me] = sum;
  workgroupBarrier();
  for (var half = 8u; half > 0u; half >>= 1u) {
    if (lane.y < half) { sums[me] += sums[me + 16u * half]; }
    workgroupBarrier();
  }
  if (lane.y == 0u && column < shape.width4) { planes[group.y * shape.width4 + column] = sums[me]; }
}
