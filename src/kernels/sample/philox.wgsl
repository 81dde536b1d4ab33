// Philox4x32-10: the integer-equal twin of philox.ts, which names the source and is checked against known answers. Stands before sample.wgsl and sample-lanes.wgsl.

// High and low word of a 32 x 32 bit product, from 16-bit halves.
fn product(a: u32, b: u32) -> vec2u {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let mid = a1 * b0 + (low >> 16u);
  let cross = a0 * b1 + (mid & 0xffffu);
  return vec2u(a1 * b1 + (mid >> 16u) + (cross >> 16u), a * b);
}

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    let p0 = product(${MULTIPLIER0}u, c.x);
    let p1 = product(${MULTIPLIER1}u, c.z);
    c = vec4u(p1.x ^ c.y ^ k.x, p1.y, p0.x ^ c.w ^ k.y, p0.y);
    k += vec2u(${INCREMENT0}u, ${INCREMENT1}u);
  }
  return c;
}
