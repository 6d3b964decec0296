// The two storage types of floating tensors in CPU memory, for loops that read either, compute in float32 and round once.
#pragma once
#include <c10/util/BFloat16.h>
#include "compute-dtype.h"
#include "loops.h"

namespace videor1 {

/// The bits of a bfloat16; its own type, so that loops are chosen by it.
enum class Bfloat16Bits : uint16_t {};

VIDEOR1_INLINE float loaded(float x) { return x; }
VIDEOR1_INLINE float loaded(Bfloat16Bits x) { return widened(static_cast<uint16_t>(x)); }

/// The nearest bfloat16, ties to even; a NaN stays one.
VIDEOR1_INLINE Bfloat16Bits rounded(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  const uint32_t nearest = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return static_cast<Bfloat16Bits>(x != x ? 0x7fc0 : nearest);
}

VIDEOR1_INLINE void store(float* to, float x) { *to = x; }
VIDEOR1_INLINE void store(Bfloat16Bits* to, float x) { *to = rounded(x); }

template <typename T>
T* stored_data(const at::Tensor& x) {
  return x.defined() ? static_cast<T*>(x.data_ptr()) : nullptr;
}

/// Whether the loops over CPU memory apply: float32 or bfloat16.
inline bool has_loops(const at::Tensor& x) {
  return !is_on_device(x) && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

/// Whether matrices of bfloat16 are widened, multiplied in float32 and rounded: on a processor of x86 without AVX-512, for
/// which ATen has no fast product of bfloat16.
inline bool multiplies_wide(const at::Tensor& x) {
#ifdef VIDEOR1_CLONES
  return x.is_cpu() && x.scalar_type() == at::kBFloat16 && cpu_capability.load(std::memory_order_relaxed) != CpuCapability::kAvx512;
#else
  return false;
#endif
}

/// body(T{}) with T the storage type of x, of which has_loops holds.
template <typename Body>
void by_storage(const at::Tensor& x, const Body& body) {
  if (x.scalar_type() == at::kFloat) {
    body(float{});
  } else {
    body(Bfloat16Bits{});
  }
}

}  // namespace videor1
