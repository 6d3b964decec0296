// A step that reads nothing from the host, so that a GPU's can be captured in a graph: each part by a kernel of ../cuda where it is
// switched on, else by ATen's ops. The kernels are not yet run on a GPU.
// Shape letters: a places, N query heads, K key/value heads, H head dim, d hidden size, r rank of an adapter, V vocabulary.
#include <ATen/record_function.h>
#include <algorithm>
#include "device-ops.h"
#include "draw-rows.h"
#include "host-write.h"
#include "session.h"

namespace videor1 {
namespace {

constexpr int64_t kDrawnTogether = 32;  // rows; ATen's draw holds about ten [rows, vocabulary] tensors in float64

/** The state of the rows at some places. */
Rows part_of(const Rows& rows, int64_t first, int64_t places) {
  const auto part = [&](const at::Tensor& x) { return x.defined() ? x.narrow(0, first, places) : x; };
  return {part(rows.last_id), part(rows.prompt), part(rows.length), part(rows.position), part(rows.counter), part(rows.seed),
          part(rows.drawn), part(rows.limit), part(rows.finished), part(rows.ids), part(rows.logps), part(rows.seen)};
}

/** The layers of a step, whose parts are kernels or ops. */
struct DeviceStep {
  DecodeSession& session;
  const Decoder& decoder = session.decoder;
  const cuda::KernelSet& on = session.kernels;
  StepView view;
  at::Tensor x;        // [a, d]
  at::Tensor addend;   // [a, d], what the next norm adds to x; undefined: nothing
  at::Tensor workspace;

  at::Tensor made(int64_t columns) const { return at::empty({view.places, columns}, x.options()); }

  at::Tensor embedded() const {
    if (!on.embedding) return decoder.embedding.index_select(0, view.rows.last_id);
    const at::Tensor y = at::empty({view.places, decoder.embedding.size(1)}, decoder.embedding.options());
    cuda::embedding(decoder.embedding, view.rows.last_id, y);
    return y;
  }

  at::Tensor normed(const at::Tensor& weight) {
    if (!on.add_rms_norm) {
      if (addend.defined()) x.add_(addend);
      addend = at::Tensor();
      return norm(x, weight, decoder.eps);
    }
    const at::Tensor y = made(x.size(1));
    cuda::add_rms_norm(x, addend, weight, decoder.eps, y);
    addend = at::Tensor();
    return y;
  }

  /** The linear layers as the thin product takes them; those with adapters cost one product more, of their A. */
  std::vector<cuda::Matrix> matrices(const at::Tensor& from, const std::vector<Linear>& linears) const {
    std::vector<cuda::Matrix> all, lows;
    int64_t ranks = 0;
    for (const Linear& linear : linears) {
      all.push_back({linear.weight, linear.bias, {}, linear.adapter_b});
      if (!linear.adapter_a.defined()) continue;
      lows.push_back({linear.adapter_a, {}, {}, {}});
      ranks += linear.adapter_a.size(0);
    }
    if (lows.empty()) return all;
    const at::Tensor low = made(ranks);
    cuda::thin_product(from, lows, low);
    int64_t column = 0;
    for (cuda::Matrix& matrix : all) {
      if (!matrix.adapter_b.defined()) continue;
      matrix.low = low.narrow(1, column, matrix.adapter_b.size(1));
      column += matrix.adapter_b.size(1);
    }
    return all;
  }

  /** The products of x with some linear layers side by side. */
  at::Tensor products(const at::Tensor& from, const std::vector<Linear>& linears) const {
    if (!on.thin_product) {
      std::vector<at::Tensor> parts;
      for (const Linear& linear : linears) parts.push_back(product(linear, from));
      return parts.size() == 1 ? parts[0] : at::cat(parts, 1);
    }
    int64_t columns = 0;
    for (const Linear& linear : linears) columns += linear.weight.size(0);
    const at::Tensor y = made(columns);
    cuda::thin_product(from, matrices(from, linears), y);
    return y;
  }

