// The kernels of packages/engine/src/ops/decode-gqa-kernels.ts; the order of arguments is that of src/kernels/decode.ts.
#include "call.h"
#include "compute-dtype.h"
#include "session.h"

namespace videor1 {
namespace {

DecodeSession& session_of(Call& call) {
  const auto found = call.environment().decode_sessions.find(call.integer());
  TORCH_CHECK(found != call.environment().decode_sessions.end(), "there is no such decode session");
  return *found->second;
}

}  // namespace
}  // namespace videor1

// Tensors: embedding, norm, head, then 12 per layer: input norm, W and b of q, k and v, W of o, post norm, W of gate, up and down;
// of an adapted decoder 14 more: A and B of the seven, or none.
// Integers: session, whether it is adapted, query heads, key/value heads, slots, tokens, prompts, prompt tokens, whether to
// sample, top-k, stop ids. Numbers: scale of the adapter, eps, temperature, top-p, repetition penalty.
KERNEL(DecodeOpen) {
  using namespace videor1;
  Decoder decoder{call.tensor(0), call.tensor(1), call.tensor(2)};
  const at::Tensor& head = decoder.head;
  const int64_t session = call.integer();
  const bool adapted = call.flag();
  const double adapter_scale = call.number();
  for (size_t i = 3; i < call.count(); i += adapted ? 26 : 12) {
    const auto t = [&](size_t j) { return call.tensor(i + j); };
    const auto with_adapter = [&](size_t place, const at::Tensor& weight, const at::Tensor& bias) {
      const size_t at = i + 12 + 2 * place;
      if (!adapted || !call.has(at)) return Linear{weight, bias, {}, {}};
      return Linear{weight, bias, like(call.tensor(at), head), like(as_float(call.tensor(at + 1)) * adapter_scale, head)};
    };
    decoder.layers.push_back({t(0), t(8), with_adapter(0, t(1), t(2)), with_adapter(1, t(3), t(4)), with_adapter(2, t(5), t(6)),
                              with_adapter(3, t(7), {}), with_adapter(4, t(9), {}), with_adapter(5, t(10), {}),
                              with_adapter(6, t(11), {})});
  }
  decoder.query_heads = call.integer();
  decoder.kv_heads = call.integer();
  decoder.head_dim = decoder.layers.at(0).q.weight.size(0) / decoder.query_heads;
  DecodeRoom room{};
  for (int64_t* each : {&room.slots, &room.tokens, &room.prompts, &room.prompt_tokens}) *each = call.integer();
  SamplingOptions sampling{};
  sampling.sample = call.flag();
  sampling.top_k = call.integer();
  const std::vector<int64_t> stops = call.list();
  decoder.eps = call.number();
  sampling.temperature = call.number();
  sampling.top_p = call.number();
  sampling.repetition_penalty = call.number();
  call.environment().decode_sessions[session] = std::make_shared<DecodeSession>(std::move(decoder), room, sampling, stops);
}

// Tensors: logits, cos, sin, then k and v of each layer. Integers: session, prompt, seen ids.
KERNEL(DecodeAddPrompt) {
  using namespace videor1;
  DecodeSession& session = session_of(call);
  const int64_t prompt = call.integer();
  std::vector<at::Tensor> keys_values;
  for (size_t i = 3; i < call.count(); i++) keys_values.push_back(call.tensor(i));
  session.add_prompt(prompt, keys_values, call.tensor(0), call.tensor(1), call.tensor(2), call.list());
}

// Integers: session, slots, prompts, seeds (low and high word of each).
KERNEL(DecodeAddRows) {
  using namespace videor1;
  DecodeSession& session = session_of(call);
  const std::vector<int64_t> slots = call.list(), prompts = call.list(), words = call.list();
  std::vector<SeedWords> seeds;
  for (size_t i = 0; i < slots.size(); i++) {
    seeds.push_back({static_cast<uint32_t>(words[2 * i]), static_cast<uint32_t>(words[2 * i + 1])});
  }
  session.add_rows(slots, prompts, seeds);
}

// Integers: session, tokens. Outputs: state int32 [A, 2], ids int32 [A, T], logps [A, T].
KERNEL(DecodeStep) {
  using namespace videor1;
  DecodeSession& session = session_of(call);
  call.output(session.step(call.integer()));
  call.output(session.by_slot(session.rows.ids));
  call.output(session.by_slot(session.rows.logps));
}

// Integers: session, slots.
KERNEL(DecodeDropRows) {
  videor1::DecodeSession& session = videor1::session_of(call);
  session.drop_rows(call.list());
}

// Integers: session, prompt.
KERNEL(DecodeDropPrompt) {
  videor1::DecodeSession& session = videor1::session_of(call);
  session.drop_prompt(call.integer());
}

// Integers: session.
KERNEL(DecodeClose) { call.environment().decode_sessions.erase(call.integer()); }
