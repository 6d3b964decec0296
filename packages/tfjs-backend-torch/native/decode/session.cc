#include "session.h"
#include <algorithm>
#include <string>
#include "call.h"
#include "rehearse.h"

namespace videor1 {
namespace {

at::Tensor ints_on(const std::vector<int64_t>& values, at::Device device) {
  return at::tensor(values, at::TensorOptions().dtype(at::kLong)).to(device);
}

/** to[slots] = values, one a slot. */
void put(const at::Tensor& to, const at::Tensor& slots, const std::vector<int64_t>& values) {
  to.index_copy_(0, slots, ints_on(values, to.device()).to(to.scalar_type()).view({static_cast<int64_t>(values.size())}));
}

at::Tensor uniforms_of(const std::vector<SeedWords>& seeds, int64_t draws) {
  at::Tensor values = at::empty({static_cast<int64_t>(seeds.size()), draws}, at::kDouble);
  double* value = values.data_ptr<double>();
  for (const SeedWords& seed : seeds) {
    for (int64_t n = 0; n < draws; n++) *value++ = uniform_at(seed, static_cast<uint32_t>(n));
  }
  return values;
}

/** The least of 128, 256, 512 ... that holds `count`, or `most`. */
int64_t bucket_of(int64_t count, int64_t most) {
  int64_t size = 128;
  while (size < count) size *= 2;
  return std::min(size, most);
}

}  // namespace

DecodeSession::DecodeSession(Decoder weights, const DecodeRoom& given, const SamplingOptions& options, std::vector<int64_t> ends)
    : decoder(std::move(weights)), room(given), sampling(options), stops(std::move(ends)) {
  const at::Device device = decoder.head.device();
  fixed = device.is_cuda() || rehearses_cuda();
  const int64_t A = room.slots, T = room.tokens, B = room.prompts, P = room.prompt_tokens, V = decoder.head.size(0);
  const int64_t K = decoder.kv_heads, H = decoder.head_dim;
  const auto of = [&](at::ScalarType type) { return at::TensorOptions().dtype(type).device(device); };
  const auto zeros = [&](at::IntArrayRef sizes, at::ScalarType type) { return at::zeros(sizes, of(type)); };
  for (at::Tensor* each : {&rows.last_id, &rows.length, &rows.position, &rows.counter, &rows.drawn, &rows.limit}) {
    *each = zeros({A}, at::kInt);
  }
  rows.prompt = at::full({A}, -1, of(at::kInt));
  rows.finished = at::full({A}, static_cast<int64_t>(kEmpty), of(at::kInt));
  rows.seed = zeros({A, 2}, at::kInt);
  rows.ids = zeros({A, T}, at::kInt);
  rows.logps = zeros({A, T}, at::kFloat);
  prompt_of.assign(A, -1);
  const bool penalised = sampling.repetition_penalty != 1;
  if (penalised) {
    rows.seen = zeros({A, V}, at::kByte);
    prompt_seen = zeros({B, V}, at::kByte);
  }
  cos = zeros({B * T, H / 2}, at::kFloat);
  sin = zeros({B * T, H / 2}, at::kFloat);
  prompt_logits = zeros({B, V}, decoder.head.scalar_type());
  const at::Tensor offsets = zeros({B + 1}, at::kInt);
  const at::ScalarType stored = decoder.head.scalar_type();
  // Columns that no token has reached are read with weight 0 where shapes are fixed: they must be finite.
  const auto cache = [&](at::IntArrayRef sizes) { return fixed ? zeros(sizes, stored) : at::empty(sizes, of(stored)); };
  for (size_t i = 0; i < decoder.layers.size(); i++) {
    prompts.push_back({cache({P, K, H}), cache({P, K, H}), offsets});
    own.push_back({cache({A, K, T, H}), cache({A, K, T, H})});
  }
  if (!fixed) return;
  stop_ids = ints_on(stops, device).to(at::kInt);
  uniforms = zeros({A, T}, at::kDouble);
  prompt_bias = at::full({A, P}, -INFINITY, of(at::kFloat));
}

void DecodeSession::add_prompt(int64_t id, const std::vector<at::Tensor>& keys_values, const at::Tensor& logits,
                               const at::Tensor& cosines, const at::Tensor& sines, const std::vector<int64_t>& seen) {
  pack(*this, id, keys_values);
  prompt_logits[id].copy_(logits);
  cos.narrow(0, id * room.tokens, cosines.size(0)).copy_(cosines);
  sin.narrow(0, id * room.tokens, sines.size(0)).copy_(sines);
  if (!prompt_seen.defined()) return;
  at::Tensor marks = prompt_seen[id].zero_();
  if (!seen.empty()) marks.index_fill_(0, ints_on(seen, marks.device()), 1);
}

void DecodeSession::add_rows(const std::vector<int64_t>& slots, const std::vector<int64_t>& of_prompts,
                             const std::vector<SeedWords>& seeds) {
  const at::Device device = rows.ids.device();
  const at::Tensor places = ints_on(slots, device);
  const std::vector<int64_t> zeros(slots.size(), 0), limits(slots.size(), room.tokens);
  std::vector<int64_t> positions, words;
  for (size_t i = 0; i < slots.size(); i++) {
    prompt_of[slots[i]] = of_prompts[i];
    positions.push_back(of_prompts[i] * room.tokens);
    for (const uint32_t word : seeds[i]) words.push_back(static_cast<int32_t>(word));
  }
  for (const at::Tensor& each : {rows.length, rows.counter, rows.drawn, rows.finished}) put(each, places, zeros);
  put(rows.limit, places, limits);
  put(rows.position, places, positions);
  rows.seed.index_copy_(0, places, ints_on(words, device).to(at::kInt).view({-1, 2}));
  if (rows.seen.defined()) rows.seen.index_copy_(0, places, prompt_seen.index_select(0, ints_on(of_prompts, device)));
  place_rows(*this);
  if (!fixed) return first_draws_on_cpu(*this, slots);
  uniforms.index_copy_(0, places, uniforms_of(seeds, room.tokens).to(device));
  first_draws_on_device(*this, slots);
}

at::Tensor DecodeSession::step(int64_t tokens) {
  const auto state = [&] {
    const at::Tensor read = at::stack({rows.finished, rows.drawn, rows.length, rows.limit}, 1).cpu();
    for (int64_t slot = 0; slot < room.slots; slot++) {
      if (read.data_ptr<int32_t>()[4 * slot] != kNotFinite) continue;
      throw NonFiniteLogitsError("the logits of row " + std::to_string(slot) + " are not finite");
    }
    return read;
  };
  at::Tensor now = state();
  const auto most = [&](int column) {  // of the rows that run
    int64_t largest = -1;
    for (int64_t slot = 0; slot < room.slots; slot++) {
      const int32_t* row = now.data_ptr<int32_t>() + 4 * slot;
      if (row[0] == kRuns) largest = std::max<int64_t>(largest, column < 0 ? slot : row[column] - (column == 3 ? row[1] : 0));
    }
    return largest;
  };
  const int64_t last = most(-1);
  if (last >= 0) {
    const int64_t count = std::min(tokens, most(3));
    if (fixed) {
      // A graph reads all columns of its bucket; the block's last step reads column `length + count - 1`.
      const int64_t used = packed.empty() ? 0 : packed.back().first + packed.back().length;
      const std::array<int64_t, 3> sizes{room.slots, bucket_of(most(2) + count, room.tokens), bucket_of(used, room.prompt_tokens)};
      std::unique_ptr<Recorded>& recorded = steps[sizes];
      if (!recorded) {
        const auto body = [this, sizes] { step_on_device(*this, sizes[0], sizes[1], sizes[2]); };
        recorded = std::make_unique<Recorded>(rows.ids.device(), body);
      }
      for (int64_t i = 0; i < count; i++) recorded->run();
    } else {
      const auto running = [&] { return rows.finished.eq(static_cast<int64_t>(kRuns)).sum().item<int64_t>(); };
      const int64_t before = running();
      for (int64_t i = 0; i < count && running() == before; i++) step_on_cpu(*this);
    }
    now = state();
  }
  return now.narrow(1, 0, 2).contiguous();
}

void DecodeSession::drop_rows(const std::vector<int64_t>& slots) {
  put(rows.finished, ints_on(slots, rows.ids.device()), std::vector<int64_t>(slots.size(), kEmpty));
}

void DecodeSession::drop_prompt(int64_t id) {
  for (PackedPrompt& prompt : packed) {
    if (prompt.id == id) prompt.dropped = true;
  }
}

std::vector<at::Tensor> DecodeSession::tensors() const {
  std::vector<at::Tensor> all{rows.last_id, rows.prompt, rows.length, rows.position, rows.counter, rows.seed,
                              rows.drawn, rows.limit, rows.finished, rows.ids, rows.logps, rows.seen,
                              cos, sin, prompt_logits, prompt_seen, stop_ids, uniforms, prompt_bias};
  for (size_t i = 0; i < own.size(); i++) {
    for (const at::Tensor& x : {prompts[i].k, prompts[i].v, prompts[i].offsets, own[i].k, own[i].v}) all.push_back(x);
  }
  all.erase(std::remove_if(all.begin(), all.end(), [](const at::Tensor& x) { return !x.defined(); }), all.end());
  return all;
}

}  // namespace videor1
