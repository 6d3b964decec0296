// The sum of squares of gradients, the same to the last bit however they are cut among processes, threads and devices: blocks of
// 256 elements add up without rounding, and so do the blocks. Slices of parameters begin at multiples of 256.
#include <cmath>
#include <mutex>
#include "call.h"
#include "compute-dtype.h"
#include "loops.h"
#include "rehearse.h"

namespace videor1 {
namespace {

constexpr int64_t kSquares = 256;

/// A sum of doubles, all multiples of 2^-298 (the square of the least float32), in limbs of 32 bits.
struct ExactSum {
  static constexpr int kUnit = 298, kLimbs = 20;
  uint64_t limbs[kLimbs] = {};
  bool has_nan = false, has_infinity = false;

  /// x >= 0, below 2^265.
  void add(double x) {
    if (x == 0) return;
    int exponent;
    const double fraction = std::frexp(x, &exponent);
    uint64_t mantissa = static_cast<uint64_t>(std::ldexp(fraction, 53));
    int position = exponent - 53 + kUnit;
    if (position < 0) {
      mantissa >>= -position;  // zeros alone
      position = 0;
    }
    const unsigned __int128 value = static_cast<unsigned __int128>(mantissa) << (position & 31);
    uint64_t* at = limbs + (position >> 5);
    at[0] += static_cast<uint32_t>(value);
    at[1] += static_cast<uint32_t>(value >> 32);
    at[2] += static_cast<uint32_t>(value >> 64);
  }

  /// Leaves each limb below 2^32.
  void carry() {
    uint64_t rest = 0;
    for (uint64_t& limb : limbs) {
      limb += rest;
      rest = limb >> 32;
      limb &= 0xffffffffu;
    }
  }

  void add(const ExactSum& other) {
    for (int i = 0; i < kLimbs; i++) limbs[i] += other.limbs[i];
    has_nan |= other.has_nan;
    has_infinity |= other.has_infinity;
    carry();
  }
};

VIDEOR1_INLINE float largest_range(const float* x, int64_t count) {
  float largest = 0;
#pragma omp simd reduction(max : largest)
  for (int64_t i = 0; i < count; i++) {
    const float size = std::fabs(x[i]);
    largest = size > largest ? size : largest;
  }
  return largest;
}

/// Squares rounded to multiples of 2^-52 round; `round` is 1.5 times a power of two.
VIDEOR1_INLINE double rounded_squares_range(const float* x, int64_t count, double round) {
  double total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < count; i++) total += (static_cast<double>(x[i]) * x[i] + round) - round;
  return total;
}

VIDEOR1_INLINE void widen_range(const uint16_t* x, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = widened(x[i]);
}

/// Where all |x| < 2^k, squares are rounded to multiples of 2^(2k - 44): 256 of them add up exactly in any order.
constexpr int kGrid = 8;

void add_block(ExactSum& sum, const float* x, int64_t count) {
  const float largest = cloned<largest_range>(x, count);
  int exponent = 0;
  if (std::isfinite(largest)) std::frexp(largest, &exponent);
  const double squares = cloned<rounded_squares_range>(x, count, std::ldexp(1.5, 2 * exponent + kGrid));
  if (std::isfinite(squares)) return sum.add(squares);
  for (int64_t i = 0; i < count; i++) sum.has_nan |= std::isnan(x[i]);
  sum.has_infinity = true;
}

void add_on_cpu(ExactSum& sum, const at::Tensor& x) {
  const at::Tensor from = x.contiguous();
  const bool is_narrow = from.scalar_type() == at::kBFloat16;
  std::mutex adding;
  at::parallel_for(0, (from.numel() + kSquares - 1) / kSquares, 128, [&](int64_t first, int64_t last) {
    ExactSum part;
    float wide[kSquares];
    for (int64_t block = first; block < last; block++) {
      const int64_t start = block * kSquares, count = std::min(kSquares, from.numel() - start);
      if (is_narrow) cloned<widen_range>(static_cast<const uint16_t*>(from.data_ptr()) + start, wide, count);
      add_block(part, is_narrow ? wide : from.data_ptr<float>() + start, count);
    }
    part.carry();
    const std::lock_guard<std::mutex> guard(adding);
    sum.add(part);
  });
}

/// By ops of ATen on any device, in slices; what each block adds up to is that of the loops, bit for bit.
void add_by_ops(ExactSum& sum, const at::Tensor& x) {
  constexpr int64_t kSlice = int64_t(1) << 24;
  const at::Tensor from = x.contiguous().view({-1});
  for (int64_t first = 0; first < from.numel(); first += kSlice) {
    at::Tensor wide = as_float(from.narrow(0, first, std::min(kSlice, from.numel() - first)));
    const int64_t rest = wide.numel() % kSquares;
    if (rest > 0) wide = at::constant_pad_nd(wide, {0, kSquares - rest});
    wide = wide.view({-1, kSquares});
    const at::Tensor exponent = std::get<1>(at::frexp(wide.abs().amax(1, true))).to(at::kLong);
    const at::Tensor power = exponent.mul(2).add(kGrid + 1023).clamp(1, 2046).mul(int64_t(1) << 52);
    const at::Tensor round = power.add(int64_t(1) << 51).view(at::kDouble);
    const at::Tensor exact = wide.to(at::kDouble);
    const at::Tensor squares = exact.mul(exact).add(round).sub(round).sum(1).cpu();
    const double* at = squares.data_ptr<double>();
    for (int64_t i = 0; i < squares.numel(); i++) {
      if (std::isfinite(at[i])) sum.add(at[i]);
      else if (wide[i].isnan().any().item<bool>()) sum.has_nan = true;
      else sum.has_infinity = true;
    }
    sum.carry();
  }
}

}  // namespace
}  // namespace videor1

// Output: int32 [21]: 0, or 1 where there is an infinity, 2 where there is a NaN; then the sum in units of 2^-298, the lowest 32
// bits first.
KERNEL(SumOfSquares) {
  videor1::ExactSum sum;
  for (size_t i = 0; i < call.count(); i++) {
    const at::Tensor& x = call.tensor(i);
    const bool loops = x.is_cpu() && (videor1::is_cpu_float(x) || x.scalar_type() == at::kBFloat16) && !videor1::rehearses_cuda();
    loops ? videor1::add_on_cpu(sum, x) : videor1::add_by_ops(sum, x);
  }
  const at::Tensor out = at::empty({1 + videor1::ExactSum::kLimbs}, at::kInt);
  auto* values = out.data_ptr<int32_t>();
  values[0] = sum.has_nan ? 2 : sum.has_infinity ? 1 : 0;
  for (int i = 0; i < videor1::ExactSum::kLimbs; i++) values[1 + i] = static_cast<int32_t>(static_cast<uint32_t>(sum.limbs[i]));
  call.output(out);
}
