// Sums of a row of C at four neighbouring columns, with the products of the next four k added. x: the row of A at these k.
fn add_run(sums: vec4f, x: vec4f, y0: vec4f, y1: vec4f, y2: vec4f, y3: vec4f) -> vec4f {
  //% if FORM == 0
  // y: of each column a row of B, at these k.
  return sums + vec4f(dot(x, y0), dot(x, y1), dot(x, y2), dot(x, y3));
  //% else
  // y: at each k the four columns.
  var next = sums;
  next += x.x * y0;
  next += x.y * y1;
  next += x.z * y2;
  next += x.w * y3;
  return next;
  //% end
}
