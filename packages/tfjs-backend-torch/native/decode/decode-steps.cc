// The decode loop of a batch: each step runs the text model over one token per row and draws the next.
// Shape letters: A rows, F half a head dim, V vocabulary.
#include <ATen/Parallel.h>
#include <algorithm>
#include "call.h"
#include "compute-dtype.h"
#include "decoder.h"
#include "draw-rows.h"
#include "recorded.h"
#include "rehearse.h"
#include "sampling.h"

namespace videor1 {
namespace {

/** The rows' state between steps. */
struct Rows {
  std::vector<int64_t> last_ids, finished;
  std::vector<SeedWords> seeds;
  std::vector<std::unordered_set<int64_t>> seen;  // filled only for a repetition penalty
};

/** Draws a token for each unfinished row, by `sample_of`; ids and logps [A] get -1 and 0 for the others. */
template <typename SampleOf>
void draw(Rows& rows, const std::vector<int64_t>& stops, int32_t* ids, float* logps, const SampleOf& sample_of) {
  at::parallel_for(0, rows.last_ids.size(), 1, [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; row++) {
      ids[row] = -1;
      logps[row] = 0;
      if (rows.finished[row]) continue;
      const Sample sample = sample_of(row);
      ids[row] = static_cast<int32_t>(sample.id);
      logps[row] = static_cast<float>(sample.logp);
      rows.last_ids[row] = sample.id;
      if (!rows.seen.empty()) rows.seen[row].insert(sample.id);
      rows.finished[row] = std::find(stops.begin(), stops.end(), sample.id) != stops.end();
    }
  });
}

at::Tensor ids_on(const std::vector<int64_t>& values, at::Device device) {
  return at::tensor(values, at::TensorOptions().dtype(at::kLong)).to(device);
}

/** uniform_at of every row, [A, 1]. */
at::Tensor uniforms(const std::vector<SeedWords>& seeds, uint32_t n) {
  at::Tensor values = at::empty({static_cast<int64_t>(seeds.size()), 1}, at::kDouble);
  for (size_t row = 0; row < seeds.size(); row++) values.data_ptr<double>()[row] = uniform_at(seeds[row], n);
  return values;
}

/** Marks the ids of each row that the repetition penalty applies to. */
at::Tensor marks(const std::vector<std::unordered_set<int64_t>>& seen, int64_t vocabulary) {
  at::Tensor marked = at::zeros({static_cast<int64_t>(seen.size()), vocabulary}, at::kBool);
  for (size_t row = 0; row < seen.size(); row++) {
    for (const int64_t id : seen[row]) marked.data_ptr<bool>()[row * vocabulary + id] = true;
  }
  return marked;
}

}  // namespace
}  // namespace videor1

