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

/// Sums on the device in the limbs of ExactSum, counts of blocks with an infinity and with a NaN after them: integers, whose sums are the
/// same in any order. Spread over rows, so that few additions meet.
struct DeviceSum {
  static constexpr int64_t kRows = 512, kInfinity = ExactSum::kLimbs + 2, kNaN = kInfinity + 1, kColumns = kNaN + 1;
  at::Tensor columns;  // int64 [kRows * kColumns]

  /// squares (float64) and largest |x| of some blocks.
  void add(const at::Tensor& squares, const at::Tensor& largest) {
    if (!columns.defined()) columns = at::zeros({kRows * kColumns}, squares.options().dtype(at::kLong));
    const at::Tensor is_finite = squares.isfinite();
    const auto [fraction, exponent] = at::frexp(at::where(is_finite, squares, at::zeros({1}, squares.options())));
    // fraction 2^53 is an integer; where 2^-298 is more than its last bit, the bits below are zeros.
    const at::Tensor position = exponent.to(at::kLong).add_(ExactSum::kUnit - 53), place = position.clamp_min(0);
    const at::Tensor mantissa = fraction.mul(9007199254740992.0).to(at::kLong);
    const at::Tensor whole = shifted_right(mantissa, place.sub(position));
    const at::Tensor shift = place.bitwise_and(31), rows = at::arange(squares.numel(), place.options()).bitwise_and_(kRows - 1);
    const at::Tensor limb = shifted_right(place, at::full({1}, 5, place.options())).add_(rows.mul_(kColumns));
    // (low + 2^32 high) 2^shift in three limbs
    const at::Tensor low = shifted_left(whole.bitwise_and(kMask), shift);
    const at::Tensor high = shifted_left(shifted_right(whole, at::full({1}, 32, place.options())), shift);
    const auto upper = [](const at::Tensor& x) { return shifted_right(x, at::full({1}, 32, x.options())); };
    columns.index_add_(0, limb, low.bitwise_and(kMask));
    columns.index_add_(0, limb.add(1), upper(low).add_(high.bitwise_and(kMask)));
    columns.index_add_(0, limb.add(2), upper(high));
    const at::Tensor is_nan = largest.isnan();
    columns.index_add_(0, rows.add(kNaN), is_nan.to(at::kLong));
    columns.index_add_(0, rows.add(kInfinity), is_finite.logical_or(is_nan).logical_not().to(at::kLong));
  }

  /// The one read from the device.
  void add_to(ExactSum& sum) const {
    if (!columns.defined()) return;
    const at::Tensor totals = columns.view({kRows, kColumns}).sum(0).cpu();
    const int64_t* at = totals.data_ptr<int64_t>();
    sum.has_infinity |= at[kInfinity] > 0;
    sum.has_nan |= at[kNaN] > 0;
    uint64_t rest = 0;
    for (int i = 0; i < ExactSum::kLimbs; i++) {
      rest += static_cast<uint64_t>(at[i]);
      sum.limbs[i] += rest & 0xffffffffu;
      rest >>= 32;
    }
    sum.carry();
  }

 private:
  static constexpr int64_t kMask = 0xffffffff;
  static at::Tensor shifted_left(const at::Tensor& x, const at::Tensor& bits) { return at::bitwise_left_shift(x, bits); }
  static at::Tensor shifted_right(const at::Tensor& x, const at::Tensor& bits) { return at::bitwise_right_shift(x, bits); }
};

/// By ops of ATen on any device, in slices; what each block adds up to is that of the loops, bit for bit.
void add_by_ops(DeviceSum& sum, const at::Tensor& x) {
  constexpr int64_t kSlice = int64_t(1) << 24;
  const at::Tensor from = x.contiguous().view({-1});
  for (int64_t first = 0; first < from.numel(); first += kSlice) {
    at::Tensor part = from.narrow(0, first, std::min(kSlice, from.numel() - first));
    const int64_t rest = part.numel() % kSquares;
    if (rest > 0) part = at::constant_pad_nd(part, {0, kSquares - rest});
    part = part.view({-1, kSquares});
    const at::Tensor largest = as_float(part.abs().amax(1, true));
    const at::Tensor exponent = std::get<1>(at::frexp(largest)).to(at::kLong);
    const at::Tensor power = exponent.mul(2).add_(kGrid + 1023).clamp_(1, 2046).mul_(int64_t(1) << 52);
    const at::Tensor round = power.add_(int64_t(1) << 51).view(at::kDouble), exact = part.to(at::kDouble);
    sum.add(at::addcmul(round, exact, exact).sub_(round).sum(1), largest.view({-1}));  // products of float32 are exact
  }
}

}  // namespace
}  // namespace videor1

// Output: int32 [21]: 0, or 1 where there is an infinity, 2 where there is a NaN; then the sum in units of 2^-298, the lowest 32
// bits first.
KERNEL(SumOfSquares) {
  videor1::ExactSum sum;
  videor1::DeviceSum on_device;
  for (size_t i = 0; i < call.count(); i++) {
    const at::Tensor& x = call.tensor(i);
    const bool is_known = x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
    const bool loops = is_known && !videor1::is_on_device(x) && !videor1::rehearses_cuda();
    loops ? videor1::add_on_cpu(sum, x) : videor1::add_by_ops(on_device, x);
  }
  on_device.add_to(sum);
  const at::Tensor out = at::empty({1 + videor1::ExactSum::kLimbs}, at::kInt);
  auto* values = out.data_ptr<int32_t>();
  values[0] = sum.has_nan ? 2 : sum.has_infinity ? 1 : 0;
  for (int i = 0; i < videor1::ExactSum::kLimbs; i++) values[1 + i] = static_cast<int32_t>(static_cast<uint32_t>(sum.limbs[i]));
  call.output(out);
}
