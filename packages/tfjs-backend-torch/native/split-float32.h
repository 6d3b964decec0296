// A float32 as two 16-bit halves without loss: `weight` is the bfloat16 that it rounds to, nearest, ties away from zero, and
// `remainder` its lower 16 bits. Nearest even would need a 17th bit: 65,537 float32 round to each even bfloat16.
//   bits -> weight = (bits >> 16) + (bits >> 15 & 1), remainder = bits & 0xffff
//   weight, remainder -> bits = (weight - (remainder >> 15)) << 16 | remainder
// All 2^32 patterns come back; where the upper half is 0x7fff or 0xffff and rounds up, a NaN, the weight alone is no NaN.
#pragma once
#include "call.h"
#include "loops.h"

namespace videor1 {

VIDEOR1_INLINE float joined_float(uint16_t weight, uint16_t remainder) {
  const uint32_t bits = static_cast<uint32_t>(weight - (remainder >> 15)) << 16 | remainder;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

VIDEOR1_INLINE void split_float(float value, uint16_t* weight, uint16_t* remainder) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  *weight = static_cast<uint16_t>((bits >> 16) + (bits >> 15 & 1));
  *remainder = static_cast<uint16_t>(bits);
}

/// The halves of a contiguous float32 tensor as int16 [n]: lower, upper.
inline std::array<at::Tensor, 2> halves(const at::Tensor& x) {
  const at::Tensor pairs = x.view({-1}).view(at::kShort).view({-1, 2});  // little-endian
  return {pairs.select(1, 0), pairs.select(1, 1)};
}

/// out = the float32 of weight (bfloat16) and remainder (int16); contiguous, of one size. By ops of ATen.
inline void join_into(const at::Tensor& out, const at::Tensor& weight, const at::Tensor& remainder) {
  auto [lower, upper] = halves(out);
  const at::Tensor low = remainder.view({-1});
  at::Tensor sign = at::bitwise_right_shift(low, at::scalar_tensor(15, low.options()));  // -1 where it rounds up
  at::add_out(upper, weight.view({-1}).view(at::kShort), sign);
  lower.copy_(low);
}

/// weight, remainder = the parts of x; contiguous, of one size. By ops of ATen.
inline void split_into(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& remainder) {
  const auto [lower, upper] = halves(x);
  at::Tensor low = remainder.view({-1}), high = weight.view({-1}).view(at::kShort);
  low.copy_(lower);
  at::Tensor sign = at::bitwise_right_shift(low, at::scalar_tensor(15, low.options()));
  at::sub_out(high, upper, sign);
}

}  // namespace videor1
