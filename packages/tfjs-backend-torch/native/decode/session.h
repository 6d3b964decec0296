// Rows that are decoded together, each at its own length; docstrings of the ops are in packages/engine/src/ops/decode-session.ts.
// Shape letters as in rows.h, L tokens of a prompt.
#pragma once
#include <map>
#include <memory>
#include "decoder.h"
#include "recorded.h"
#include "rows.h"
#include "sampling.h"

namespace videor1 {

/** What a session has room for. */
struct DecodeRoom {
  int64_t slots, tokens, prompts, prompt_tokens;
};

/** A prompt among the packed ones. */
struct PackedPrompt {
  int64_t id, first, length;
  bool dropped;
};

struct DecodeSession {
  Decoder decoder;
  DecodeRoom room;
  SamplingOptions sampling;
  std::vector<int64_t> stops;
  bool fixed;  // shapes do not change from step to step, and nothing of a step is on the host: CUDA, or its rehearsal

  Rows rows;
  std::vector<PackedPrompts> prompts;  // of each layer; offsets are shared
  std::vector<OwnColumns> own;         // of each layer
  at::Tensor cos, sin;                 // float32 [B * T, F]: T rows of each prompt id
  at::Tensor prompt_logits;            // [B, V] of each prompt id
  at::Tensor prompt_seen;              // uint8 [B, V] of each prompt id; undefined without a penalty
  std::vector<PackedPrompt> packed;    // in the order in which they lie
  std::vector<int64_t> prompt_of;      // [A] prompt id of each slot, or -1

  // Of the fixed form.
  at::Tensor stop_ids;                 // int32 [stops]
  at::Tensor uniforms;                 // float64 [A, T]: uniform_at of each draw of a row
  at::Tensor prompt_bias;              // float32 [A, P]: 0 where a row sees a packed token, else -infinity
  std::map<std::array<int64_t, 3>, std::unique_ptr<Recorded>> steps;  // by slots, own columns and packed tokens that are read

  DecodeSession(Decoder weights, const DecodeRoom& room, const SamplingOptions& sampling, std::vector<int64_t> stops);

  /** keys_values: k and v [L, K, H] of each layer; logits [V]; cos and sin [T - 1, F]. */
  void add_prompt(int64_t id, const std::vector<at::Tensor>& keys_values, const at::Tensor& logits, const at::Tensor& cos,
                  const at::Tensor& sin, const std::vector<int64_t>& seen);
  void add_rows(const std::vector<int64_t>& slots, const std::vector<int64_t>& prompts, const std::vector<SeedWords>& seeds);
  /** @returns int32 [A, 2] on the CPU: how each row ended, 0 if it runs, and its drawn tokens. */
  at::Tensor step(int64_t tokens);
  void drop_rows(const std::vector<int64_t>& slots);
  void drop_prompt(int64_t id);
  /** The tensors that are the session's own, without the weights. */
  std::vector<at::Tensor> tensors() const;
};

/** A step of the rows that run, on the CPU. */
void step_on_cpu(DecodeSession& session);
/** The first draws of rows whose slots are given. */
void first_draws_on_cpu(DecodeSession& session, const std::vector<int64_t>& slots);

/** A step of the first `slots` slots, which see `columns` own columns and `packed` packed tokens at most, by ops on the device. */
void step_on_device(DecodeSession& session, int64_t slots, int64_t columns, int64_t packed);
void first_draws_on_device(DecodeSession& session, const std::vector<int64_t>& slots);

/** Packs a prompt behind the others. */
void pack(DecodeSession& session, int64_t id, const std::vector<at::Tensor>& keys_values);
/** Writes where the packed prompts begin, and which of them each row sees. */
void place_rows(DecodeSession& session);

}  // namespace videor1
