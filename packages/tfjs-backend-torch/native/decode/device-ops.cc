// Shape letters: as in device-ops.h, F = H / 2, g = N / K.
#include "device-ops.h"
#include <ATen/record_function.h>
#include <cmath>
#include "compute-dtype.h"
#include "fused.h"

namespace videor1 {

void view_positions(const DecodeSession& session, StepView& view) {
  const at::Tensor cos = session.cos.index_select(0, view.rows.position), sin = session.sin.index_select(0, view.rows.position);
  view.cos = at::cat({cos, cos}, 1).unsqueeze(1);
  view.sin = at::cat({sin.neg(), sin}, 1).unsqueeze(1);
  view.place = session.counting.narrow(0, 0, view.places).unsqueeze(1);
  view.head = session.counting.narrow(0, 0, session.decoder.kv_heads).unsqueeze(0);
  view.column = view.rows.length.to(at::kLong).unsqueeze(1);
}

void view_keys(const DecodeSession& session, StepView& view) {
  const int64_t a = view.places, C = view.columns, P = view.packed;
  const at::Tensor hidden = session.counting.narrow(0, 0, C).gt(view.rows.length.unsqueeze(1));
  const at::Tensor own = at::zeros({a, C}, session.cos.options()).masked_fill_(hidden, -INFINITY);
  view.bias = at::cat({session.prompt_bias.narrow(0, 0, a).narrow(1, 0, P), own}, 1).view({a, 1, 1, P + C});
}

at::Tensor norm(const at::Tensor& x, const at::Tensor& weight, double eps) {
  RECORD_USER_SCOPE("aten::_fused_rms_norm");  // on CUDA one kernel of torch since 2.9, of older ones nine: it is listed as one
  return rms_norm(x, weight, eps);
}

at::Tensor product(const Linear& linear, const at::Tensor& x) {
  at::Tensor y = linear.bias.defined() ? at::addmm(linear.bias, x, linear.weight.t()) : at::mm(x, linear.weight.t());
  if (linear.adapter_a.defined()) y.addmm_(at::mm(x, linear.adapter_a.t()), linear.adapter_b.t());
  return y;
}

void add_product(at::Tensor& x, const Linear& linear, const at::Tensor& y) {
  x.addmm_(y, linear.weight.t());
  if (linear.adapter_a.defined()) x.addmm_(at::mm(y, linear.adapter_a.t()), linear.adapter_b.t());
}

void rotate_and_write(const at::Tensor& qkv, const OwnColumns& own, int64_t query_heads, const StepView& view) {
  const int64_t N = query_heads, K = own.k.size(1), H = own.k.size(3);
  const at::Tensor heads = qkv.view({view.places, N + 2 * K, H});
  at::Tensor x = heads.narrow(1, 0, N + K);
  const at::Tensor swapped = x.unflatten(2, {2, H / 2}).flip(2).flatten(2);
  at::add_out(x, x * view.cos, swapped * view.sin);  // (low, high) to (low c - high s, high c + low s)
  at::Tensor keys = own.k, values = own.v;
  keys.index_put_({view.place, view.head, view.column}, heads.narrow(1, N, K));
  values.index_put_({view.place, view.head, view.column}, heads.narrow(1, N + K, K));
}

at::Tensor attend(const at::Tensor& qkv, const PackedPrompts& prompts, const OwnColumns& own, const StepView& view) {
  const int64_t a = view.places, K = own.k.size(1), H = own.k.size(3), N = qkv.size(1) / H - 2 * K, g = N / K;
  const int64_t P = view.packed, C = view.columns;
  const auto columns = [&](const at::Tensor& x) { return x.narrow(2, 0, C).flatten(0, 1); };   // [a K, C, H]
  const auto shared = [&](const at::Tensor& x) { return x.narrow(0, 0, P).transpose(0, 1); };  // [K, P, H]
  const auto by_head = [&](const at::Tensor& x) { return x.view({a, K, g, -1}).transpose(0, 1).reshape({K, a * g, -1}); };
  const auto by_row = [&](const at::Tensor& x) { return x.view({K, a, g, -1}).transpose(0, 1); };
  const at::Tensor queries = qkv.narrow(1, 0, N * H).reshape({a * K, g, H});
  const at::Tensor own_scores = at::bmm(queries, columns(own.k).transpose(1, 2)).view({a, K, g, C});
  const at::Tensor scores = at::cat({by_row(at::bmm(by_head(queries), shared(prompts.k).transpose(1, 2))), own_scores}, -1);
  const at::Tensor weights = like(at::softmax(at::add(view.bias, scores, std::pow(H, -0.5)), -1), own.v);
  const at::Tensor of_own = at::bmm(weights.narrow(3, P, C).view({a * K, g, C}), columns(own.v));
  const at::Tensor of_prompts = at::bmm(by_head(weights.narrow(3, 0, P)), shared(prompts.v));
  return (of_own.view({a, K, g, H}) + by_row(of_prompts)).reshape({a, N * H});
}

}  // namespace videor1
