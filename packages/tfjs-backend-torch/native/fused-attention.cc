// Attention in CPU memory: our loops, see attention-cpu.h. Elsewhere: ATen's, see attention-sdpa.cc.
#include <algorithm>
#include "attention-cpu.h"
#include "attention-sdpa.h"
#include "fused.h"
#include "storage.h"

namespace videor1 {
namespace {

/// In the storage type of q, or in float32 where that is another than the loops have.
struct Operands {
  at::Tensor q, k, v;
};

Operands operands(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const at::Tensor first = has_loops(q) ? q : as_float(q);
  return {first.contiguous(), like(k, first).contiguous(), like(v, first).contiguous()};
}

const int32_t* mask_row(const at::Tensor& mask, int64_t b) {
  return mask.defined() ? mask.data_ptr<int32_t>() + b * mask.size(1) : nullptr;
}

at::Tensor dense_mask(const at::Tensor& mask) { return mask.defined() ? mask.to(at::kInt).contiguous() : mask; }

/// Runs body(task, scratch) for all tasks, in parallel; every thread has its own scratch.
template <typename Body>
void for_each_task(int64_t tasks, int64_t scratch_floats, const Body& body) {
  at::parallel_for(0, tasks, 1, [&](int64_t first, int64_t last) {
    const at::Tensor scratch = at::empty({scratch_floats}, at::TensorOptions().dtype(at::kFloat));
    for (int64_t task = first; task < last; task++) body(task, scratch.data_ptr<float>());
  });
}

HeadShape segment_shape(const at::Tensor& q, const at::Tensor& k, int64_t length, double scale) {
  return {length, length, q.size(1), k.size(1), q.size(2), false, static_cast<float>(scale)};
}

int64_t longest(const std::vector<int64_t>& offsets) {
  int64_t length = 0;
  for (size_t i = 1; i < offsets.size(); i++) length = std::max(length, offsets[i] - offsets[i - 1]);
  return length;
}

}  // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                     const AttentionOptions& options) {
  if (!q.is_cpu()) return attention_sdpa(q, k, v, mask, options);
  const Operands in = operands(q, k, v);
  const at::Tensor seen = dense_mask(mask);
  const int64_t K = k.size(2), H = q.size(3), q_size = q.size(1) * q.size(2) * H, k_size = k.size(1) * K * H;
  const HeadShape shape{q.size(1), options.key_count, q.size(2), K, H, options.causal, static_cast<float>(options.scale)};
  at::Tensor out = at::empty(in.q.sizes(), in.q.options());
  by_storage(in.q, [&](auto kind) {
    using T = decltype(kind);
    const T *at_q = stored_data<T>(in.q), *at_k = stored_data<T>(in.k), *at_v = stored_data<T>(in.v);
    T* at_out = stored_data<T>(out);
    for_each_task(q.size(0) * K, attention_scratch(shape), [&](int64_t task, float* scratch) {
      const int64_t b = task / K;
      const ForwardArrays<T> arrays{at_q + b * q_size, at_k + b * k_size, at_v + b * k_size, mask_row(seen, b),
                                    at_out + b * q_size};
      attention_forward(shape, arrays, task % K, scratch);
    });
  });
  return like(out, q);
}

