// Gradient of attention for the queries, one (token, query head) per invocation; p is computed again from the saved lse:
//   delta_i = do_i . o_i;  ds_ij = p_ij (do_i . v_j - delta_i);  dq_i = scale sum_j ds_ij k_j

//% include backward-q.part.wgsl

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.heads;
  let head = index % shape.heads;
  if (row >= shape.rows) { return; }
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let key_at = (shape.heads + kv_head) * ${DIM4}u;
  let value_at = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  let source = (row * shape.heads + head) * ${DIM4}u;
  var products = vec4f();
  //% if ROLL
  var q: array<vec4f, ${DIM4}>;
  var k: array<vec4f, ${DIM4}>;
  var g: array<vec4f, ${DIM4}>;
  var dq: array<vec4f, ${DIM4}>;
  //% else
  //% for d in 0..DIM4
  var q${d}: vec4f;
  var k${d}: vec4f;
  var g${d}: vec4f;
  var dq${d}: vec4f;
  //% end
  //% end
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  ${q[d]} = qkv[row * stride + head * ${DIM4}u + ${d}] * shape.scale;
  ${g[d]} = d_o[source + ${d}];
  products += ${g[d]} * o[source + ${d}];
  //% end
  let own = products.x + products.y + products.z + products.w;
  delta[row * shape.heads + head] = own;
  let log_sum = lse[row * shape.heads + head];
  let span = spans[row];
  for (var j = span.z; j <= row; j = next_key(span, j)) {
    var scores = vec4f();
    var pulls = vec4f();
    //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
    ${k[d]} = qkv[j * stride + key_at + ${d}];
    scores += ${q[d]} * ${k[d]};
    pulls += ${g[d]} * qkv[j * stride + value_at + ${d}];
    //% end
    let p = exp(min(scores.x + scores.y + scores.z + scores.w - log_sum, 0.0));
    let ds = p * (pulls.x + pulls.y + pulls.z + pulls.w - own);
    //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
    ${dq[d]} += ds * ${k[d]};
    //% end
  }
  let to = row * stride + head * ${DIM4}u;
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  dqkv[to + ${d}] = ${dq[d]} * shape.scale;
  //% end
}
