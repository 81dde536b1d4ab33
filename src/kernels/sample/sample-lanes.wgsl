// Draws the next token of every sequence as in sample.wgsl, for GPUs: a workgroup of ${LANES} lanes per row, where a lane does every ${LANES}th block of four ids.
// Maxima and counts are exact in any order; a tree adds the probabilities, in an order that depends on the vocabulary only.
// Of equal scores the lower id wins, as there. Bindings as there; the text begins with a tree (tree/) and philox.wgsl.

// half_lanes is ${LANES / 2}, as data: a software driver would unroll the trees, and the searches around them.
struct Shape { rows: u32, vocabulary: u32, stride: u32, budget: u32, eos: u32, across: u32, half_lanes: u32, inverse_temperature: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> settings: array<u32>;
@group(0) @binding(4) var<storage, read_write> state: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> logprobs: array<f32>;

const LOWEST = -1e30;
var<workgroup> bests: array<f32, ${LANES}>;
var<workgroup> ids: array<u32, ${LANES}>;
var<workgroup> mine: array<u32, 4>;

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

// Sum of e^(u - top) over the tokens from a threshold on.
fn mass_from(lane: u32, at: u32, top: f32, threshold: u32) -> f32 {
  var sum = 0.0;
  for (var j = lane; j < shape.vocabulary; j += ${LANES}u) {
    let u = logits[at + j] * shape.inverse_temperature;
    if (ordered(u) >= threshold) { sum += exp(max(u - top, -80.0)); }
  }
  return tree_sum(lane, sum);
}

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  // A group beyond the rows, or of a finished sequence, draws as well and writes nothing: nobody returns before a barrier.
  let place = group.y * shape.across + group.x;
  let row = min(place, shape.rows - 1u);
  let sequence = active_rows[row];
  if (lane < 4u) { mine[lane] = state[sequence][lane]; }
  let s = workgroupUniformLoad(&mine);
  let at = row * shape.stride;
  var top = LOWEST;
  for (var j = lane; j < shape.vocabulary; j += ${LANES}u) { top = max(top, logits[at + j] * shape.inverse_temperature); }
  top = tree_max(lane, top);
  let mass = mass_from(lane, at, top, 0u);

  var floor_bits = 0u;
  //% if FILTERS
  let top_k = settings[2];
  if (top_k > 0u && top_k < shape.vocabulary) {
    var threshold = 0u;
    for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
      var count = 0u;
      for (var j = lane; j < shape.vocabulary; j += ${LANES}u) {
        if (ordered(logits[at + j] * shape.inverse_temperature) >= (threshold | bit)) { count += 1u; }
      }
      // Whole numbers this small are exact as floats.
      if (tree_sum(lane, f32(count)) >= f32(top_k)) { threshold |= bit; }
    }
    floor_bits = threshold;
  }
  let top_p = bitcast<f32>(settings[3]);
  if (top_p < 1.0) {
    let kept = mass_from(lane, at, top, floor_bits);
    var threshold = 0u;
    for (var bit = 0x80000000u; bit > 0u; bit >>= 1u) {
      if (mass_from(lane, at, top, max(floor_bits, threshold | bit)) >= top_p * kept) { threshold |= bit; }
    }
    floor_bits = max(floor_bits, threshold);
  }
  let log_min_p = bitcast<f32>(settings[4]);
  if (log_min_p > -80.0) { floor_bits = max(floor_bits, ordered(top + log_min_p)); }
  // The most likely token always stays.
  floor_bits = min(floor_bits, ordered(top));
  //% end

  var best = LOWEST;
  var chosen = 0xffffffffu;
  for (var block = lane; 4u * block < shape.vocabulary; block += ${LANES}u) {
    var noise = vec4f();
    if (settings[5] == 0u) {
      noise = gumbel(philox(vec4u(s[1], block, s[3], 0u), vec2u(settings[0], settings[1])));
    }
    for (var i = 0u; i < 4u; i++) {
      let j = 4u * block + i;
      if (j >= shape.vocabulary) { continue; }
      let u = logits[at + j] * shape.inverse_temperature;
      let score = u + noise[i];
      if (ordered(u) >= floor_bits && score > best) {
        best = score;
        chosen = j;
      }
    }
  }
  bests[lane] = best;
  ids[lane] = chosen;
  workgroupBarrier();
  for (var half = shape.half_lanes; half > 0u; half >>= 1u) {
    if (lane < half) {
      let score = bests[lane + half];
      let id = ids[lane + half];
      if (score > bests[lane] || (score == bests[lane] && id < ids[lane])) {
        bests[lane] = score;
        ids[lane] = id;
      }
    }
    workgroupBarrier();
  }
  if (lane > 0u || place >= shape.rows || s[2] == 0u) { return; }
  // Where no score was above the lowest, the first id is taken, as in sample.wgsl.
  let token = select(ids[0], 0u, ids[0] == 0xffffffffu);
  let slot = sequence * shape.budget + shape.budget - s[2];
  tokens[slot] = token;
  logprobs[slot] = logits[at + token] * shape.inverse_temperature - top - log(mass);
  let remaining = select(s[2] - 1u, 0u, token == shape.eos);
  state[sequence] = vec4u(token, s[1] + 1u, remaining, s[3]);
}
