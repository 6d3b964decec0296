// Element by element, of one tensor. The result has x's dtype, as in tfjs, unless a kernel says otherwise.
#include <limits>

#include "call.h"
#include "values.h"

using videor1::in_float;

#define UNARY(name, function) \
  KERNEL(name) { call.output(in_float(call.tensor(0), [](const at::Tensor& x) { return at::function(x); })); }

UNARY(Acos, acos)
UNARY(Acosh, acosh)
UNARY(Asin, asin)
UNARY(Asinh, asinh)
UNARY(Atan, atan)
UNARY(Atanh, atanh)
UNARY(Ceil, ceil)
UNARY(Cos, cos)
UNARY(Cosh, cosh)
UNARY(Erf, erf)
UNARY(Expm1, expm1)
UNARY(Floor, floor)
UNARY(Log, log)
UNARY(Log1p, log1p)
UNARY(Reciprocal, reciprocal)
UNARY(Round, round)
UNARY(Rsqrt, rsqrt)
UNARY(Sigmoid, sigmoid)
UNARY(Sin, sin)
UNARY(Sinh, sinh)
UNARY(Softplus, softplus)
UNARY(Sqrt, sqrt)
UNARY(Tan, tan)
UNARY(Tanh, tanh)
UNARY(Elu, elu)
UNARY(Selu, selu)

KERNEL(Abs) { call.output(at::abs(call.tensor(0))); }
KERNEL(Neg) { call.output(at::neg(call.tensor(0))); }
KERNEL(Relu) { call.output(at::relu(call.tensor(0))); }
KERNEL(Square) { call.output(at::mul(call.tensor(0), call.tensor(0))); }

KERNEL(Exp) {
  const auto& x = call.tensor(0);
  call.output(at::exp(x.is_floating_point() ? x : x.to(at::kFloat)));
}

KERNEL(Sign) {
  const auto& x = call.tensor(0);
  call.output(at::sub(at::gt(x, 0).to(x.scalar_type()), at::lt(x, 0).to(x.scalar_type())));  // of NaN: 0
}

KERNEL(Relu6) { call.output(at::clamp(call.tensor(0), 0, 6)); }

KERNEL(LeakyRelu) { call.output(at::leaky_relu(call.tensor(0).to(at::kFloat), call.number())); }

KERNEL(Step) {
  const auto& x = call.tensor(0);
  const double alpha = call.number();
  const at::Tensor y = at::where(at::gt(x, 0), at::ones({}, x.options()), at::full({}, alpha, x.options()));
  call.output(x.is_floating_point() ? at::where(at::isnan(x), x, y) : y);
}

KERNEL(ClipByValue) {
  const auto& x = call.tensor(0);
  const double low = call.number(), high = call.number();
  call.output(in_float(x, [&](const at::Tensor& y) { return at::clamp(y, low, high); }));
}

KERNEL(IsNan) { call.output(at::isnan(call.tensor(0))); }
KERNEL(IsInf) { call.output(at::isinf(call.tensor(0))); }
KERNEL(IsFinite) { call.output(at::isfinite(call.tensor(0))); }
KERNEL(LogicalNot) { call.output(at::logical_not(call.tensor(0))); }
KERNEL(ZerosLike) { call.output(at::zeros_like(call.tensor(0))); }
KERNEL(OnesLike) { call.output(at::ones_like(call.tensor(0))); }

KERNEL(EluGrad) {
  const auto& dy = call.tensor(0);
  const auto& y = call.tensor(1);
  call.output(at::where(at::ge(y, 0), dy, at::mul(dy, at::add(y, 1))));
}

/// [dtype]: 0 float32, 1 int32, 2 bool.
KERNEL(Cast) {
  const auto& x = call.tensor(0);
  switch (call.integer()) {
    case 0: return call.output(x.is_floating_point() ? x : x.to(at::kFloat));
    case 1: return call.output(videor1::to_int32(x));
    default: return call.output(at::ne(x, 0));
  }
}
