// Gradient of attention for the queries as in attention-backward-q-lanes.wgsl and with its bits, without workgroup memory or barriers: rows,
// keys and ${L} lane(s) per row as in attention-forward-subgroups.wgsl.
enable subgroups;
diagnostic(off, subgroup_uniformity);

//% include backward-q.part.wgsl

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
  let at = row * shape.heads + head;
  let log_sum = lse[at];
  var products = vec4f();
  //% for d in 0..DIM4 / L
  let q${d} = qkv[row * stride + head * ${DIM4}u + part + ${d}u] * shape.scale;
  let g${d} = d_o[at * ${DIM4}u + part + ${d}u];
  var dq${d} = vec4f();
  products += g${d} * o[at * ${DIM4}u + part + ${d}u];
  //% end
  //% if L > 1
  let product = products.x + products.y + products.z + products.w;
  var own = 0.0;
  //% for p in 0..L
  own += subgroupShuffle(product, me - me % ${L}u + ${p}u);
  //% end
  //% else
  let own = products.x + products.y + products.z + products.w;
  //% end
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
      var scores = vec4f();
      var pulls = vec4f();
      //% for d in 0..DIM4 / L
      let key${d} = subgroupShuffle(k${d}, giver);
      scores += q${d} * key${d};
      pulls += g${d} * subgroupShuffle(v${d}, giver);
      //% end
      //% if L > 1
      let sums = vec2f(scores.x + scores.y + scores.z + scores.w, pulls.x + pulls.y + pulls.z + pulls.w);
      var both = vec2f();
      //% for p in 0..L
      both += subgroupShuffle(sums, me - me % ${L}u + ${p}u);
      //% end
      let score = both.x;
      let pull = both.y;
      //% else
      let score = scores.x + scores.y + scores.z + scores.w;
      let pull = pulls.x + pulls.y + pulls.z + pulls.w;
      //% end
      if (sees(span, row, j0 + t)) {
        let p = exp(min(score - log_sum, 0.0));
        let ds = p * (pull - own);
        //% for d in 0..DIM4 / L
        dq${d} += ds * key${d};
        //% end
      }
    }
    j0 = select(j0 + count, first.z, j0 + count == first.y);
  }
  if (own_row >= shape.rows) { return; }
  if (part == 0u) { delta[at] = own; }
  //% for d in 0..DIM4 / L
  dqkv[row * stride + head * ${DIM4}u + part + ${d}u] = dq${d} * shape.scale;
  //% end
}
