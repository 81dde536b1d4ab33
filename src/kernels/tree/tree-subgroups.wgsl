enable subgroups;
// Sums and maxima over the ${LANES} lanes that share a row, as in tree-lanes.wgsl and with its bits: the same halves are added onto the same
// halves. Halves that lie less than ${SUBGROUP} lanes apart are exchanged in registers, without a barrier. An exchange adds the same two numbers
// in both lanes, so in the end each has the whole sum. ${SUBGROUP} is the least size that the adapter's subgroups can have; larger ones give the
// same bits. The lanes of a subgroup have to be neighbours: where a driver numbers them otherwise, the sums are wrong and the tuner's gate
// refuses the variant. Stands before the kernels of the variant `subgroups`.

//% if LANES > SUBGROUP
var<workgroup> tree: array<${TYPE}, ${THREADS}>;
//% end

fn tree_sum(me: u32, own: ${TYPE}) -> ${TYPE} {
  var sum = own;
  //% if LANES > SUBGROUP
  tree[me] = own;
  workgroupBarrier();
  for (var half = ${HALF}; half >= ${SUBGROUP}u; half >>= 1u) {
    if (me % ${LANES}u < half) { tree[me] += tree[me + half]; }
    workgroupBarrier();
  }
  sum = tree[me - me % ${LANES}u + me % ${SUBGROUP}u];
  workgroupBarrier();
  //% end
  //% for i in 0..STEPS
  sum += subgroupShuffleXor(sum, ${FIRST}u >> ${i}u);
  //% end
  return sum;
}

fn tree_max(me: u32, own: ${TYPE}) -> ${TYPE} {
  var most = own;
  //% if LANES > SUBGROUP
  tree[me] = own;
  workgroupBarrier();
  for (var half = ${HALF}; half >= ${SUBGROUP}u; half >>= 1u) {
    if (me % ${LANES}u < half) { tree[me] = max(tree[me], tree[me + half]); }
    workgroupBarrier();
  }
  most = tree[me - me % ${LANES}u + me % ${SUBGROUP}u];
  workgroupBarrier();
  //% end
  //% for i in 0..STEPS
  most = max(most, subgroupShuffleXor(most, ${FIRST}u >> ${i}u));
  //% end
  return most;
}
