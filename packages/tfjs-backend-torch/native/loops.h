// What the CPU loops share. Each loop over an array is compiled for several instruction sets and chosen at load time, so
// that a binary runs on every machine of its architecture.
#pragma once
#include <ATen/Parallel.h>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VIDEOR1_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VIDEOR1_CLONES
#endif
#define VIDEOR1_INLINE static inline __attribute__((always_inline))

namespace videor1 {

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

/// Runs body(first, last) over parts of [0, count), each worth about `grain` units of work at least.
template <typename Body>
void split_rows(int64_t count, int64_t units_per_row, const Body& body, int64_t grain = 32768) {
  const int64_t rows = units_per_row >= grain ? 1 : grain / (units_per_row > 0 ? units_per_row : 1);
  at::parallel_for(0, count, rows, body);
}

}  // namespace videor1
