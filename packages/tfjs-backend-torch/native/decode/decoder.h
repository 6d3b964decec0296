// A decoder of grouped-query attention and gated MLP, and one token of each of its rows.
// Shape letters: A rows, B prompts, L prompt tokens, N query heads, K key/value heads, H head dim, F = H / 2, V vocabulary.
#pragma once
#include <ATen/ATen.h>
#include "prefix-attention.h"

namespace videor1 {

/** x W^T + b + (x A^T) B^T; without a bias b, without an adapter A and B are undefined. B holds the adapter's scale. */
struct Linear {
  at::Tensor weight, bias, adapter_a, adapter_b;

  at::Tensor operator()(const at::Tensor& x) const;
};

struct Layer {
  at::Tensor input_norm, post_norm;
  Linear q, k, v, o, gate, up, down;
  PrefixCache cache;
};

struct Decoder {
  at::Tensor embedding, norm, head;
  std::vector<Layer> layers;
  int64_t query_heads, kv_heads;
  double eps;
};

/** What a step reads; on CUDA tensors that stay where they are. */
struct StepInputs {
  at::Tensor ids;       // int64 [A]
  at::Tensor cos, sin;  // [A, 1, F]
  at::Tensor column;    // int64 [1]: where the new keys and values go
  PrefixView view;
  at::Tensor uniform;   // for draw_rows
  at::Tensor seen;      // for draw_rows
};

/** Logits [A, V], float32, of the tokens in.ids; their keys and values enter the caches. */
at::Tensor decoder_step(Decoder& decoder, const StepInputs& in);

}  // namespace videor1
