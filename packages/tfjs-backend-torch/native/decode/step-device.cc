// A step by ops whose shapes do not change and that read nothing from the host, so that a GPU's can be captured in a graph.
// Shape letters: a slots, P packed prompt tokens, C own columns, N query heads, K key/value heads, H head dim, F = H / 2, g = N / K,
// d hidden size, V vocabulary.
#include <ATen/record_function.h>
#include <cmath>
#include "compute-dtype.h"
#include "draw-rows.h"
#include "fused.h"
#include "host-write.h"
#include "session.h"

namespace videor1 {
namespace {

/** The state of the first slots. */
Rows first(const Rows& rows, int64_t slots) {
  const auto part = [&](const at::Tensor& x) { return x.defined() ? x.narrow(0, 0, slots) : x; };
  return {part(rows.last_id), part(rows.prompt), part(rows.length), part(rows.position), part(rows.counter), part(rows.seed),
          part(rows.drawn), part(rows.limit), part(rows.finished), part(rows.ids), part(rows.logps), part(rows.seen)};
}

/** On CUDA one kernel of torch since 2.9, of older ones nine: it is listed as one. */
at::Tensor norm(const at::Tensor& x, const at::Tensor& weight, double eps) {
  RECORD_USER_SCOPE("aten::_fused_rms_norm");
  return rms_norm(x, weight, eps);
}

/** x += y W^T + (y A^T) B^T, rounded where the sum is complete. */
void add_product(at::Tensor& x, const Linear& linear, const at::Tensor& y) {
  x.addmm_(y, linear.weight.t());
  if (linear.adapter_a.defined()) x.addmm_(at::mm(y, linear.adapter_a.t()), linear.adapter_b.t());
}

at::Tensor product(const Linear& linear, const at::Tensor& x) {
  at::Tensor y = linear.bias.defined() ? at::addmm(linear.bias, x, linear.weight.t()) : at::mm(x, linear.weight.t());
  if (linear.adapter_a.defined()) y.addmm_(at::mm(x, linear.adapter_a.t()), linear.adapter_b.t());
  return y;
}

/** What all layers of a step read. */
struct StepView {
  int64_t slots, columns, packed;
  at::Tensor cos, sin;                // float32 [a, 1, H]: of both halves, the first half's sine negated
  at::Tensor bias;                    // float32 [a, 1, 1, P + C]: 0 where a row sees a key, else -infinity
  at::Tensor slot, head, column;      // int64 [a, 1], [1, K] and [a, 1]: where the new keys go
};

/** Rotates the first N + K heads of qkv [a, N + 2 K, H] in place: (low, high) to (low c - high s, high c + low s). */
void rotate(const at::Tensor& qkv, int64_t heads, const StepView& view) {
  at::Tensor x = qkv.narrow(1, 0, heads);
  const int64_t F = x.size(2) / 2;
  const at::Tensor swapped = x.unflatten(2, {2, F}).flip(2).flatten(2);
  at::add_out(x, x * view.cos, swapped * view.sin);
}

/** Attention of q [a, N, H] over the packed prompts and the own columns, [a, N H]: all rows meet all packed keys, most of them hidden. */
at::Tensor attend(const at::Tensor& q, const PackedPrompts& prompts, const OwnColumns& own, const StepView& view) {
  const int64_t a = q.size(0), N = q.size(1), H = q.size(2), K = own.k.size(1), g = N / K, P = view.packed, C = view.columns;
  const auto columns = [&](const at::Tensor& x) { return x.narrow(0, 0, a).narrow(2, 0, C).flatten(0, 1); };  // [a K, C, H]
  const auto shared = [&](const at::Tensor& x) { return x.narrow(0, 0, P).transpose(0, 1); };                // [K, P, H]
  const auto by_head = [&](const at::Tensor& x) { return x.view({a, K, g, -1}).transpose(0, 1).reshape({K, a * g, -1}); };
  const auto by_row = [&](const at::Tensor& x) { return x.view({K, a, g, -1}).transpose(0, 1); };
  const at::Tensor queries = q.reshape({a * K, g, H});
  const at::Tensor own_scores = at::bmm(queries, columns(own.k).transpose(1, 2)).view({a, K, g, C});
  if (P == 0) {
    const at::Tensor weights = at::softmax(at::add(view.bias, own_scores, std::pow(H, -0.5)), -1);
    return at::bmm(like(weights, own.v).view({a * K, g, C}), columns(own.v)).view({a, N * H});
  }
  const at::Tensor scores = at::cat({by_row(at::bmm(by_head(queries), shared(prompts.k).transpose(1, 2))), own_scores}, -1);
  const at::Tensor weights = like(at::softmax(at::add(view.bias, scores, std::pow(H, -0.5)), -1), own.v);
  const at::Tensor of_own = at::bmm(weights.narrow(3, P, C).view({a * K, g, C}), columns(own.v));
  const at::Tensor of_prompts = at::bmm(by_head(weights.narrow(3, 0, P)), shared(prompts.v));
  return (of_own.view({a, K, g, H}) + by_row(of_prompts)).reshape({a, N * H});
}

StepView view_of(const DecodeSession& session, const Rows& rows, int64_t columns, int64_t packed) {
  const int64_t a = rows.length.size(0), K = session.decoder.kv_heads;
  const auto counting = [&](int64_t count) { return session.counting.narrow(0, 0, count); };
  const at::Tensor cos = session.cos.index_select(0, rows.position), sin = session.sin.index_select(0, rows.position);
  const at::Tensor hidden = counting(columns).gt(rows.length.unsqueeze(1));
  const at::Tensor own = at::zeros({a, columns}, session.cos.options()).masked_fill_(hidden, -INFINITY);
  const at::Tensor seen = session.prompt_bias.narrow(0, 0, a).narrow(1, 0, packed);
  return {a, columns, packed, at::cat({cos, cos}, 1).unsqueeze(1), at::cat({sin.neg(), sin}, 1).unsqueeze(1),
          at::cat({seen, own}, 1).view({a, 1, 1, packed + columns}),
          counting(a).unsqueeze(1), counting(K).unsqueeze(0), rows.length.to(at::kLong).unsqueeze(1)};
}

at::Tensor logits_of(DecodeSession& session, const Rows& rows, const StepView& view) {
  const Decoder& decoder = session.decoder;
  const int64_t a = view.slots, N = decoder.query_heads, K = decoder.kv_heads, H = decoder.head_dim;
  at::Tensor x = decoder.embedding.index_select(0, rows.last_id);
  for (size_t i = 0; i < decoder.layers.size(); i++) {
    RECORD_USER_SCOPE("part layer");
    const Layer& layer = decoder.layers[i];
    const at::Tensor normed = norm(x, layer.input_norm, decoder.eps);
    const at::Tensor qkv =
        at::cat({product(layer.q, normed), product(layer.k, normed), product(layer.v, normed)}, 1).view({a, N + 2 * K, H});
    rotate(qkv, N + K, view);
    at::Tensor keys = session.own[i].k, values = session.own[i].v;
    keys.index_put_({view.slot, view.head, view.column}, qkv.narrow(1, N, K));
    values.index_put_({view.slot, view.head, view.column}, qkv.narrow(1, N + K, K));
    add_product(x, layer.o, attend(qkv.narrow(1, 0, N), session.prompts[i], session.own[i], view));
    const at::Tensor y = norm(x, layer.post_norm, decoder.eps);
    at::Tensor gate = product(layer.gate, y);
    add_product(x, layer.down, at::silu_(gate).mul_(product(layer.up, y)));
  }
  return at::mm(norm(x, decoder.norm, decoder.eps), decoder.head.t());
}

}  // namespace

void step_on_device(DecodeSession& session, int64_t places, int64_t columns, int64_t packed) {
  RECORD_USER_SCOPE("part token");
  const Rows rows = first(session.rows, places);
  const at::Tensor logits = logits_of(session, rows, view_of(session, rows, columns, packed));
  draw_rows(logits, rows, {session.uniforms.narrow(0, 0, places), session.stop_ids, /*advance=*/true}, session.sampling);
}

void first_draws_on_device(DecodeSession& session, const std::vector<int64_t>& places) {
  // All rows draw from their prompts' logits, and those that were there before keep their state.
  std::vector<int64_t> ids;
  at::Tensor wait = at::full({session.room.slots}, static_cast<int64_t>(kEmpty), at::kInt);
  for (const int64_t id : session.prompt_of) ids.push_back(std::max<int64_t>(id, 0));
  for (const int64_t place : places) wait.data_ptr<int32_t>()[place] = kRuns;
  const at::Device device = session.rows.ids.device();
  const at::Tensor logits = session.prompt_logits.index_select(0, ints_on(ids, device));
  Rows rows = session.rows;
  const at::Tensor before = rows.finished, own = to_device(wait, device), is_new = own.eq(static_cast<int64_t>(kRuns));
  rows.finished = own;
  draw_rows(logits, rows, {session.uniforms, session.stop_ids, /*advance=*/false}, session.sampling);
  session.rows.finished.copy_(at::where(is_new, rows.finished, before));
}

}  // namespace videor1
