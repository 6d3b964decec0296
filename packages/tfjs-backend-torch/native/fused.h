// The kernels of the engine's ops, as functions of ATen tensors. Shape letters: B batch, T queries or tokens, S keys,
// P packed positions, N query heads, K key/value heads, H head dim, d hidden size, V vocabulary.
#pragma once
#include <ATen/ATen.h>
#include <array>
#include <cstdint>
#include <vector>

namespace videor1 {

using Pair = std::array<at::Tensor, 2>;
using Triple = std::array<at::Tensor, 3>;

/// y = x W^T + b; x [..., in], weight [out, in], bias [out] or undefined.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

/// y = x / sqrt(mean(x^2) + eps) * weight over the last axis.
at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps);
/// [dx, dweight].
Pair rms_norm_grad(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& dy, double eps);

/// Rotates the pairs (j, j + H/2) of x [B,T,N,H] by tables [B or 1, T, H/2]; direction -1 rotates back.
at::Tensor rotary_embedding(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, double direction);

/// silu(gate) * up.
at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up);
/// [dgate, dup].
Pair swiglu_grad(const at::Tensor& gate, const at::Tensor& up, const at::Tensor& dy);

/// The exact form, x / 2 (1 + erf(x / sqrt 2)).
at::Tensor gelu(const at::Tensor& x);
at::Tensor gelu_grad(const at::Tensor& x, const at::Tensor& dy);

struct AttentionOptions {
  bool causal;         // query t sees key s only if s <= t + key_count - T
  int64_t key_count;   // only the first keys of the buffer are used
  double scale;
};

/// What attention gives: y, and where flash attention computed it the log-sum-exp of the scores, which its gradient takes.
struct Attended {
  at::Tensor y, lse;
};

/// q [B,T,N,H], k and v [B,S,K,H], mask int32 [B,S] (1 = may be seen) or undefined; a query that sees no key gives 0.
Attended attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                   const AttentionOptions& options);
/// [dq, dk, dv]; `attended` without lse may be undefined.
Triple attention_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                      const at::Tensor& mask, const Attended& attended, const AttentionOptions& options);

/// Segments of packed queries [P,N,H] and keys [S,K,H]; borders begin with 0.
struct PackedSegments {
  std::vector<int64_t> queries, keys;
  /// The segment whose keys each one sees before its own; -1: none. Those without come first, and the others ascend.
  std::vector<int64_t> prefix_of;
  bool causal;  // the last query of a segment sees its last key
  double scale;

  size_t count() const { return prefix_of.size(); }
  /// Segments without a prefix, which alone are one.
  size_t first_with_prefix() const {
    size_t i = 0;
    while (i < prefix_of.size() && prefix_of[i] < 0) i++;
    return i;
  }
};

/// Attention inside packed segments.
Attended packed_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const PackedSegments& segments);
/// [dq, dk, dv].
Triple packed_attention_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                             const Attended& attended, const PackedSegments& segments);

struct TokenLogpsOptions {
  int64_t chunk_size;  // rows of logits that exist at a time
  double temperature;
  bool frozen_weight;  // its gradient is not computed
};

/// [logps, entropy, logSumExp], each float32 [T]; hidden [T,d], weight [V,d], ids int32 [T].
Triple token_logps(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& ids,
                   const TokenLogpsOptions& options);
/// [dhidden, dweight] from dy, the gradient of logps, and lse, the third output; dweight is undefined for a frozen weight.
Pair token_logps_grad(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& ids, const at::Tensor& lse,
                      const at::Tensor& dy, const TokenLogpsOptions& options);

/// cache[:, position : position + T] = x in place; cache [R,Smax,K,H], x [R,T,K,H].
void cache_write(at::Tensor& cache, const at::Tensor& x, int64_t position);

/// total (float32) += x in place.
void add_in_place(at::Tensor& total, const at::Tensor& x);

}  // namespace videor1
