// The weights of a decoder of grouped-query attention and gated MLP.
#pragma once
#include <ATen/ATen.h>
#include <vector>

namespace videor1 {

/** x W^T + b + (x A^T) B^T; without a bias b, without an adapter A and B are undefined. B holds the adapter's scale. */
struct Linear {
  at::Tensor weight, bias, adapter_a, adapter_b;

  at::Tensor operator()(const at::Tensor& x) const;
};

struct Layer {
  at::Tensor input_norm, post_norm;
  Linear q, k, v, o, gate, up, down;
};

struct Decoder {
  at::Tensor embedding, norm, head;
  std::vector<Layer> layers;
  int64_t query_heads, kv_heads, head_dim;
  double eps;
};

}  // namespace videor1
