#include <algorithm>
#include "host-write.h"
#include "session.h"

namespace videor1 {
namespace {

/** Moves the prompts that are not dropped together. */
void close_gaps(DecodeSession& session) {
  std::vector<PackedPrompt> kept;
  int64_t next = 0;
  for (const PackedPrompt& prompt : session.packed) {
    if (prompt.dropped) continue;
    if (prompt.first != next) {
      for (PackedPrompts& layer : session.prompts) {
        for (const at::Tensor& x : {layer.k, layer.v}) {
          x.narrow(0, next, prompt.length).copy_(x.narrow(0, prompt.first, prompt.length).clone());
        }
      }
    }
    kept.push_back({prompt.id, next, prompt.length, false});
    next += prompt.length;
  }
  session.packed = std::move(kept);
}

}  // namespace

void pack(DecodeSession& session, int64_t id, const std::vector<at::Tensor>& keys_values) {
  const int64_t length = keys_values.at(0).size(0);
  const auto first_free = [&] { return session.packed.empty() ? 0 : session.packed.back().first + session.packed.back().length; };
  const auto fits = [&] {
    return first_free() + length <= session.room.prompt_tokens &&
           static_cast<int64_t>(session.packed.size()) < session.room.prompts;
  };
  if (!fits()) close_gaps(session);
  TORCH_CHECK(fits(), "a prompt of ", length, " tokens does not fit beside ", first_free(), " of ", session.room.prompt_tokens);
  const int64_t first = first_free();
  for (size_t i = 0; i < session.prompts.size(); i++) {
    session.prompts[i].k.narrow(0, first, length).copy_(keys_values[2 * i]);
    session.prompts[i].v.narrow(0, first, length).copy_(keys_values[2 * i + 1]);
  }
  session.packed.push_back({id, first, length, false});
  place_rows(session);
}

void place_rows(DecodeSession& session) {
  const int64_t A = session.room.slots, B = session.room.prompts;
  at::Tensor offsets = at::zeros({B + 1}, at::kInt), place = at::full({A}, -1, at::kInt);
  const int64_t used = session.packed.empty() ? 0 : session.packed.back().first + session.packed.back().length;
  offsets.fill_(used);
  for (size_t i = 0; i < session.packed.size(); i++) {
    offsets.data_ptr<int32_t>()[i] = static_cast<int32_t>(session.packed[i].first);
  }
  at::Tensor bias;
  if (session.fixed) bias = at::full({A, session.room.prompt_tokens}, -INFINITY, at::kFloat);
  for (int64_t row = 0; row < A; row++) {
    for (size_t i = 0; i < session.packed.size(); i++) {
      const PackedPrompt& prompt = session.packed[i];
      if (prompt.dropped || prompt.id != session.prompt_of[row]) continue;
      place.data_ptr<int32_t>()[row] = static_cast<int32_t>(i);
      if (session.fixed) bias[row].narrow(0, prompt.first, prompt.length).zero_();
    }
  }
  const auto on_device = [&](const at::Tensor& x) { return to_device(x, session.memory.device()); };
  session.prompts.at(0).offsets.copy_(on_device(offsets));  // all layers share it
  session.rows.prompt.copy_(on_device(place));
  if (session.fixed) session.prompt_bias.copy_(on_device(bias));
}

}  // namespace videor1
