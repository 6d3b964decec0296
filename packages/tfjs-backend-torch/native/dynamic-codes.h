// Blocks of 256 values as codes of 8 bits: value = map[code] * absmax, absmax = max |x| of the block, and code the one
// whose map value is nearest to x / absmax. The map is dynamic: seven decades, each with twice the steps of the one below
// (arXiv:2110.02861; bitsandbytes 0.50.2).
#pragma once
#include <ATen/ATen.h>
#include <cstdint>

namespace videor1 {

constexpr int64_t kBlock = 256;

/// The smallest code of a second moment over 0. With code 0 it would be lost, and the next update would be m / eps.
constexpr int kLeastSecondMoment = 1;

struct CodeMap {
  /// Ascending. Signed: both signs, 0 and 1; unsigned: 0 to 1, with twice the steps.
  float value[256];
  /// middle[i] lies between the values i and i + 1; the last is infinite.
  float middle[256];
  /// Code of the least value whose upper 16 bits are the index; at most one middle lies among the values that share them.
  uint8_t least[65536];
};

const CodeMap& signed_map();
const CodeMap& unsigned_map();

/// out[i] = value of codes[i].
void decode_block(const CodeMap& map, const uint8_t* codes, float absmax, float* out, int64_t count);

/// Writes the codes and returns absmax. `least_code`: smallest code of a value over 0.
float encode_block(const CodeMap& map, const float* x, uint8_t* codes, int64_t count, int least_code);

/// out (float32 [whole blocks * 256], zero beyond the codes) = values of codes (uint8 [n]); absmax [blocks]. By ops of ATen.
void decode_into(const at::Tensor& out, const at::Tensor& codes, const at::Tensor& absmax, bool is_signed);

/// codes, absmax = x (float32 [whole blocks * 256], zero beyond the codes). By ops of ATen.
void encode_into(const at::Tensor& x, at::Tensor codes, at::Tensor absmax, bool is_signed, int least_code);

}  // namespace videor1
