// C[m, n] = op(A) op(B), f32, a 4T x 4T tile of C per workgroup of T x T invocations, 4 x 4 outputs each; tiles of K along k pass
// through workgroup memory (32 T K bytes). Forms and bindings are those of matmul-scalar.wgsl. Every output adds its products one at a
// time, in the order of k, whatever T and K are.

//% include product.part.wgsl

const SIDE = ${4 * T}u;
// Tiles lie k-major, so that four neighbouring rows or columns are read together.
var<workgroup> tile_a: array<f32, ${4 * T * K}>;
var<workgroup> tile_b: array<f32, ${4 * T * K}>;

@compute @workgroup_size(${T}, ${T})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) lane: vec3u) {
  let row0 = group.y * SIDE;
  let col0 = group.x * SIDE;
  let n4 = shape.n / 4u;
  let me = lane.y * ${T}u + lane.x;
  var acc0 = vec4f();
  var acc1 = vec4f();
  var acc2 = vec4f();
  var acc3 = vec4f();
  let first = group.z * shape.k_slice;
  let last = min(first + shape.k_slice, shape.k);
  for (var k0 = first; k0 < last; k0 += ${K}u) {
    for (var i = me; i < ${T * K}u; i += ${T * T}u) {
      //% if FORM < 2
      {
        // Rows of A: each has K / 4 vectors along k.
        let row = i / ${K / 4}u;
        let k = k0 + (i % ${K / 4}u) * 4u;
        var x = vec4f();
        if (row0 + row < shape.m && k < last) { x = a[(row0 + row) * (shape.k / 4u) + k / 4u]; }
        let at = (i % ${K / 4}u) * 4u * SIDE + row;
        tile_a[at] = x.x;
        tile_a[at + SIDE] = x.y;
        tile_a[at + 2u * SIDE] = x.z;
        tile_a[at + 3u * SIDE] = x.w;
      }
      //% else
      {
        let k = i / ${T}u;
        let row4 = row0 / 4u + i % ${T}u;
        var x = vec4f();
        if (k0 + k < last && row4 < shape.m / 4u) { x = a[(k0 + k) * (shape.m / 4u) + row4]; }
        let at = k * SIDE + (i % ${T}u) * 4u;
        tile_a[at] = x.x;
        tile_a[at + 1u] = x.y;
        tile_a[at + 2u] = x.z;
        tile_a[at + 3u] = x.w;
      }
      //% end
      //% if FORM == 0
      {
        let col = i / ${K / 4}u;
        let k = k0 + (i % ${K / 4}u) * 4u;
        var y = vec4f();
        if (col0 + col < shape.n && k < last) { y = b[(col0 + col) * (shape.k / 4u) + k / 4u]; }
        let at = (i % ${K / 4}u) * 4u * SIDE + col;
        tile_b[at] = y.x;
        tile_b[at + SIDE] = y.y;
        tile_b[at + 2u * SIDE] = y.z;
        tile_b[at + 3u * SIDE] = y.w;
      }
      //% else
      {
        let k = i / ${T}u;
        let col4 = col0 / 4u + i % ${T}u;
        var y = vec4f();
        if (k0 + k < last && col4 < n4) { y = b[(k0 + k) * n4 + col4]; }
        let at = k * SIDE + (i % ${T}u) * 4u;
        tile_b[at] = y.x;
        tile_b[at + 1u] = y.y;
        tile_b[at + 2u] = y.z;
        tile_b[at + 3u] = y.w;
      }
      //% end
    }
    workgroupBarrier();
    for (var k = 0u; k < ${K}u; k++) {
      let ra = k * SIDE + lane.y * 4u;
      let rb = k * SIDE + lane.x * 4u;
      let y = vec4f(tile_b[rb], tile_b[rb + 1u], tile_b[rb + 2u], tile_b[rb + 3u]);
      acc0 += tile_a[ra] * y;
      acc1 += tile_a[ra + 1u] * y;
      acc2 += tile_a[ra + 2u] * y;
      acc3 += tile_a[ra + 3u] * y;
    }
    workgroupBarrier();
  }
  let row = row0 + lane.y * 4u;
  let col4 = col0 / 4u + lane.x;
  if (col4 >= n4) { return; }
  let plane = group.z * shape.m * n4;
  //% for r in 0..4
  if (row + ${r}u < shape.m) { store(plane + (row + ${r}u) * n4 + col4, col4, acc${r}); }
  //% end
}
