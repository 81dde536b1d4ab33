// Gradient of attention for keys and values as in attention-backward-kv-lanes.wgsl and with its bits, without workgroup memory or barriers:
// ${L} lane(s) of a subgroup share a key, and the subgroup walks the queries that see any of its own keys, head by head of their group, as
// attention-forward-subgroups.wgsl walks keys.
enable subgroups;
diagnostic(off, subgroup_uniformity);

//% include backward-kv.part.wgsl

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) me: u32,
) {
  let kv_head = group.y;
  let own_row = group.x * ${64 / L}u + lane / ${L}u;
  let row = min(own_row, shape.rows - 1u);
  let part = me % ${L}u * ${DIM4 / L}u;
  let end = min(spans[row].y, shape.rows);
  let share = shape.heads / shape.kv_heads;
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let k_at = row * stride + (shape.heads + kv_head) * ${DIM4}u + part;
  let v_at = row * stride + (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u + part;
  //% for d in 0..DIM4 / L
  let k${d} = qkv[k_at + ${d}u] * shape.scale;
  let v${d} = qkv[v_at + ${d}u];
  var dk${d} = vec4f();
  var dv${d} = vec4f();
  //% end
  let block = (subgroupMax(me) + 1u) / ${L}u;
  let first = subgroupMin(row);
  let past = subgroupMax(end);
  for (var head = kv_head * share; head < (kv_head + 1u) * share; head++) {
    for (var i0 = first; i0 < past; i0 += block) {
      let i = min(i0 + me / ${L}u, past - 1u);
      let at = i * shape.heads + head;
      let stats = vec2f(lse[at], delta[at]);
      //% for d in 0..DIM4 / L
      let q${d} = qkv[i * stride + head * ${DIM4}u + part + ${d}u];
      let g${d} = d_o[at * ${DIM4}u + part + ${d}u];
      //% end
      let count = min(block, past - i0);
      for (var t = 0u; t < count; t++) {
        let giver = t * ${L}u + me % ${L}u;
        let own = subgroupShuffle(stats, giver);
        var scores = vec4f();
        var pulls = vec4f();
        //% for d in 0..DIM4 / L
        let query${d} = subgroupShuffle(q${d}, giver);
        let grad${d} = subgroupShuffle(g${d}, giver);
        scores += k${d} * query${d};
        pulls += v${d} * grad${d};
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
        if (i0 + t >= row && i0 + t < end) {
          let p = exp(min(score - own.x, 0.0));
          let ds = p * (pull - own.y);
          //% for d in 0..DIM4 / L
          dv${d} += p * grad${d};
          dk${d} += ds * query${d};
          //% end
        }
      }
    }
  }
  if (own_row >= shape.rows) { return; }
  //% for d in 0..DIM4 / L
  dqkv[k_at + ${d}u] = dk${d} * shape.scale;
  dqkv[v_at + ${d}u] = dv${d};
  //% end
}
