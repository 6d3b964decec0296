#include "session.h"
#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include "call.h"
#include "host-write.h"
#include "rehearse.h"

namespace videor1 {
namespace {

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

/** A and B of the linear layers that have them. */
std::vector<at::Tensor*> adapters_of(Decoder& decoder) {
  std::vector<at::Tensor*> all;
  for (Layer& each : decoder.layers) {
    for (Linear* linear : {&each.q, &each.k, &each.v, &each.o, &each.gate, &each.up, &each.down}) {
      if (!linear->adapter_a.defined()) continue;
      all.push_back(&linear->adapter_a);
      all.push_back(&linear->adapter_b);
    }
  }
  return all;
}

cuda::DecoderShape shape_of(const Decoder& decoder) {
  const Layer& layer = decoder.layers.at(0);
  cuda::DecoderShape shape{decoder.head.scalar_type(),       decoder.head.size(1), layer.gate.weight.size(0), decoder.query_heads,
                           decoder.kv_heads, decoder.head_dim,      decoder.head.size(0)};
  for (const Layer& each : decoder.layers) {
    for (const Linear& linear : {each.q, each.k, each.v, each.o, each.gate, each.up, each.down}) {
      if (!linear.adapter_a.defined()) continue;
      const int64_t rank = linear.adapter_a.size(0);
      if (shape.adapter_rank % 8 == 0) shape.adapter_rank = rank;  // one that is no multiple of 8 stays
    }
  }
  return shape;
}

/** What the last session of this thread recorded. */
struct Kept {
  std::vector<int64_t> signature;
  Steps steps;
};

Kept& kept() {
  static thread_local Kept& of_thread = *new Kept();  // never freed: CUDA may end before the thread
  return of_thread;
}

std::vector<int64_t> signature_of(const DecodeSession& session) {
  std::vector<int64_t> words;
  const auto add = [&](const at::Tensor& x) { words.push_back(x.defined() ? reinterpret_cast<int64_t>(x.data_ptr()) : 0); };
  const Decoder& decoder = session.decoder;
  for (const at::Tensor& x : {session.memory, decoder.embedding, decoder.norm, decoder.head}) add(x);
  for (const Layer& layer : decoder.layers) {
    add(layer.input_norm);
    add(layer.post_norm);
    for (const Linear& l : {layer.q, layer.k, layer.v, layer.o, layer.gate, layer.up, layer.down}) {
      for (const at::Tensor& x : {l.weight, l.bias, l.adapter_a, l.adapter_b}) add(x);
    }
  }
  const cuda::KernelSet& on = session.kernels;
  for (const bool is_on : {on.embedding, on.add_rms_norm, on.thin_product, on.rotary_cache, on.attention, on.draw}) words.push_back(is_on);
  const DecodeRoom& room = session.room;
  for (const int64_t size : {room.slots, room.tokens, room.prompts, room.prompt_tokens, session.memory.numel()}) words.push_back(size);
  const SamplingOptions& options = session.sampling;
  for (const double option : {static_cast<double>(options.sample), options.temperature, options.top_p,
                              static_cast<double>(options.top_k), options.repetition_penalty, decoder.eps}) {
    int64_t bits;
    std::memcpy(&bits, &option, sizeof bits);
    words.push_back(bits);
  }
  return words;
}

}  // namespace

DecodeSession::DecodeSession(Decoder weights, const DecodeRoom& given, const SamplingOptions& options, std::vector<int64_t> ends)
    : decoder(std::move(weights)), room(given), sampling(options), stops(std::move(ends)) {
  const at::Device device = decoder.head.device();
  fixed = device.is_cuda() || rehearses_cuda();
  if (fixed) kernels = cuda::kernels_on(device, shape_of(decoder));
  const int64_t A = room.slots, T = room.tokens, B = room.prompts, P = room.prompt_tokens, V = decoder.head.size(0);
  const int64_t K = decoder.kv_heads, H = decoder.head_dim, L = static_cast<int64_t>(decoder.layers.size());
  const at::ScalarType stored = decoder.head.scalar_type();
  prompts.resize(L);
  own.resize(L);
  const std::vector<at::Tensor*> given_adapters = adapters_of(decoder);
  std::vector<at::Tensor> adapters(given_adapters.size());
  memory = in_one_piece(device, [&](const Take& take) {
    for (at::Tensor* each : {&rows.last_id, &rows.prompt, &rows.length, &rows.position, &rows.counter, &rows.drawn, &rows.limit,
                             &rows.finished}) {
      *each = take({A}, at::kInt);
    }
    rows.seed = take({A, 2}, at::kInt);
    rows.ids = take({A, T}, at::kInt);
    rows.logps = take({A, T}, at::kFloat);
    cos = take({B * T, H / 2}, at::kFloat);
    sin = take({B * T, H / 2}, at::kFloat);
    prompt_logits = take({B, V}, stored);
    if (sampling.repetition_penalty != 1) {
      rows.seen = take({A, V}, at::kByte);
      prompt_seen = take({B, V}, at::kByte);
    }
    for (size_t i = 0; i < adapters.size(); i++) adapters[i] = take(given_adapters[i]->sizes(), stored);
    const at::Tensor offsets = take({B + 1}, at::kInt);
    for (int64_t i = 0; i < L; i++) {
      prompts[i] = {take({P, K, H}, stored), take({P, K, H}, stored), offsets};
      own[i] = {take({A, K, T, H}, stored), take({A, K, T, H}, stored)};
    }
    if (!fixed) return;
    stop_ids = take({static_cast<int64_t>(stops.size())}, at::kInt);
    uniforms = take({A, T}, at::kDouble);
    prompt_bias = take({A, P}, at::kFloat);
    counting = take({std::max({A, K, T})}, at::kLong);
  });
  // Copies of adapters, which may be converted and scaled anew for each session, lie where they lay before.
  for (size_t i = 0; i < adapters.size(); i++) *given_adapters[i] = adapters[i].copy_(*given_adapters[i]);
  rows.prompt.fill_(-1);
  rows.finished.fill_(static_cast<int64_t>(kEmpty));
  prompt_of.assign(A, -1);
  place_of.resize(A);
  std::iota(place_of.begin(), place_of.end(), 0);
  if (!fixed) return;
  stop_ids.copy_(ints_on(stops, device));
  prompt_bias.fill_(-INFINITY);
  counting.copy_(to_device(at::arange(counting.size(0)), device));
  signature = signature_of(*this);
  if (kept().signature == signature) steps = std::move(kept().steps);
  kept() = {};
}

DecodeSession::~DecodeSession() {
  if (memory.defined() && memory.is_cuda()) kept() = {std::move(signature), std::move(steps)};
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
  const std::vector<int64_t> zeros(slots.size(), 0), limits(slots.size(), room.tokens);
  std::vector<int64_t> places, positions, words;
  for (size_t i = 0; i < slots.size(); i++) {
    places.push_back(place_of[slots[i]]);
    prompt_of[places.back()] = of_prompts[i];
    positions.push_back(of_prompts[i] * room.tokens);
    for (const uint32_t word : seeds[i]) words.push_back(static_cast<int32_t>(word));
  }
  const at::Tensor at_places = ints_on(places, device);
  for (const at::Tensor& each : {rows.length, rows.counter, rows.drawn, rows.finished}) put(each, at_places, zeros);
  put(rows.limit, at_places, limits);
  put(rows.position, at_places, positions);
  rows.seed.index_copy_(0, at_places, ints_on(words, device).to(at::kInt).view({-1, 2}));
  if (rows.seen.defined()) rows.seen.index_copy_(0, at_places, prompt_seen.index_select(0, ints_on(of_prompts, device)));
  place_rows(*this);
  if (!fixed) return first_draws_on_cpu(*this, places);
  uniforms.index_copy_(0, at_places, to_device(uniforms_of(seeds, room.tokens), device));
  first_draws_on_device(*this, places);
}

at::Tensor DecodeSession::by_slot(const at::Tensor& state) const {
  if (std::is_sorted(place_of.begin(), place_of.end())) return state;
  return state.index_select(0, ints_on(place_of, state.device()));
}

at::Tensor DecodeSession::step(int64_t tokens) {
  const auto state = [&] {
    const at::Tensor read = at::stack({rows.finished, rows.drawn, rows.length, rows.limit}, 1).cpu();
    for (int64_t place = 0; place < room.slots; place++) {
      if (read.data_ptr<int32_t>()[4 * place] != kNotFinite) continue;
      throw NonFiniteLogitsError("the logits of the row at place " + std::to_string(place) + " are not finite");
    }
    return read;
  };
  at::Tensor now = state();
  int64_t running = 0, left = 0;
  for (int64_t place = 0; place < room.slots; place++) {
    const int32_t* row = now.data_ptr<int32_t>() + 4 * place;
    if (row[0] != kRuns) continue;
    running++;
    left = std::max<int64_t>(left, row[3] - row[1]);
  }
  const int64_t count = std::min(tokens, left);
  if (count > 0) {
    if (fixed) {
      steps_on_device(*this, count, now);
    } else {
      const auto run = [&] { return rows.finished.eq(static_cast<int64_t>(kRuns)).sum().item<int64_t>(); };
      for (int64_t i = 0; i < count && run() == running; i++) step_on_cpu(*this);
    }
    now = state();
  }
  return by_slot(now.narrow(1, 0, 2)).contiguous();
}

void DecodeSession::drop_rows(const std::vector<int64_t>& slots) {
  std::vector<int64_t> places;
  for (const int64_t slot : slots) places.push_back(place_of[slot]);
  put(rows.finished, ints_on(places, rows.ids.device()), std::vector<int64_t>(slots.size(), kEmpty));
}

void DecodeSession::drop_prompt(int64_t id) {
  for (PackedPrompt& prompt : packed) {
    if (prompt.id == id) prompt.dropped = true;
  }
}

}  // namespace videor1
