// Element by element, of two or more tensors that broadcast.
#include "call.h"
#include "values.h"

using videor1::in_float;

#define BINARY(name, function) \
  KERNEL(name) { call.output(at::function(call.tensor(0), call.tensor(1))); }

BINARY(Add, add)
BINARY(Sub, sub)
BINARY(Multiply, mul)
BINARY(Maximum, maximum)
BINARY(Minimum, minimum)
BINARY(Equal, eq)
BINARY(NotEqual, ne)
BINARY(Greater, gt)
BINARY(GreaterEqual, ge)
BINARY(Less, lt)
BINARY(LessEqual, le)
BINARY(LogicalAnd, logical_and)
BINARY(LogicalOr, logical_or)
BINARY(LogicalXor, logical_xor)
BINARY(BitwiseAnd, bitwise_and)

#define BINARY_IN_FLOAT(name, function)                                                            \
  KERNEL(name) {                                                                                   \
    call.output(in_float(call.tensor(0), call.tensor(1),                                           \
                         [](const at::Tensor& a, const at::Tensor& b) { return at::function(a, b); })); \
  }

BINARY_IN_FLOAT(RealDiv, div)
BINARY_IN_FLOAT(Mod, remainder)
BINARY_IN_FLOAT(Pow, pow)
BINARY_IN_FLOAT(Atan2, atan2)

/// int32 whatever the inputs are.
KERNEL(FloorDiv) {
  call.output(videor1::to_int32(at::floor(at::div(call.tensor(0).to(at::kDouble), call.tensor(1).to(at::kDouble)))));
}

KERNEL(SquaredDifference) {
  const at::Tensor difference = at::sub(call.tensor(0), call.tensor(1));
  call.output(at::mul(difference, difference));
}

KERNEL(Prelu) {
  const auto& x = call.tensor(0);
  call.output(at::where(at::lt(x, 0), at::mul(x, call.tensor(1)), x));
}

KERNEL(AddN) {
  at::Tensor sum = call.tensor(0);
  for (size_t i = 1; i < call.count(); i++) sum = at::add(sum, call.tensor(i));
  call.output(call.count() == 1 ? sum.clone() : sum);
}

/// condition, t, e.
KERNEL(Select) { call.output(at::where(call.tensor(0).to(at::kBool), call.tensor(1), call.tensor(2))); }

/// x, mean, variance, offset or none, scale or none; (epsilon): (x - mean) / sqrt(variance + epsilon) scale + offset.
KERNEL(FusedBatchNorm) {
  at::Tensor factor = at::rsqrt(at::add(call.tensor(2), call.number()));
  if (call.has(4)) factor = at::mul(factor, call.tensor(4));
  const at::Tensor y = at::mul(at::sub(call.tensor(0), call.tensor(1)), factor);
  call.output(call.has(3) ? at::add(y, call.tensor(3)) : y);
}
