// Draws the next token of every sequence from a row of logits, by Gumbel-max: argmax_j (z_j / temperature + g_j) among the tokens
// that the filters keep (temperature, then top-k, top-p, min-p), ties to the lower id. One row per invocation.
//
// Noise: g = -log E, E = -log(1 - v) with v in (0, 1) from 23 bits of Philox4x32-10 (Salmon et al. 2011), counted by
// (position of the token, block of four ids, sequence uid, 0) and keyed by the run. The draw depends on nothing else: not on the batch,
// and not on which sequences are finished. Small v win; there E is summed as a series, because log is inexact near 1.
//
// Thresholds of top-k and top-p are found exactly, by bisection over the ordered bits of the logits: 32 counts, no sort.
//
// Bindings: 0 shape, 1 active[rows] (sequence of each row), 2 logits[rows, stride], 3 settings (key lo, key hi, top_k, bits of top_p,
// bits of log min_p, greedy), 4 state[sequences] of (token, position, remaining, uid), 5 tokens[sequences, budget],
// 6 logprobs[sequences, budget] of the unfiltered distribution. A row whose sequence has nothing remaining does nothing. The text begins
// with philox.wgsl.

struct Shape { rows: u32, vocabulary: u32, stride: u32, budget: u32, eos: u32, inverse_temperature: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> settings: array<u32>;
@group(0) @binding(4) var<storage, read_write> state: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> logprobs: array<f32>;

const LOWEST = -1e30;

fn gumbel(bits: vec4u) -> vec4f {
  let v = (vec4f(bits >> vec4u(9u)) + 0.5) * 1.1920929e-7;
  let series = v * (1.0 + v * (0.5 + v * (0.33333334 + v * 0.25)));
  let e = select(-log(1.0 - v), series, v < vec4f(0.00390625));
  return -log(e);
}

// Bits of a float, reordered so that they compare as the floats do.
fn ordered(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  let sequence = active_rows[id.x];
  let s = state[sequence];
  if (s.z == 0u) { return; }
  let at = id.x * shape.stride;
  var top = LOWEST;
  for (var j = 0u; j < shape.vocabulary; j++) { top = max(top, logits[at + j] * shape.inverse_temperature); }
  var mass = 0.0;
  for (var j = 0u; j < shape.vocabulary; j++) { mass += exp(max(logits[at + j] * shape.inverse_temperature - top, -80.0)); }

  var floor_bits = 0u;
  //% if FILTERS
  let top_k = settings[2];
  if (top_k > 0u && top_k < shape.vocabulary) {
    var threshold = 0u;
    for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
      var count = 0u;
      for (var j = 0u; j < shape.vocabulary; j++) {
        if (ordered(logits[at + j] * shape.inverse_temperature) >= (threshold | bit)) { count += 1u; }
      }
      if (count >= top_k) { threshold |= bit; }
    }
    floor_bits = threshold;
  }
  let top_p = bitcast<f32>(settings[3]);
  if (top_p < 1.0) {
    var kept = 0.0;
    for (var j = 0u; j < shape.vocabulary; j++) {
      let u = logits[at + j] * shape.inverse_temperature;
      if (ordered(u) >= floor_bits) { kept += exp(max(u - top, -80.0)); }
    }
    var threshold = 0u;
    for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
      var held = 0.0;
      for (var j = 0u; j < shape.vocabulary; j++) {
        let u = logits[at + j] * shape.inverse_temperature;
        if (ordered(u) >= max(floor_bits, threshold | bit)) { held += exp(max(u - top, -80.0)); }
      }
      if (held >= top_p * kept) { threshold |= bit; }
    }
    floor_bits = max(floor_bits, threshold);
  }
  let log_min_p = bitcast<f32>(settings[4]);
  if (log_min_p > -80.0) { floor_bits = max(floor_bits, ordered(top + log_min_p)); }
  // The most likely token always stays.
  floor_bits = min(floor_bits, ordered(top));
  //% end

  var best = LOWEST;
  var chosen = 0u;
  var chosen_u = 0.0;
  for (var block = 0u; 4u * block < shape.vocabulary; block++) {
    var noise = vec4f();
    if (settings[5] == 0u) {
      noise = gumbel(philox(vec4u(s.y, block, s.w, 0u), vec2u(settings[0], settings[1])));
    }
    for (var i = 0u; i < 4u; i++) {
      let j = 4u * block + i;
      if (j >= shape.vocabulary) { continue; }
      let u = logits[at + j] * shape.inverse_temperature;
      let score = u + noise[i];
      if (ordered(u) >= floor_bits && score > best) {
        best = score;
        chosen = j;
        chosen_u = u;
      }
    }
  }
  let slot = sequence * shape.budget + shape.budget - s.z;
  tokens[slot] = chosen;
  logprobs[slot] = chosen_u - top - log(mass);
  let remaining = select(s.z - 1u, 0u, chosen == shape.eos);
  state[sequence] = vec4u(chosen, s.y + 1u, remaining, s.w);
}
