// What the CPU loops share. Each loop over an array is compiled for several instruction sets, of which a call takes the
// one that cpu-capability.h names, so that a binary runs on every machine of its architecture.
#pragma once
#include <ATen/Parallel.h>
#include <cstdint>
#include <cstring>
#include "cpu-capability.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VIDEOR1_CLONES 1
#endif
#define VIDEOR1_INLINE static inline __attribute__((always_inline))

namespace videor1 {

#ifdef VIDEOR1_CLONES
// The sets that cpu_capabilities() asks the processor for, and no more.
#define VIDEOR1_AVX2 "avx2,fma"
#define VIDEOR1_AVX512 VIDEOR1_AVX2 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"

template <auto LOOP, typename... Arguments>
__attribute__((target(VIDEOR1_AVX512), noinline)) auto with_avx512(Arguments... arguments) {
  return LOOP(arguments...);
}

template <auto LOOP, typename... Arguments>
__attribute__((target(VIDEOR1_AVX2), noinline)) auto with_avx2(Arguments... arguments) {
  return LOOP(arguments...);
}
#endif

template <auto LOOP, typename... Arguments>
__attribute__((noinline)) auto with_default(Arguments... arguments) {
  return LOOP(arguments...);
}

/// LOOP(arguments...), a VIDEOR1_INLINE function, compiled for the processor; AVX2 has 16 registers of 8 floats, AVX-512
/// 32 of 16 and the default, SSE2, 16 of 4: a loop that keeps a tile in them names one form for each.
template <auto LOOP, auto AVX2 = LOOP, auto AVX512 = LOOP, typename... Arguments>
auto cloned(Arguments... arguments) {
#ifdef VIDEOR1_CLONES
  switch (cpu_capability.load(std::memory_order_relaxed)) {
    case CpuCapability::kAvx512: return with_avx512<AVX512>(arguments...);
    case CpuCapability::kAvx2: return with_avx2<AVX2>(arguments...);
    default: break;
  }
#endif
  return with_default<LOOP>(arguments...);
}

/// e^x within 2 ulp for x <= 88.7; 0 below -87.3. Plain arithmetic, so that compilers vectorise it (Cephes' expf).
VIDEOR1_INLINE float exp_approximation(float x) {
  const float clamped = x < -87.33f ? -87.33f : (x > 88.72f ? 88.72f : x);
  const float rounded = clamped * 1.44269504f + 12582912.f;  // 1.5 * 2^23: the low bits hold the nearest integer
  const float n = rounded - 12582912.f;
  const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.f;
  int32_t bits, power;
  std::memcpy(&power, &rounded, 4);
  std::memcpy(&bits, &p, 4);
  bits += power << 23;
  float y;
  std::memcpy(&y, &bits, 4);
  return x < -87.33f ? 0.f : y;
}

VIDEOR1_INLINE float sigmoid(float x) { return 1.f / (1.f + exp_approximation(-x)); }

/// The float32 of a bfloat16's bits.
VIDEOR1_INLINE float widened(uint16_t bfloat16) {
  const uint32_t bits = static_cast<uint32_t>(bfloat16) << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

/// Runs body(first, last) over parts of [0, count), each worth about `grain` units of work at least.
template <typename Body>
void split_rows(int64_t count, int64_t units_per_row, const Body& body, int64_t grain = 32768) {
  const int64_t rows = units_per_row >= grain ? 1 : grain / (units_per_row > 0 ? units_per_row : 1);
  at::parallel_for(0, count, rows, body);
}

}  // namespace videor1
