// Tensors as a kernel's arguments, checked.
#pragma once
#include <ATen/ATen.h>

namespace videor1::cuda {

/** The data of a contiguous tensor of one type. @throws c10::Error that names it. */
template <typename T>
T* data_of(const at::Tensor& x, at::ScalarType type, const char* name) {
  TORCH_CHECK(x.defined() && x.scalar_type() == type && x.is_contiguous(), name, ": a contiguous tensor of ", type, " is needed, not ",
              x.defined() ? toString(x.scalar_type()) : "none");
  return static_cast<T*>(x.data_ptr());
}

inline unsigned short* bf16_of(const at::Tensor& x, const char* name) { return data_of<unsigned short>(x, at::kBFloat16, name); }
inline float* float_of(const at::Tensor& x, const char* name) { return data_of<float>(x, at::kFloat, name); }
inline int* int_of(const at::Tensor& x, const char* name) { return data_of<int>(x, at::kInt, name); }

}  // namespace videor1::cuda
