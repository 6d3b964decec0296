// Attention of one new token per row over its prompt's keys, which the rows of a prompt share, and its own.
#pragma once
#include <ATen/ATen.h>
#include <cstdint>
#include <vector>

namespace videor1 {

/** Keys and values: of the prompts [B, L, K, H], and of the rows' own tokens [A, room, K, H]. */
struct PrefixCache {
  at::Tensor prompt_k, prompt_v, own_k, own_v;
};

/** The same caches with the own keys and values of a head side by side, so that products over [A x K] matrices copy none. */
PrefixCache sorted_by_head(const PrefixCache& cache);

/** Which keys the rows see. */
struct PrefixView {
  std::vector<int64_t> prompt_of;  // [A], falling nowhere: the rows of a prompt lie together
  at::Tensor prompt_mask;          // int32 [B, L], 1 = may be seen; undefined: all
  int64_t used;                    // own columns that exist
  at::Tensor own_bias;             // float32 [used], added to the scores: 0, or -infinity for columns still to come; or undefined
};

/** q [A, N, H] to [A, N, H]; scores times H^-1/2, softmax in float32. */
at::Tensor prefix_attention(const at::Tensor& q, const PrefixCache& cache, const PrefixView& view);

}  // namespace videor1
