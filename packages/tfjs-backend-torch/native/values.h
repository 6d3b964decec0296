// What JavaScript's numbers do where ATen's differ.
#pragma once
#include <ATen/ATen.h>

namespace videor1 {

/// JavaScript's conversion to int32: truncates, keeps the low 32 bits; NaN and the infinities become 0.
inline at::Tensor to_int32(const at::Tensor& x) {
  if (!x.is_floating_point()) return x.to(at::kInt);
  return at::where(at::isfinite(x), x, at::zeros({}, x.options())).to(at::kLong).to(at::kInt);
}

/// f(x) in floating point, back in x's dtype: tfjs' unary kernels keep the dtype.
template <class F>
at::Tensor in_float(const at::Tensor& x, F f) {
  if (x.is_floating_point()) return f(x);
  const at::Tensor y = f(x.to(at::kDouble));
  return x.scalar_type() == at::kBool ? y.to(at::kBool) : to_int32(y);
}

/// f(a, b) in floating point, back in the dtype of integers.
template <class F>
at::Tensor in_float(const at::Tensor& a, const at::Tensor& b, F f) {
  if (a.is_floating_point() || b.is_floating_point()) return f(a, b);
  return to_int32(f(a.to(at::kDouble), b.to(at::kDouble)));
}

}  // namespace videor1
