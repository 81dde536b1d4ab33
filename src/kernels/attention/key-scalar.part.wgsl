// One key of the online softmax of one row: its score joins top and sum; what was summed shrinks only where the score is a new largest one.
let score = dots.x + dots.y + dots.z + dots.w;
if (score > top) {
  let shrink = exp(top - score);
  top = score;
  sum *= shrink;
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  ${acc[d]} *= shrink;
  //% end
}
let p = exp(score - top);
sum += p;
