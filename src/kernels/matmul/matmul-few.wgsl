// C[m, n] = A B^T, f32, for the few rows of a step of decoding, on GPUs. A tile of 64 x 64 would leave most of such a product's lanes without a row
// and most of the GPU without a workgroup. So a workgroup of 64 lanes computes 16 x 16 outputs, a lane four columns of one row. Tiles of ${K}
// along k pass through workgroup memory (${128 * K} bytes), so a narrow model needs one or two pairs of barriers.
// NT only: A[m, k], B[n, k]. Bindings and the order of sums, and so the bits, are those of matmul-lanes.wgsl.

//% include product.part.wgsl

// Tiles lie k-major. Neighbouring lanes load the same k of neighbouring lines, so that they write neighbouring words.
var<workgroup> tile_a: array<f32, ${16 * K}>;
var<workgroup> tile_b: array<f32, ${16 * K}>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row0 = group.y * 16u;
  let col0 = group.x * 16u;
  let n4 = shape.n / 4u;
  let k4 = shape.k / 4u;
  let line = lane % 16u;
  // Lines past the end repeat the last one. No output that is stored reads them.
  let a_at = min(row0 + line, shape.m - 1u) * k4;
  let b_at = min(col0 + line, shape.n - 1u) * k4;
  let row = lane / 4u;
  let column = lane % 4u;
  var acc = vec4f();
  for (var k0 = 0u; k0 < k4; k0 += ${K / 4}u) {
    let steps = min(${K / 4}u, k4 - k0);
    for (var i = lane / 16u; i < steps; i += 4u) {
      let x = a[a_at + k0 + i];
      let y = b[b_at + k0 + i];
      let at = i * 64u + line;
      //% for j in 0..4
      tile_a[at + ${16 * j}u] = x[${j}];
      tile_b[at + ${16 * j}u] = y[${j}];
      //% end
    }
    workgroupBarrier();
    for (var k = 0u; k < 4u * steps; k++) {
      let at = k * 16u + column * 4u;
      acc += tile_a[k * 16u + row] * vec4f(tile_b[at], tile_b[at + 1u], tile_b[at + 2u], tile_b[at + 3u]);
    }
    workgroupBarrier();
  }
  let col4 = col0 / 4u + column;
  if (row0 + row < shape.m && col4 < n4) { store((row0 + row) * n4 + col4, col4, acc); }
}
