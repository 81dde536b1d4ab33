enable subgroups;
// C[m, n] = op(A) op(B), f32, for software adapters: a load costs them as much as sixty multiplications, an exchange between neighbours
// almost nothing. So what four neighbours along n, a quad, need alike is loaded once and passed round.
//
// A lane computes R x C numbers, a quad R x 4C, a workgroup of H quads HR x 4C. R is 16 or 32.
//
//                 C columns of B for each lane
//               +-------+-------+-------+-------+
//     R rows    | q = 0 | q = 1 | q = 2 | q = 3 |     a quad: the same rows of A for all four lanes
//     of A      +-------+-------+-------+-------+
//
// Of four pieces of A lane q loads piece q. Swaps along x (0 with 1, 2 with 3) and along y (0 with 2, 1 with 3) bring it the others:
//
//     x0 = loaded    x1 = x0 swapped along x    x2 = x0 swapped along y    x3 = x1 swapped along y
//     x_s is piece q ^ s
//
// Each lane thus meets the pieces in another order, and its sums stand in that order; only the store has to know. A piece is
// a row at four k in NT and NN, and four rows at one k in TN, as A lies there.
// A turn of the loop takes U steps: of k in TN, of four k in NT and NN, and there is a multiple of U of them. At the end of a turn
// SwiftShader stores every sum under a mask, which costs more than the addition.
// Forms, bindings, the order of sums and so the bits are those of matmul-scalar.wgsl.

//% include product.part.wgsl

//% if FORM < 2
//% include run.part.wgsl

//% end
@compute @workgroup_size(4, ${H})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let row = id.y * ${R}u;
  let col = id.x * ${C}u;
  let q = lane % 4u;
  let n4 = shape.n / 4u;
  // Past the end of C the last column or row is computed again, and not stored: no lane may leave, its neighbours need what it loads.
  //% for v in 0..C / 4
  let column${v} = min(col / 4u + ${v}u, n4 - 1u);
  //% end
  //% for r in 0..R
  //% for v in 0..C / 4
  var sum${r}_${v} = vec4f();
  //% end
  //% end
  //% if FORM < 2
  let k4 = shape.k / 4u;
  //% for p in 0..R / 4
  let a_at${p} = min(row + ${4 * p}u + q, shape.m - 1u) * k4;
  //% end
  //% if FORM == 0
  //% for j in 0..C
  let b_at${j} = min(col + ${j}u, shape.n - 1u) * k4;
  //% end
  //% end
  for (var turn = 0u; turn < k4; turn += ${U}u) {
    //% for u in 0..U
    {
      let i = turn + ${u}u;
      //% if FORM == 0
      //% for j in 0..C
      let y${j} = b[b_at${j} + i];
      //% end
      //% else
      //% for j in 0..4
      //% for v in 0..C / 4
      let y${4 * v + j} = b[(4u * i + ${j}u) * n4 + column${v}];
      //% end
      //% end
      //% end
      //% for p in 0..R / 4
      {
        let x0 = a[a_at${p} + i];
        let x1 = quadSwapX(x0);
        let x2 = quadSwapY(x0);
        let x3 = quadSwapY(x1);
        //% for s in 0..4
        //% for v in 0..C / 4
        sum${4 * p + s}_${v} = add_run(sum${4 * p + s}_${v}, x${s}, y${4 * v}, y${4 * v + 1}, y${4 * v + 2}, y${4 * v + 3});
        //% end
        //% end
      }
      //% end
    }
    //% end
  }
  //% else
  let m4 = shape.m / 4u;
  //% for p in 0..R / 16
  let rows${p} = min(row / 4u + ${4 * p}u + q, m4 - 1u);
  //% end
  let last = min((group.z + 1u) * shape.k_slice, shape.k);
  for (var i = group.z * shape.k_slice; i < last; i += ${U}u) {
    //% for u in 0..U
    {
      //% for v in 0..C / 4
      let y${v} = b[(i + ${u}u) * n4 + column${v}];
      //% end
      //% for p in 0..R / 16
      {
        let x0 = a[(i + ${u}u) * m4 + rows${p}];
        let x1 = quadSwapX(x0);
        let x2 = quadSwapY(x0);
        let x3 = quadSwapY(x1);
        //% for s in 0..4
        //% for v in 0..C / 4
        //% for t in 0..4
        sum${16 * p + 4 * s + t}_${v} += x${s}[${t}] * y${v};
        //% end
        //% end
        //% end
      }
      //% end
    }
    //% end
  }
  //% end
  // The sums go through an array, in a loop whose end is data: unrolled, the stores would be most of what has to be compiled.
  var sums: array<vec4f, ${R * C / 4}>;
  //% for r in 0..R
  //% for v in 0..C / 4
  sums[${r * C / 4 + v}] = sum${r}_${v};
  //% end
  //% end
  let plane = group.z * shape.m * n4;
  let end = min(${R}u, (shape.m + 15u) / 16u * 16u);
  for (var r = 0u; r < end; r++) {
    //% if FORM < 2
    // Sum r is of piece q ^ (r % 4) of a four: one row.
    let to = row + (r ^ q);
    //% else
    // Sum r is of piece q ^ (r / 4 % 4) of a four, in it of row r % 4.
    let to = row + (r ^ (4u * q));
    //% end
    //% for v in 0..C / 4
    if (to < shape.m && col / 4u + ${v}u < n4) { store(plane + to * n4 + column${v}, column${v}, sums[r * ${C / 4}u + ${v}u]); }
    //% end
  }
}
