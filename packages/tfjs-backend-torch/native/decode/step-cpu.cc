// A step on the CPU: only the rows that run are computed. Shape letters: n rows that run, N query heads, K key/value heads,
// H head dim, V vocabulary.
#include <ATen/Parallel.h>
#include <algorithm>
#include "compute-dtype.h"
#include "fused.h"
#include "row-attention.h"
#include "session.h"

namespace videor1 {
namespace {

/** to[slot, :, length] = x [n, K, H] for each row. */
void write_columns(const at::Tensor& to, const at::Tensor& x, const std::vector<RowView>& rows) {
  const at::Tensor values = like(x, to).contiguous();
  const int64_t K = to.size(1), T = to.size(2), bytes = to.size(3) * to.element_size();
  char* columns = static_cast<char*>(to.data_ptr());
  const char* value = static_cast<const char*>(values.data_ptr());
  for (const RowView& row : rows) {
    for (int64_t head = 0; head < K; head++, value += bytes) {
      std::memcpy(columns + ((row.slot * K + head) * T + row.used - 1) * bytes, value, bytes);
    }
  }
}

/** Draws a token for the row of each slot from logits [n, V], float32, and moves it on; `advance` as in a step. */
void draw_rows_on_cpu(DecodeSession& session, const std::vector<int64_t>& slots, const at::Tensor& logits, bool advance) {
  Rows& rows = session.rows;
  const int64_t V = logits.size(1), T = session.room.tokens;
  const float* values = logits.data_ptr<float>();
  const auto at = [](const at::Tensor& x, int64_t slot) -> int32_t& { return x.data_ptr<int32_t>()[slot]; };
  at::parallel_for(0, static_cast<int64_t>(slots.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++) {
      const int64_t slot = slots[i];
      const int32_t* words = rows.seed.data_ptr<int32_t>() + 2 * slot;
      const SeedWords seed{static_cast<uint32_t>(words[0]), static_cast<uint32_t>(words[1])};
      uint8_t* seen = rows.seen.defined() ? rows.seen.data_ptr<uint8_t>() + slot * V : nullptr;
      const Sample sample = choose(values + i * V, V, session.sampling, seen, seed, at(rows.counter, slot)++);
      int32_t& drawn = at(rows.drawn, slot);
      rows.ids.data_ptr<int32_t>()[slot * T + drawn] = static_cast<int32_t>(sample.id);
      rows.logps.data_ptr<float>()[slot * T + drawn] = static_cast<float>(sample.logp);
      drawn++;
      at(rows.last_id, slot) = static_cast<int32_t>(sample.id);
      if (seen) seen[sample.id] = 1;
      const bool stopped = std::find(session.stops.begin(), session.stops.end(), sample.id) != session.stops.end();
      if (stopped || drawn == at(rows.limit, slot)) at(rows.finished, slot) = stopped ? kStopped : kFull;
      if (!advance) continue;
      at(rows.length, slot)++;
      at(rows.position, slot)++;
    }
  });
}

}  // namespace

void step_on_cpu(DecodeSession& session) {
  const Rows& state = session.rows;
  std::vector<RowView> rows;
  std::vector<int64_t> slots, last_ids, positions;
  for (int64_t slot = 0; slot < session.room.slots; slot++) {
    if (state.finished.data_ptr<int32_t>()[slot] != kRuns) continue;
    const PackedPrompt& prompt = session.packed[state.prompt.data_ptr<int32_t>()[slot]];
    rows.push_back({slot, prompt.first, prompt.length, state.length.data_ptr<int32_t>()[slot] + 1});
    slots.push_back(slot);
    last_ids.push_back(state.last_id.data_ptr<int32_t>()[slot]);
    positions.push_back(state.position.data_ptr<int32_t>()[slot]);
  }
  const int64_t n = static_cast<int64_t>(slots.size());
  const Decoder& decoder = session.decoder;
  const at::Tensor at_positions = at::tensor(positions, at::kLong);
  const at::Tensor cos = session.cos.index_select(0, at_positions).unsqueeze(1), sin = session.sin.index_select(0, at_positions).unsqueeze(1);
  const auto heads = [&](const at::Tensor& y, int64_t count) { return y.view({n, 1, count, -1}); };
  at::Tensor x = decoder.embedding.index_select(0, at::tensor(last_ids, at::kLong));
  for (size_t i = 0; i < decoder.layers.size(); i++) {
    const Layer& layer = decoder.layers[i];
    const at::Tensor normed = rms_norm(x, layer.input_norm, decoder.eps);
    const at::Tensor q = heads(layer.q(normed), decoder.query_heads);
    write_columns(session.own[i].k, rotary_embedding(heads(layer.k(normed), decoder.kv_heads), cos, sin, 1), rows);
    write_columns(session.own[i].v, layer.v(normed), rows);
    const at::Tensor attended = row_attention(rotary_embedding(q, cos, sin, 1).squeeze(1), session.prompts[i], session.own[i], rows);
    x = x + layer.o(attended.view({n, -1}));
    const at::Tensor y = rms_norm(x, layer.post_norm, decoder.eps);
    x = x + layer.down(swiglu(layer.gate(y), layer.up(y)));
  }
  const at::Tensor logits = as_float(linear(rms_norm(x, decoder.norm, decoder.eps), decoder.head, at::Tensor()));
  draw_rows_on_cpu(session, slots, logits.contiguous(), /*advance=*/true);
}

void first_draws_on_cpu(DecodeSession& session, const std::vector<int64_t>& slots) {
  std::vector<int64_t> ids;
  for (const int64_t slot : slots) ids.push_back(session.prompt_of[slot]);
  const at::Tensor logits = as_float(session.prompt_logits.index_select(0, at::tensor(ids, at::kLong))).contiguous();
  draw_rows_on_cpu(session, slots, logits, /*advance=*/false);
}

}  // namespace videor1
