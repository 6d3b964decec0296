// Matrix products.
#include "call.h"

KERNEL(BatchMatMul) {
  auto [a, b] = videor1::matched(call.tensor(0), call.tensor(1));
  if (call.flag()) a = a.transpose(-1, -2);
  if (call.flag()) b = b.transpose(-1, -2);
  call.output(at::matmul(a, b));
}
