// Causal grouped-query attention as in attention-forward-lanes.wgsl and with its bits, without workgroup memory or barriers: ${L} lane(s) of
// a subgroup share a row, and the subgroup walks the keys that any of its own rows sees in blocks of as many as it has rows. Each lane
// loads its part of one key and value into registers, and one by one these are shuffled to all. Rows, heads and the order of sums are
// the same as there; with one lane to a row that is also the scalar kernel's order (variant `neighbours`). Lanes that share a row have to
// be neighbours in a subgroup, which may be of any size from ${L} on.
enable subgroups;
// The bounds of the loops are minima and maxima of a subgroup, so they are the same in all of it. The compiler's analysis does not see that.
diagnostic(off, subgroup_uniformity);

//% include forward.part.wgsl

const LOWEST = -1e30;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) me: u32,
) {
  let head = group.y;
  let own_row = group.x * ${64 / L}u + lane / ${L}u;
  let row = min(own_row, shape.rows - 1u);
  let part = me % ${L}u * ${DIM4 / L}u;
  let span = spans[row];
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let key_at = (shape.heads + kv_head) * ${DIM4}u + part;
  let value_at = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u + part;
  //% for d in 0..DIM4 / L
  let q${d} = qkv[row * stride + head * ${DIM4}u + part + ${d}u] * shape.scale;
  var acc${d} = vec4f();
  //% end
  var top = LOWEST;
  var sum = 0.0;
  // As many keys as there are lanes at work: fewer than the subgroup's size where that exceeds the workgroup's.
  let block = (subgroupMax(me) + 1u) / ${L}u;
  // Those of the first row: all three grow with the row.
  let first = vec3u(subgroupMin(span.z), subgroupMin(span.w), subgroupMin(span.x));
  let last = subgroupMax(row);
  var j0 = first.x;
  while (j0 <= last) {
    // A block ends where the first row's shared prompt does; nobody sees anything between that and its segment.
    let past = select(last + 1u, first.y, j0 < first.y);
    let source = min(j0 + me / ${L}u, past - 1u) * stride;
    //% for d in 0..DIM4 / L
    let k${d} = qkv[source + key_at + ${d}u];
    let v${d} = qkv[source + value_at + ${d}u];
    //% end
    let count = min(block, past - j0);
    for (var t = 0u; t < count; t++) {
      let giver = t * ${L}u + me % ${L}u;
      var dots = vec4f();
      //% for d in 0..DIM4 / L
      dots += q${d} * subgroupShuffle(k${d}, giver);
      let value${d} = subgroupShuffle(v${d}, giver);
      //% end
      //% if L > 1
      let dot = dots.x + dots.y + dots.z + dots.w;
      var score = 0.0;
      //% for p in 0..L
      score += subgroupShuffle(dot, me - me % ${L}u + ${p}u);
      //% end
      //% else
      let score = dots.x + dots.y + dots.z + dots.w;
      //% end
      if (sees(span, row, j0 + t)) {
        if (score > top) {
          let shrink = exp(top - score);
          top = score;
          sum *= shrink;
          //% for d in 0..DIM4 / L
          acc${d} *= shrink;
          //% end
        }
        let p = exp(score - top);
        sum += p;
        //% for d in 0..DIM4 / L
        acc${d} += p * value${d};
        //% end
      }
    }
    j0 = select(j0 + count, first.z, j0 + count == first.y);
  }
  if (own_row >= shape.rows) { return; }
  let at = row * shape.heads + head;
  //% for d in 0..DIM4 / L
  o[at * ${DIM4}u + part + ${d}u] = acc${d} / sum;
  //% end
  if (part == 0u) { lse[at] = top + log(sum); }
}
