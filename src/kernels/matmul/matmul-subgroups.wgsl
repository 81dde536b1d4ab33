enable subgroups;
// C[m, n] = op(A) op(B), f32, with the bits of matmul-lanes.wgsl, without workgroup memory or barriers. ${W * H} neighbours of a subgroup,
// which may have that size or any larger one, form a grid ${W} wide and ${H} high. Each computes ${R} x 4 outputs, a workgroup ${8 * R} x 32. Lanes side by side
// need the same rows of A, lanes one above the other the same columns of B. So of the next ${4 * P} k each loads only a share, the
// numbers of one run of four k; run by run these are shuffled along the rows and columns of the grid to all who need them.
// Forms and bindings are those of matmul-scalar.wgsl; so is the order of sums, except that NT adds one k after the other, with no dot products.

//% include product.part.wgsl

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let x = index % ${W}u;
  let y = index % ${W * H}u / ${W}u;
  // The grids of a workgroup make one of 8 x 8.
  let grid = index / ${W * H}u;
  let row = (group.y * 8u + grid / ${8 / W}u * ${H}u + y) * ${R}u;
  let col4 = group.x * 8u + grid % ${8 / W}u * ${W}u + x;
  let n4 = shape.n / 4u;
  let b_col = min(col4, n4 - 1u);
  //% for r in 0..R
  var acc${r} = vec4f();
  //% end
  // The lanes of the subgroup at which this lane's row and column of the grid begin.
  let row_lanes = lane - x;
  let col_lanes = lane - y * ${W}u;
  // The run of k that this lane loads, and the first of its vectors in that run.
  let a_run = x % ${P}u * 4u;
  let a_from = x / ${P}u * ${A}u;
  let b_run = y % ${P}u * 4u;
  let b_from = y / ${P}u * ${B}u;
  //% if FORM < 2
  //% for i in 0..A
  let a_at${i} = min(row + a_from + ${i}u, shape.m - 1u) * (shape.k / 4u);
  //% end
  //% end
  //% if FORM == 0
  //% for i in 0..B
  let b_at${i} = (4u * b_col + b_from + ${i}u) * (shape.k / 4u);
  //% end
  //% end
  let first = group.z * shape.k_slice;
  let last = min(first + shape.k_slice, shape.k);
  for (var k0 = first; k0 < last; k0 += ${4 * P}u) {
    //% for i in 0..A
    //% if FORM < 2
    let a${i} = a[a_at${i} + min(k0 + a_run, last - 4u) / 4u];
    //% else
    // Four vectors of A hold four k of four rows. Beyond the end they are zeros, which change no bit.
    let a_k${i} = k0 + a_run + (a_from + ${i}u) % 4u;
    let a_row${i} = min((row + a_from + ${i}u) / 4u, shape.m / 4u - 1u);
    let a${i} = select(vec4f(), a[min(a_k${i}, last - 1u) * (shape.m / 4u) + a_row${i}], a_k${i} < last);
    //% end
    //% end
    //% for i in 0..B
    //% if FORM == 0
    let b${i} = b[b_at${i} + min(k0 + b_run, last - 4u) / 4u];
    //% else
    let b_k${i} = k0 + b_run + b_from + ${i}u;
    let b${i} = select(vec4f(), b[min(b_k${i}, last - 1u) * n4 + b_col], b_k${i} < last);
    //% end
    //% end
    let runs = min(${P}u, (last - k0 + 3u) / 4u);
    for (var run = 0u; run < runs; run++) {
      //% for i in 0..R
      let x${i} = subgroupShuffle(a${i % A}, row_lanes + ${i / A * P}u + run);
      //% end
      //% for i in 0..4
      let y${i} = subgroupShuffle(b${i % B}, col_lanes + (${i / B * P}u + run) * ${W}u);
      //% end
      //% for k in 0..4
      {
        //% if FORM == 0
        let y = vec4f(y0[${k}], y1[${k}], y2[${k}], y3[${k}]);
        //% else
        let y = y${k};
        //% end
        //% for r in 0..R
        //% if FORM < 2
        acc${r} += x${r}[${k}] * y;
        //% else
        acc${r} += x${r - r % 4 + k}[${r % 4}] * y;
        //% end
        //% end
      }
      //% end
    }
  }
  if (col4 >= n4) { return; }
  let plane = group.z * shape.m * n4;
  //% for r in 0..R
  if (row + ${r}u < shape.m) { store(plane + (row + ${r}u) * n4 + col4, col4, acc${r}); }
  //% end
}
