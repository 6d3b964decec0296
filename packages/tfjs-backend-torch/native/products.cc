// Products of matrices and tensors. Half precision multiplies in half precision; integers in float64, which is exact.
#include "call.h"
#include "storage.h"
#include "values.h"

static at::Tensor product(at::Tensor a, at::Tensor b) {
  if (!a.is_floating_point() && !b.is_floating_point()) {
    return videor1::to_int32(at::matmul(a.to(at::kDouble), b.to(at::kDouble)));
  }
  std::tie(a, b) = videor1::matched(a, b);
  if (!videor1::multiplies_wide(a)) return at::matmul(a, b);
  return videor1::like(at::matmul(videor1::as_float(a), videor1::as_float(b)), a);
}

/// a, b; [transposeA, transposeB].
KERNEL(BatchMatMul) {
  at::Tensor a = call.tensor(0), b = call.tensor(1);
  if (call.flag()) a = a.transpose(-1, -2);
  if (call.flag()) b = b.transpose(-1, -2);
  call.output(product(a, b));
}

/// Any number of tensors; [the equation's character codes].
KERNEL(Einsum) {
  std::string equation;
  for (const int64_t code : call.list()) equation.push_back(static_cast<char>(code));
  std::vector<at::Tensor> operands;
  for (size_t i = 0; i < call.count(); i++) operands.push_back(call.tensor(i));
  call.output(at::einsum(equation, operands));
}