Triple attention_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                      const at::Tensor& mask, const AttentionOptions& options) {
  if (!q.is_cpu()) return attention_sdpa_grad(q, k, v, dy, mask, options);
  const Operands in = operands(q, k, v);
  const at::Tensor slope = like(dy, in.q).contiguous(), seen = dense_mask(mask);
  const int64_t K = k.size(2), H = q.size(3), q_size = q.size(1) * q.size(2) * H, k_size = k.size(1) * K * H;
  const HeadShape shape{q.size(1), options.key_count, q.size(2), K, H, options.causal, static_cast<float>(options.scale)};
  at::Tensor dq = at::empty(in.q.sizes(), in.q.options());
  at::Tensor dk = at::zeros(in.k.sizes(), in.k.options()), dv = at::zeros(in.v.sizes(), in.v.options());
  by_storage(in.q, [&](auto kind) {
    using T = decltype(kind);
    const T *at_q = stored_data<T>(in.q), *at_k = stored_data<T>(in.k), *at_v = stored_data<T>(in.v);
    const T* at_dy = stored_data<T>(slope);
    T *at_dq = stored_data<T>(dq), *at_dk = stored_data<T>(dk), *at_dv = stored_data<T>(dv);
    for_each_task(q.size(0) * K, attention_scratch(shape), [&](int64_t task, float* scratch) {
      const int64_t b = task / K, in_q = b * q_size, in_k = b * k_size;
      const BackwardArrays<T> arrays{at_q + in_q, at_k + in_k, at_v + in_k, at_dy + in_q, mask_row(seen, b),
                                     at_dq + in_q, at_dk + in_k, at_dv + in_k};
      attention_backward(shape, arrays, task % K, scratch);
    });
  });
  return {like(dq, q), like(dk, k), like(dv, v)};
}

at::Tensor varlen_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<int64_t>& offsets, double scale) {
  if (!q.is_cpu()) return varlen_attention_sdpa(q, k, v, offsets, scale);
  const Operands in = operands(q, k, v);
  const int64_t segments = static_cast<int64_t>(offsets.size()) - 1, K = k.size(1), H = q.size(2), N = q.size(1);
  at::Tensor out = at::empty(in.q.sizes(), in.q.options());
  const int64_t scratch_floats = attention_scratch(segment_shape(q, k, longest(offsets), scale));
  by_storage(in.q, [&](auto kind) {
    using T = decltype(kind);
    const T *at_q = stored_data<T>(in.q), *at_k = stored_data<T>(in.k), *at_v = stored_data<T>(in.v);
    T* at_out = stored_data<T>(out);
    for_each_task(segments * K, scratch_floats, [&](int64_t task, float* scratch) {
      const int64_t start = offsets[task / K], in_q = start * N * H, in_k = start * K * H;
      const ForwardArrays<T> arrays{at_q + in_q, at_k + in_k, at_v + in_k, nullptr, at_out + in_q};
      attention_forward(segment_shape(q, k, offsets[task / K + 1] - start, scale), arrays, task % K, scratch);
    });
  });
  return like(out, q);
}

Triple varlen_attention_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                             const std::vector<int64_t>& offsets, double scale) {
  if (!q.is_cpu()) return varlen_attention_sdpa_grad(q, k, v, dy, offsets, scale);
  const Operands in = operands(q, k, v);
  const at::Tensor slope = like(dy, in.q).contiguous();
  const int64_t segments = static_cast<int64_t>(offsets.size()) - 1, K = k.size(1), H = q.size(2), N = q.size(1);
  at::Tensor dq = at::empty(in.q.sizes(), in.q.options());
  at::Tensor dk = at::zeros(in.k.sizes(), in.k.options()), dv = at::zeros(in.v.sizes(), in.v.options());
  const int64_t scratch_floats = attention_scratch(segment_shape(q, k, longest(offsets), scale));
  by_storage(in.q, [&](auto kind) {
    using T = decltype(kind);
    const T *at_q = stored_data<T>(in.q), *at_k = stored_data<T>(in.k), *at_v = stored_data<T>(in.v);
    const T* at_dy = stored_data<T>(slope);
    T *at_dq = stored_data<T>(dq), *at_dk = stored_data<T>(dk), *at_dv = stored_data<T>(dv);
    for_each_task(segments * K, scratch_floats, [&](int64_t task, float* scratch) {
      const int64_t start = offsets[task / K], in_q = start * N * H, in_k = start * K * H;
      const BackwardArrays<T> arrays{at_q + in_q, at_k + in_k, at_v + in_k, at_dy + in_q, nullptr,
                                     at_dq + in_q, at_dk + in_k, at_dv + in_k};
      attention_backward(segment_shape(q, k, offsets[task / K + 1] - start, scale), arrays, task % K, scratch);
    });
  });
  return {like(dq, q), like(dk, k), like(dv, v)};
}

}  // namespace videor1
