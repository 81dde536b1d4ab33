// Copies an operand of matmul-octets.wgsl into panels: panel p holds, step of k by step of k, the `width` vectors that its
// workgroups load in one step. Panels past the operand's end are filled with its last row or column, whose products are not stored.
//
// ROWS: the operand's rows run along k, and a step takes one vector from each of `width` rows. Otherwise a step takes `width` neighbouring
// vectors of a row. steps: vectors in a row if ROWS, else rows. lines: rows if ROWS, else vectors in a row. The width is data: with a
// constant one, drivers unroll the loop.

struct Panels { steps: u32, lines: u32, width: u32 }
@group(0) @binding(0) var<uniform> panels: Panels;
@group(0) @binding(1) var<storage, read> operand: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let step = id.x;
  if (step >= panels.steps) { return; }
  let to = (id.y * panels.steps + step) * panels.width;
  for (var w = 0u; w < panels.width; w++) {
    let line = min(id.y * panels.width + w, panels.lines - 1u);
    //% if ROWS
    packed[to + w] = operand[line * panels.steps + step];
    //% else
    packed[to + w] = operand[step * panels.lines + line];
    //% end
  }
}
