// Flash attention as ATen's own kernels have it, called directly: the log-sum-exp that the forward pass leaves makes the backward
// pass one call, heads are grouped without repeating keys, and packed segments need no mask. bfloat16 on CUDA; arguments as in
// fused.h. `counts_launches` computes the same on the CPU.
#pragma once
#include "fused.h"

namespace videor1 {

/// Borders of packed segments, int32 [n + 1] on the device; undefined: q, k and v are batches [B,T,N,H].
struct FlashSegments {
  at::Tensor queries, keys;
  int64_t longest_queries = 0, longest_keys = 0;
};

/// Borders of lists of offsets. A list comes to the device once.
FlashSegments flash_segments(const std::vector<int64_t>& queries, const std::vector<int64_t>& keys, const at::Tensor& like);

/// Whether flash attention takes these operands: bfloat16, at most 256 elements a head in multiples of 8, no mask but the causal one.
bool is_flash_case(at::ScalarType type, int64_t head_dim, bool has_mask);

/// Whether it takes them here.
bool takes_flash(const at::Tensor& q, const at::Tensor& k, bool has_mask);

/// lse: log-sum-exp of the scores, float32 [N,P], or [B,N,T].
struct FlashResult {
  at::Tensor out, lse;
};

/// causal: the last query of a segment sees its last key.
FlashResult flash_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashSegments& segments, bool causal,
                          double scale);

/// [dq, dk, dv]. `result` may be of more keys than these: then the gradients are of the part that these have in it.
Triple flash_backward(const at::Tensor& dy, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashResult& result,
                      const FlashSegments& segments, bool causal, double scale);

/// Leaves in `a` the result over the keys of both.
void merge_into(const FlashResult& a, const FlashResult& b);

/// The same on the CPU, by ops of ATen, segment by segment: what tests and counts run.
FlashResult flash_forward_on_cpu(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashSegments& segments,
                                 bool causal, double scale);
Triple flash_backward_on_cpu(const at::Tensor& dy, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                             const FlashResult& result, const FlashSegments& segments, bool causal, double scale);

}  // namespace videor1
