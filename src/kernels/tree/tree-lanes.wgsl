// Sums and maxima over the ${LANES} lanes that share a row, in workgroup memory: halves are added onto halves until one is left.
// Every lane of the workgroup (${THREADS} invocations) has to call these functions, with its index, and gets its row's result.
// Stands before the kernels of the variant `lanes`.

var<workgroup> tree: array<${TYPE}, ${THREADS}>;

fn tree_sum(me: u32, own: ${TYPE}) -> ${TYPE} {
  tree[me] = own;
  workgroupBarrier();
  for (var half = ${HALF}; half > 0u; half >>= 1u) {
    if (me % ${LANES}u < half) { tree[me] += tree[me + half]; }
    workgroupBarrier();
  }
  let sum = tree[me - me % ${LANES}u];
  workgroupBarrier();
  return sum;
}

fn tree_max(me: u32, own: ${TYPE}) -> ${TYPE} {
  tree[me] = own;
  workgroupBarrier();
  for (var half = ${HALF}; half > 0u; half >>= 1u) {
    if (me % ${LANES}u < half) { tree[me] = max(tree[me], tree[me + half]); }
    workgroupBarrier();
  }
  let most = tree[me - me % ${LANES}u];
  workgroupBarrier();
  return most;
}
