// Attention in CPU memory: our loops, see attention-cpu.h. Elsewhere: ATen's, see flash.h and attention-sdpa.h.
#include "attention-sdpa.h"
#include "attention-tasks.h"
#include "flash.h"
#include "fused.h"

namespace videor1 {
namespace {

const int32_t* mask_row(const at::Tensor& mask, int64_t b) {
  return mask.defined() ? mask.data_ptr<int32_t>() + b * mask.size(1) : nullptr;
}

/// Whether flash attention computes it: every query sees a key then.
bool is_flash_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& mask, const AttentionOptions& options) {
  return (!options.causal || q.size(1) <= options.key_count) && takes_flash(q, k, mask.defined());
}

Attended attention_on_device(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                             const AttentionOptions& options) {
  if (is_flash_attention(q, k, mask, options)) {
    const auto used = [&](const at::Tensor& x) { return x.narrow(1, 0, options.key_count); };
    const FlashResult result = flash_forward(q, used(k), used(v), {}, options.causal, options.scale);
    return {result.out, result.lse};
  }
  if (counts_launches()) {
    const Launch launch("aten::scaled_dot_product_attention");
    return attention(q, k, v, mask, options);
  }
  return {attention_sdpa(q, k, v, mask, options), {}};
}

Triple attention_on_device_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                                const at::Tensor& mask, const Attended& attended, const AttentionOptions& options) {
  if (!attended.lse.defined()) {
    if (!counts_launches()) return attention_sdpa_grad(q, k, v, dy, mask, options);
    const Launch launch("aten::scaled_dot_product_attention and its gradient", 4);
    return attention_grad(q, k, v, dy, mask, attended, options);
  }
  const auto used = [&](const at::Tensor& x) { return x.narrow(1, 0, options.key_count); };
  const FlashResult result{attended.y, attended.lse};
  Triple grads = flash_backward(like(dy, q), q, used(k), used(v), result, {}, options.causal, options.scale);
  if (options.key_count == k.size(1)) return grads;
  for (int i = 1; i < 3; i++) {
    const at::Tensor whole = at::zeros_like(k);
    used(whole).copy_(grads[i]);
    grads[i] = whole;
  }
  return grads;
}

at::Tensor dense_mask(const at::Tensor& mask) { return mask.defined() ? mask.to(at::kInt).contiguous() : mask; }

}  // namespace

Attended attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                   const AttentionOptions& options) {
  if (is_on_device(q)) return attention_on_device(q, k, v, mask, options);
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
  return {like(out, q), {}};
}

Triple attention_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                      const at::Tensor& mask, const Attended& attended, const AttentionOptions& options) {
  if (is_on_device(q)) return attention_on_device_grad(q, k, v, dy, mask, attended, options);
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

}  // namespace videor1
