// Blocks of 256 values as codes of 8 bits: value = map[code] * absmax, absmax = max |x| of the block, and code the one
// whose map value is nearest to x / absmax. The map is dynamic: seven decades, each with twice the steps of the one below
// (arXiv:2110.02861; bitsandbytes 0.50.2).
#pragma once
#include <ATen/ATen.h>
#include <cstdint>

namespace videor1 {

constexpr int64_t kBlock = 256;

struct CodeMap {
  /// Ascending. Signed: both signs, 0 and 1; unsigned: 0 to 1, with twice the steps.
  float value[257];  // the last is infinite
  /// The last value at or below the least float whose upper 16 bits are the index, or the first value; at most one value lies
  /// among the others that share these bits.
  uint8_t at_or_below[65536];
};

const CodeMap& signed_map();
const CodeMap& unsigned_map();

/// The middle of what code 0 of a second moment may stand for, as a share of absmax: v is taken to be that much at least.
/// With v = 0 an update would be m / eps.
float least_share();

/// out[i] = value of codes[i].
void decode_block(const CodeMap& map, const uint8_t* codes, float absmax, float* out, int64_t count);

/// Writes the codes and returns absmax.
float encode_block(const CodeMap& map, const float* x, uint8_t* codes, int64_t count);

/// out (float32 [whole blocks * 256], zero beyond the codes) = values of codes (uint8 [n]); absmax [blocks]. By ops of ATen.
void decode_into(const at::Tensor& out, const at::Tensor& codes, const at::Tensor& absmax, bool is_signed);

/// codes, absmax = x (float32 [whole blocks * 256], zero beyond the codes). By ops of ATen.
void encode_into(const at::Tensor& x, at::Tensor codes, at::Tensor absmax, bool is_signed);

}  // namespace videor1
