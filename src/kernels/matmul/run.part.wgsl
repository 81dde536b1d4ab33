// Sums of a row of C at four neighbouring columns, with the products of the next four k added. x: the row of A at these k.
fn add_run(sums: vec4f, x: vec4f, y0: vec4f, y1: vec4f, y2: vec4f, y3: vec4f) -> vec4f {
  //% if DOT
  // y: of each column a row of B, at these k.
  return sums + vec4f(dot(x, y0), dot(x, y1), dot(x, y2), dot(x, y3));
  //% else
  var next = sums;
  //% if FORM == 0
  // y: as above, but each product is added by itself, as `lanes` does.
  next += x.x * vec4f(y0.x, y1.x, y2.x, y3.x);
  next += x.y * vec4f(y0.y, y1.y, y2.y, y3.y);
  next += x.z * vec4f(y0.z, y1.z, y2.z, y3.z);
  next += x.w * vec4f(y0.w, y1.w, y2.w, y3.w);
  //% else
  // y: at each k the four columns.
  next += x.x * y0;
  next += x.y * y1;
  next += x.z * y2;
  next += x.w * y3;
  //% end
  return next;
  //% end
}
