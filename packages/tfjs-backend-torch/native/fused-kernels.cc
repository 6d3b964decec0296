// The engine's ops under their names, see src/kernels/fused.ts for the order of the arguments. Calls are qualified: at:: has functions
// of the same names, which the arguments would bring in.
#include "adamw.h"
#include "call.h"
#include "fused.h"

namespace videor1 {
namespace {

at::Tensor optional_tensor(const Call& call, size_t i) { return call.has(i) ? call.tensor(i) : at::Tensor(); }

template <size_t N>
void output_all(Call& call, std::array<at::Tensor, N> tensors) {
  for (at::Tensor& tensor : tensors) call.output(std::move(tensor));
}

AttentionOptions attention_options(Call& call) {
  const bool causal = call.flag();
  const int64_t key_count = call.integer();
  return {causal, key_count, call.number()};
}

void output_attended(Call& call, const Attended& attended) {
  call.output(attended.y);
  if (attended.lse.defined()) call.output(attended.lse);
}

PackedSegments packed_segments(Call& call) {
  PackedSegments segments;
  for (std::vector<int64_t>* list : {&segments.queries, &segments.keys, &segments.prefix_of}) *list = call.list();
  segments.causal = call.flag();
  segments.scale = call.number();
  return segments;
}

TokenLogpsOptions token_logps_options(Call& call) {
  const int64_t chunk_size = call.integer();
  const bool frozen_weight = call.flag();
  return {chunk_size, call.number(), frozen_weight};
}

void run_adamw(Call& call, const Moments& moments) {
  AdamwOptions options;
  options.step = call.integer();
  for (double* value : {&options.learning_rate, &options.beta1, &options.beta2, &options.eps, &options.weight_decay,
                        &options.factor}) {
    *value = call.number();
  }
  at::Tensor weight = call.tensor(0);
  const at::Tensor& grad = call.tensor(2);
  if (weight.numel() != grad.numel()) {
    TORCH_CHECK(weight.is_contiguous(), "a weight of which a slice is updated does not lie in order");
    weight = weight.view({-1}).narrow(0, static_cast<int64_t>(call.number()), grad.numel());
  }
  videor1::adamw_update({weight, optional_tensor(call, 1)}, grad, moments, options);
}

}  // namespace

KERNEL(Linear) { call.output(videor1::linear(call.tensor(0), call.tensor(1), optional_tensor(call, 2))); }

KERNEL(RmsNorm) { call.output(videor1::rms_norm(call.tensor(0), call.tensor(1), call.number())); }
KERNEL(RmsNormGrad) { output_all(call, videor1::rms_norm_grad(call.tensor(0), call.tensor(1), call.tensor(2), call.number())); }

KERNEL(RotaryEmbedding) {
  call.output(videor1::rotary_embedding(call.tensor(0), call.tensor(1), call.tensor(2), call.number()));
}

KERNEL(Swiglu) { call.output(videor1::swiglu(call.tensor(0), call.tensor(1))); }
KERNEL(SwigluGrad) { output_all(call, videor1::swiglu_grad(call.tensor(0), call.tensor(1), call.tensor(2))); }

KERNEL(Gelu) { call.output(videor1::gelu(call.tensor(0))); }
KERNEL(GeluGrad) { call.output(videor1::gelu_grad(call.tensor(0), call.tensor(1))); }

// q, k, v, mask or none; y, and the log-sum-exp where flash attention computed it.
KERNEL(Attention) {
  const AttentionOptions options = attention_options(call);
  output_attended(call, videor1::attention(call.tensor(0), call.tensor(1), call.tensor(2), optional_tensor(call, 3), options));
}
// q, k, v, dy, then mask or none, or y and its log-sum-exp.
KERNEL(AttentionGrad) {
  const AttentionOptions options = attention_options(call);
  const bool is_flash = call.has(5);
  const Attended attended = is_flash ? Attended{call.tensor(4), call.tensor(5)} : Attended{};
  const at::Tensor mask = is_flash ? at::Tensor() : optional_tensor(call, 4);
  const at::Tensor& q = call.tensor(0);
  output_all(call, videor1::attention_grad(q, call.tensor(1), call.tensor(2), call.tensor(3), mask, attended, options));
}

// q, k, v; as Attention.
KERNEL(VarlenAttention) {
  const PackedSegments segments = packed_segments(call);
  output_attended(call, videor1::packed_attention(call.tensor(0), call.tensor(1), call.tensor(2), segments));
}
// q, k, v, dy, then y and its log-sum-exp or none.
KERNEL(VarlenAttentionGrad) {
  const PackedSegments segments = packed_segments(call);
  const Attended attended = call.has(5) ? Attended{call.tensor(4), call.tensor(5)} : Attended{};
  const at::Tensor& q = call.tensor(0);
  output_all(call, videor1::packed_attention_grad(q, call.tensor(1), call.tensor(2), call.tensor(3), attended, segments));
}

KERNEL(TokenLogps) {
  const TokenLogpsOptions options = token_logps_options(call);
  output_all(call, videor1::token_logps(call.tensor(0), call.tensor(1), call.tensor(2), options));
}
KERNEL(TokenLogpsGrad) {
  const TokenLogpsOptions options = token_logps_options(call);
  const Pair grads = videor1::token_logps_grad(call.tensor(0), call.tensor(1), call.tensor(2), call.tensor(3), call.tensor(4), options);
  for (const at::Tensor& grad : grads) {
    if (grad.defined()) call.output(grad);
  }
}

// [param, remainder or none, grad, m, v]; all but the param may be of a flat slice of it, from number `first` on.
KERNEL(AdamwUpdate) { run_adamw(call, {call.tensor(3), call.tensor(4), {}, {}}); }
// The same, and of moments in codes the absmax of each block.
KERNEL(AdamwCodedUpdate) { run_adamw(call, {call.tensor(3), call.tensor(4), call.tensor(5), call.tensor(6)}); }

KERNEL(AddInPlace) {
  at::Tensor total = call.tensor(0);
  videor1::add_in_place(total, call.tensor(1));
}

KERNEL(CacheWrite) {
  at::Tensor cache = call.tensor(0);
  videor1::cache_write(cache, call.tensor(1), call.integer());
}

}  // namespace videor1
