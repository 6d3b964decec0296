// Chooses tokens from logits, bit for bit in the steps of packages/model-qwen25vl/src/sampling.ts and philox.ts, so that
// a row's tokens do not depend on where its loop runs.
#pragma once
#include <array>
#include <cstdint>

namespace videor1 {

struct SamplingOptions {
  bool sample;  // false: the most probable token
  double temperature, top_p;
  int64_t top_k;  // 0: all
  double repetition_penalty;
};

/** Two 32-bit words of a row's seed. */
using SeedWords = std::array<uint32_t, 2>;

struct Sample {
  int64_t id;
  double logp;  // under the model itself: temperature 1, nothing cut off, no penalty
};

/** Four random words as a pure function of counter and key. @see Salmon et al. 2011, section 4.3 */
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, SeedWords key);

/** The number in [0, 1) of the n-th draw of a row, 53 bits. */
double uniform_at(SeedWords seed, uint32_t n);

/** The n-th draw of a row. seen [vocabulary]: 1 where the penalty applies; not read without one. Throws NonFiniteLogitsError. */
Sample choose(const float* logits, int64_t vocabulary, const SamplingOptions& options, const uint8_t* seen, SeedWords seed,
              uint32_t n);

}  // namespace videor1