  /** x += linear(from), now or with the next norm. */
  void add(const Linear& linear, const at::Tensor& from) {
    if (on.thin_product || on.add_rms_norm) {
      addend = products(from, {linear});
    } else {
      add_product(x, linear, from);
    }
  }

  at::Tensor gated(const Layer& layer, const at::Tensor& from) const {
    if (!on.thin_product) {
      at::Tensor gate = product(layer.gate, from);
      return at::silu_(gate).mul_(product(layer.up, from));
    }
    const at::Tensor y = made(layer.gate.weight.size(0));
    const std::vector<cuda::Matrix> both = matrices(from, {layer.gate, layer.up});
    cuda::thin_gate_up(from, both[0], both[1], y);
    return y;
  }

  at::Tensor attended(const at::Tensor& qkv, const PackedPrompts& prompts, const OwnColumns& all) const {
    const OwnColumns own{all.k.narrow(0, 0, view.places), all.v.narrow(0, 0, view.places)};
    if (on.rotary_cache) {
      cuda::rotary_cache(qkv, session.cos, session.sin, view.rows, own);
    } else {
      rotate_and_write(qkv, own, decoder.query_heads, view);
    }
    if (!on.attention) return attend(qkv, prompts, own, view);
    const at::Tensor y = made(decoder.query_heads * decoder.head_dim);
    cuda::attention(qkv, prompts, own, view.rows, view.packed, workspace, y);
    return y;
  }

  at::Tensor logits() {
    x = embedded();
    if (!on.rotary_cache) view_positions(session, view);
    if (!on.attention) view_keys(session, view);
    if (on.attention) {
      const int64_t size = cuda::attention_workspace(view.places, decoder.query_heads, decoder.head_dim, view.packed, session.room.tokens);
      workspace = at::empty({size}, x.options().dtype(at::kFloat));
    }
    for (size_t i = 0; i < decoder.layers.size(); i++) {
      RECORD_USER_SCOPE("part layer");
      const Layer& layer = decoder.layers[i];
      const at::Tensor qkv = products(normed(layer.input_norm), {layer.q, layer.k, layer.v});
      add(layer.o, attended(qkv, session.prompts[i], session.own[i]));
      add(layer.down, gated(layer, normed(layer.post_norm)));
    }
    return products(normed(decoder.norm), {Linear{decoder.head, {}, {}, {}}});
  }
};

void draw(DecodeSession& session, const at::Tensor& logits, const Rows& rows, bool advance) {
  if (session.kernels.draw) {
    const at::Tensor workspace = at::empty({cuda::draw_workspace(logits.size(0), logits.size(1))}, logits.options().dtype(at::kByte));
    return cuda::draw(logits, rows, session.stop_ids, session.sampling, advance, workspace);
  }
  for (int64_t first = 0; first < logits.size(0); first += kDrawnTogether) {
    const int64_t count = std::min(kDrawnTogether, logits.size(0) - first);
    draw_rows(logits.narrow(0, first, count), part_of(rows, first, count),
              {session.uniforms.narrow(0, first, count), session.stop_ids, advance}, session.sampling);
  }
}

}  // namespace

void step_on_device(DecodeSession& session, int64_t places, int64_t columns, int64_t packed) {
  RECORD_USER_SCOPE("part token");
  DeviceStep step{session};
  step.view = {places, columns, packed, part_of(session.rows, 0, places)};
  const at::Tensor logits = step.logits();
  draw(session, logits, step.view.rows, /*advance=*/true);
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
  const at::Tensor before = rows.finished, is_new = to_device(wait, device).eq(static_cast<int64_t>(kRuns));
  rows.finished = to_device(wait, device).clone();
  draw(session, logits, rows, /*advance=*/false);
  session.rows.finished.copy_(at::where(is_new, rows.finished, before));
}

}  // namespace videor1