// At most 32 steps on the CPU and 128 on CUDA, where each call captures a graph anew.
// Tensors: embedding, norm, head, cos and sin [steps, A, F], prompt mask or none, then 16 per layer: input norm, W and b of q, k
// and v, W of o, post norm, W of gate, up and down, four caches; of an adapted decoder 14 more: A and B of the seven, or none.
// Integers: whether it is adapted, query heads, key/value heads, own columns in use, index of the first draw, whether to
// sample, top-k, and lists: prompt of each row, last ids, finished, seeds (low and high word of each), stops; with a penalty
// the seen ids of each row. Numbers: scale of the adapter, eps, temperature, top-p, repetition penalty.
// Outputs: ids int32 [done, A], -1 where a row had ended, and logps.
KERNEL(DecodeSteps) {
  using namespace videor1;
  Decoder decoder{call.tensor(0), call.tensor(1), call.tensor(2)};
  const at::Tensor cos = call.tensor(3).unsqueeze(2), sin = call.tensor(4).unsqueeze(2);
  const at::Tensor& head = decoder.head;
  const auto optional = [&](size_t i) { return call.has(i) ? call.tensor(i) : at::Tensor(); };
  const bool adapted = call.flag();
  const double adapter_scale = call.number();
  for (size_t i = 6; i < call.count(); i += adapted ? 30 : 16) {
    const auto t = [&](size_t j) { return call.tensor(i + j); };
    const auto with_adapter = [&](size_t place, const at::Tensor& weight, const at::Tensor& bias) {
      const size_t at = i + 16 + 2 * place;
      if (!adapted || !call.has(at)) return Linear{weight, bias, {}, {}};
      return Linear{weight, bias, like(call.tensor(at), head), like(as_float(call.tensor(at + 1)) * adapter_scale, head)};
    };
    decoder.layers.push_back({t(0), t(8), with_adapter(0, t(1), t(2)), with_adapter(1, t(3), t(4)), with_adapter(2, t(5), t(6)),
                              with_adapter(3, t(7), {}), with_adapter(4, t(9), {}), with_adapter(5, t(10), {}),
                              with_adapter(6, t(11), {}), {t(12), t(13), t(14), t(15)}});
  }
  decoder.query_heads = call.integer();
  decoder.kv_heads = call.integer();
  int64_t column = call.integer();
  const uint32_t first_draw = static_cast<uint32_t>(call.integer());
  SamplingOptions sampling{};
  sampling.sample = call.flag();
  sampling.top_k = call.integer();
  StepInputs in;
  in.view.prompt_of = call.list();
  in.view.prompt_mask = optional(5);
  Rows rows;
  rows.last_ids = call.list();
  rows.finished = call.list();
  const std::vector<int64_t> words = call.list(), stops = call.list();
  decoder.eps = call.number();
  sampling.temperature = call.number();
  sampling.top_p = call.number();
  sampling.repetition_penalty = call.number();
  const at::Device device = head.device();
  const bool fixed = device.is_cuda() || rehearses_cuda();  // a graph's shapes do not change: all columns, some hidden
  const int64_t A = rows.last_ids.size(), V = head.size(0), steps = std::min<int64_t>(cos.size(0), fixed ? 128 : 32);
  for (int64_t row = 0; row < A; row++) {
    rows.seeds.push_back({static_cast<uint32_t>(words[2 * row]), static_cast<uint32_t>(words[2 * row + 1])});
    if (sampling.repetition_penalty == 1) continue;
    const std::vector<int64_t> seen = call.list();
    rows.seen.emplace_back(seen.begin(), seen.end());
  }

  const int64_t room = decoder.layers.at(0).cache.own_k.size(1);
  TORCH_CHECK(column + steps <= room, steps, " steps from column ", column, " do not fit into ", room, " columns");
  in.ids = ids_on(rows.last_ids, device);
  in.cos = cos[0].clone();
  in.sin = sin[0].clone();
  in.column = ids_on({column}, device);
  in.view.used = column + 1;
  const at::Tensor columns = at::arange(room, in.column.options());
  const auto hide_later = [&] { return at::zeros({room}, head.options().dtype(at::kFloat)).masked_fill(columns > in.column, -INFINITY); };
  std::vector<PrefixCache> given;
  if (fixed) {
    for (Layer& layer : decoder.layers) {
      given.push_back(layer.cache);
      layer.cache = sorted_by_head(layer.cache);
    }
    in.view.used = room;
    in.view.own_bias = hide_later();
    in.uniform = uniforms(rows.seeds, first_draw).to(device);
    if (!rows.seen.empty()) in.seen = marks(rows.seen, V).to(device);
  }
  at::Tensor logits;
  Recorded forward(device, [&] {
    logits = decoder_step(decoder, in);
    return fixed ? draw_rows(logits, in.uniform, in.seen, sampling) : logits;
  });
  at::Tensor ids = at::empty({steps, A}, at::kInt), logps = at::empty({steps, A}, at::kFloat);
  int64_t done = 0;
  const auto ended = [&] { return std::all_of(rows.finished.begin(), rows.finished.end(), [](int64_t flag) { return flag; }); };
  const std::unordered_set<int64_t> none_seen;
  while (done < steps && !ended()) {
    const at::Tensor host = forward.run().cpu().contiguous();  // logits [A, V], or what draw_rows gives
    const uint32_t n = first_draw + static_cast<uint32_t>(done);
    const auto choose_from = [&](const float* row_logits, int64_t row) {
      return choose(row_logits, V, sampling, rows.seen.empty() ? none_seen : rows.seen[row], rows.seeds[row], n);
    };
    draw(rows, stops, ids.data_ptr<int32_t>() + done * A, logps.data_ptr<float>() + done * A, [&](int64_t row) {
      if (!fixed) return choose_from(host.data_ptr<float>() + row * V, row);
      const double* drawn = host.data_ptr<double>() + 3 * row;
      if (drawn[2] != 0) return Sample{static_cast<int64_t>(drawn[0]), drawn[1]};
      return choose_from(logits[row].cpu().contiguous().data_ptr<float>(), row);
    });
    if (++done == steps) break;
    column++;
    in.ids.copy_(ids_on(rows.last_ids, device));
    in.cos.copy_(cos[done]);
    in.sin.copy_(sin[done]);
    in.column.fill_(column);
    if (!fixed) {
      in.view.used = column + 1;
      continue;
    }
    in.view.own_bias.copy_(hide_later());
    in.uniform.copy_(uniforms(rows.seeds, n + 1));
    if (in.seen.defined()) in.seen.scatter_(1, in.ids.unsqueeze(1), true);
  }
  for (size_t i = 0; i < given.size(); i++) {
    given[i].own_k.copy_(decoder.layers[i].cache.own_k);
    given[i].own_v.copy_(decoder.layers[i].cache.own_v);
  }
  call.output(ids.narrow(0, 0, done).contiguous().to(call.device()));
  call.output(logps.narrow(0, 0, done).contiguous().to(call.device()));
}
