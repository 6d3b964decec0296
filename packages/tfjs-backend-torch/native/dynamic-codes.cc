#include "dynamic-codes.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include "loops.h"

namespace videor1 {
namespace {

constexpr int kDecades = 7;

CodeMap make_map(bool is_signed) {
  std::vector<float> values = {0.f, 1.f};
  for (int decade = 0; decade < kDecades; decade++) {
    const int steps = (is_signed ? 1 : 2) << decade;
    const float first = 0.1f, width = (1.f - first) / steps;
    const auto bound = [&](int i) {  // from both ends, as torch.linspace
      return static_cast<float>(2 * i < steps + 1 ? double(first) + double(width) * i : 1 - double(width) * (steps - i));
    };
    const float scale = static_cast<float>(std::pow(10., decade + 1 - kDecades));
    for (int i = 0; i < steps; i++) {
      const float value = (bound(i) + bound(i + 1)) / 2 * scale;
      values.push_back(value);
      if (is_signed) values.push_back(-value);
    }
  }
  std::sort(values.begin(), values.end());
  CodeMap map;
  std::copy(values.begin(), values.end(), map.value);
  map.value[256] = std::numeric_limits<float>::infinity();
  for (uint32_t top = 0; top < 65536; top++) {
    const bool negative = top >> 15;
    const uint32_t bits = top << 16 | (negative ? 0xffff : 0);  // the least of those that share the upper bits
    float least;
    std::memcpy(&least, &bits, 4);
    const auto above = std::upper_bound(map.value, map.value + 256, least) - map.value;
    map.at_or_below[top] = static_cast<uint8_t>(above > 0 ? above - 1 : 0);
  }
  return map;
}

/// The map's values on the device; kept to the end of the process, since CUDA may be gone by then.
const at::Tensor& device_map(bool is_signed, const at::Device& device) {
  thread_local auto* known = new std::map<std::string, at::Tensor>();
  at::Tensor& values = (*known)[device.str() + (is_signed ? "s" : "u")];
  if (!values.defined()) {
    const CodeMap& map = is_signed ? signed_map() : unsigned_map();
    values = at::from_blob(const_cast<float*>(map.value), {256}, at::kFloat).clone().to(device);
  }
  return values;
}

VIDEOR1_INLINE void decode_range(const float* values, const uint8_t* codes, float absmax, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = values[codes[i]] * absmax;
}

VIDEOR1_INLINE float largest(const float* x, int64_t count) {
  float result = 0;
#pragma omp simd reduction(max : result)
  for (int64_t i = 0; i < count; i++) result = std::max(result, std::fabs(x[i]));
  return result;
}

VIDEOR1_INLINE void divide(const float* x, float by, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = x[i] / by;
}

}  // namespace

const CodeMap& signed_map() {
  static const CodeMap map = make_map(true);
  return map;
}

const CodeMap& unsigned_map() {
  static const CodeMap map = make_map(false);
  return map;
}

float least_share() { return unsigned_map().value[1] / 4; }

void decode_block(const CodeMap& map, const uint8_t* codes, float absmax, float* out, int64_t count) {
  cloned<decode_range>(static_cast<const float*>(map.value), codes, absmax, out, count);
}

float encode_block(const CodeMap& map, const float* x, uint8_t* codes, int64_t count) {
  const float absmax = cloned<largest>(x, count);
  float shares[kBlock];
  cloned<divide>(x, absmax > 0 ? absmax : 1, shares, count);
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    std::memcpy(&bits, &shares[i], 4);
    uint8_t low = map.at_or_below[bits >> 16];
    low += shares[i] >= map.value[low + 1];
    codes[i] = low + (map.value[low + 1] - shares[i] < shares[i] - map.value[low]);  // of two as near, the lower
  }
  return absmax;
}

void decode_into(const at::Tensor& out, const at::Tensor& codes, const at::Tensor& absmax, bool is_signed) {
  const at::Tensor& values = device_map(is_signed, out.device());
  out.narrow(0, 0, codes.numel()).copy_(values.index_select(0, codes.to(at::kInt)));
  out.view({-1, kBlock}).mul_(absmax.unsqueeze(1));
}

void encode_into(const at::Tensor& x, at::Tensor codes, at::Tensor absmax, bool is_signed) {
  const at::Tensor& values = device_map(is_signed, x.device());
  const at::Tensor blocks = x.view({-1, kBlock});
  const at::Tensor largest = blocks.abs().amax(1);
  absmax.copy_(largest);
  const at::Tensor divisor = at::where(largest > 0, largest, at::ones({}, largest.options())).unsqueeze(1);
  const int64_t count = codes.numel();
  const at::Tensor shares = blocks.div(divisor).view({-1}).narrow(0, 0, count);
  const at::Tensor low = at::bucketize(shares, values, /*out_int32=*/true, /*right=*/true).sub_(1).clamp_(0, 254);
  const at::Tensor below = shares - values.index_select(0, low), above = values.index_select(0, low + 1) - shares;
  codes.copy_(low + (above < below));
}

}  // namespace videor1
