enable subgroups;
// C[m, n] = op(A) op(B), f32, for software adapters with subgroups of eight or more (lavapipe): two quads as in matmul-quads.wgsl, one above
// the other, which need the same columns of B. So B, too, is loaded once and exchanged.
//
// A lane computes R x C numbers, a workgroup of eight 2R x 4C. R is a multiple of 4, in TN it is 16; C is 4 or 8.
//
//                 C columns of B for each lane
//               +-------+-------+-------+-------+
//     R rows    | q = 0 | q = 1 | q = 2 | q = 3 |     upper quad
//               +-------+-------+-------+-------+        |  a lane and the one four away, above or below it,
//     R rows    | q = 0 | q = 1 | q = 2 | q = 3 |     lower quad       need the same columns
//     of A      +-------+-------+-------+-------+
//
// A goes round a quad by swaps: of four pieces lane q loads piece q, and x_s is piece q ^ s.
// Of what a lane needs of B the upper quad loads the first half, the lower one the second: of its columns in NT, of the next four k in NN, of
// the next two k in TN, which goes two k a step for that.
// Forms, bindings, the order of sums and so the bits are those of matmul-scalar.wgsl.
//
// PACKED: A and B stand in panels (matmul-pack.wgsl), so that what a workgroup needs for one step of k lies together. In rows that are
// thousands of numbers long it would be spread over as many pages, and cache lines of one set, as there are rows.

//% include product.part.wgsl

//% if FORM < 2
//% include run.part.wgsl

//% end
// What the upper and what the lower quad loaded, from a lane's own and the other quad's.
fn of_upper(mine: vec4f, other: vec4f, lower: bool) -> vec4f { return select(mine, other, lower); }
fn of_lower(mine: vec4f, other: vec4f, lower: bool) -> vec4f { return select(other, mine, lower); }

@compute @workgroup_size(4, 2)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let row = id.y * ${R}u;
  let col = id.x * ${C}u;
  let q = lane % 4u;
  let quad = lane / 4u % 2u;
  let lower = quad == 1u;
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

  // a_at, b_at: where what this lane loads begins. a_step, b_step: vectors from one step of k to the next.
  //% if FORM < 2
  let k4 = shape.k / 4u;
  //% for p in 0..R / 4
  //% if PACKED
  let a_at${p} = group.y * k4 * ${2 * R}u + quad * ${R}u + ${4 * p}u + q;
  //% else
  let a_at${p} = min(row + ${4 * p}u + q, shape.m - 1u) * k4;
  //% end
  //% end
  let a_step = ${1 + PACKED * (2 * R - 1)}u;
  //% else
  //% if PACKED
  let a_at = group.y * shape.k * ${R / 2}u + lane % 8u;
  let a_step = ${R / 2}u;
  //% else
  let a_step = shape.m / 4u;
  let a_at = min(row / 4u + q, a_step - 1u);
  //% end
  //% end
  //% if FORM == 0
  //% for j in 0..C / 2
  //% if PACKED
  let b_at${j} = group.x * k4 * ${4 * C}u + q * ${C}u + quad * ${C / 2}u + ${j}u;
  //% else
  let b_at${j} = min(col + quad * ${C / 2}u + ${j}u, shape.n - 1u) * k4;
  //% end
  //% end
  let b_step = ${1 + PACKED * (4 * C - 1)}u;
  //% else
  //% for v in 0..C / 4
  //% if PACKED
  let b_at${v} = group.x * shape.k * ${C}u + q * ${C / 4}u + ${v}u;
  //% else
  let b_at${v} = column${v};
  //% end
  //% end
  //% if PACKED
  let b_step = ${C}u;
  //% else
  let b_step = n4;
  //% end
  //% end

  //% if FORM < 2
  for (var i = 0u; i < k4; i++) {
    //% if FORM == 0
    //% for j in 0..C / 2
    let mine${j} = b[b_at${j} + i * b_step];
    let other${j} = subgroupShuffleXor(mine${j}, 4u);
    let y${j} = of_upper(mine${j}, other${j}, lower);
    let y${j + C / 2} = of_lower(mine${j}, other${j}, lower);
    //% end
    //% else
    //% for j in 0..2
    //% for v in 0..C / 4
    let mine${j}_${v} = b[b_at${v} + (4u * i + 2u * quad + ${j}u) * b_step];
    let other${j}_${v} = subgroupShuffleXor(mine${j}_${v}, 4u);
    let y${4 * v + j} = of_upper(mine${j}_${v}, other${j}_${v}, lower);
    let y${4 * v + j + 2} = of_lower(mine${j}_${v}, other${j}_${v}, lower);
    //% end
    //% end
    //% end
    //% for p in 0..R / 4
    {
      let x0 = a[a_at${p} + i * a_step];
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
  //% else
  let last = min((group.z + 1u) * shape.k_slice, shape.k);
  for (var i = group.z * shape.k_slice; i < last; i += 2u) {
    // Where k is odd the last step adds zeros to the sums. They begin at 0, so none is -0, and no bit changes.
    let even = i + 1u < last;
    let next = min(i + 1u, last - 1u);
    // x0, y0: of k = i; x1, y1: of the next.
    //% for v in 0..C / 4
    let loaded${v} = b[b_at${v} + select(i, next, lower) * b_step];
    let mine${v} = select(vec4f(), loaded${v}, even || !lower);
    let other${v} = subgroupShuffleXor(mine${v}, 4u);
    let y0_${v} = of_upper(mine${v}, other${v}, lower);
    let y1_${v} = of_lower(mine${v}, other${v}, lower);
    //% end
    let x0_0 = a[a_at + i * a_step];
    let x1_0 = select(vec4f(), a[a_at + next * a_step], even);
    //% for j in 0..2
    let x${j}_1 = quadSwapX(x${j}_0);
    let x${j}_2 = quadSwapY(x${j}_0);
    let x${j}_3 = quadSwapY(x${j}_1);
    //% end
    //% for s in 0..4
    //% for v in 0..C / 4
    //% for t in 0..4
    sum${4 * s + t}_${v} = sum${4 * s + t}_${v} + x0_${s}[${t}] * y0_${v} + x1_${s}[${t}] * y1_${v};
    //% end
    //% end
    //% end
  }
  //% end

  let plane = group.z * shape.m * n4;
  //% for p in 0..R / 4
  //% for r in 0..4
  {
    //% if FORM < 2
    // Sum 4p + r is of piece q ^ r of the p-th four: one row.
    let to = row + ${4 * p}u + (q ^ ${r}u);
    //% else
    // Sum 4p + r is of piece q ^ p, in it of row r.
    let to = row + 4u * (q ^ ${p}u) + ${r}u;
    //% end
    //% for v in 0..C / 4
    if (to < shape.m && col / 4u + ${v}u < n4) { store(plane + to * n4 + column${v}, column${v}, sum${4 * p + r}_${v}); }
    //% end
  }
  //% end
  //% end
}
