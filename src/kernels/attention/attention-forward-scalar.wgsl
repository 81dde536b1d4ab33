// Causal grouped-query attention over a packed batch, one (token, query head) per invocation, which reads the keys straight from memory:
//   o_i = sum_j p_ij v_j,  p_ij = exp(q_i . k_j / sqrt(dim) - lse_i)   over j from the start of i's segment to i
// with an online softmax, key by key (Milakov & Gimelshein 2018): what was summed shrinks only when a new largest score appears, so
// the sums have the same bits however the keys are cut into blocks. Nothing of size T x T is stored.
// Error: about 1e-6 of max |v| (exp) + dim 2^-24 in the scores.

//% include forward.part.wgsl

// Below any real score, and finite.
const LOWEST = -1e30;

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
  //% if ROLL
  var q: array<vec4f, ${DIM4}>;
  var acc: array<vec4f, ${DIM4}>;
  //% else
  //% for d in 0..DIM4
  var q${d}: vec4f;
  var acc${d}: vec4f;
  //% end
  //% end
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  ${q[d]} = qkv[row * stride + head * ${DIM4}u + ${d}] * shape.scale;
  //% end
  var top = LOWEST;
  var sum = 0.0;
  let span = spans[row];
  for (var j = span.z; j <= row; j = next_key(span, j)) {
    var dots = vec4f();
    //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
    dots += ${q[d]} * qkv[j * stride + key_at + ${d}];
    //% end
    //% include key-scalar.part.wgsl
    //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
    ${acc[d]} += p * qkv[j * stride + value_at + ${d}];
    //% end
  }
  let to = (row * shape.heads + head) * ${DIM4}u;
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  o[to + ${d}] = ${acc[d]} / sum;
  //% end
  lse[row * shape.heads + head] = top + log(sum);
}
