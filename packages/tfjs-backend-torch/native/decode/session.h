// Rows that are decoded together, each at its own length; docstrings of the ops are in packages/engine/src/ops/decode-session.ts.
// Shape letters as in rows.h, L tokens of a prompt.
#pragma once
#include <map>
#include <memory>
#include "arena.h"
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

/** Recorded steps by rows, own columns, and packed tokens (or the longest prompt's, for the kernel) that they read. */
using Steps = std::map<std::array<int64_t, 3>, std::unique_ptr<Recorded>>;

struct DecodeSession {
  Decoder decoder;
  DecodeRoom room;
  SamplingOptions sampling;
  std::vector<int64_t> stops;
  cuda::KernelSet kernels;  // of our own, that are switched on
  bool fixed;  // shapes do not change from step to step, and nothing of a step is on the host: CUDA, or its rehearsal

  Rows rows;
  std::vector<PackedPrompts> prompts;  // of each layer; offsets are shared
  std::vector<OwnColumns> own;         // of each layer
  at::Tensor cos, sin;                 // float32 [B * T, F]: T rows of each prompt id
  at::Tensor prompt_logits;            // [B, V] of each prompt id
  at::Tensor prompt_seen;              // uint8 [B, V] of each prompt id; undefined without a penalty
  std::vector<PackedPrompt> packed;    // in the order in which they lie
  std::vector<int64_t> prompt_of;      // [A] prompt id of the row at each place, or -1

  // Of the fixed form, in which the row of a slot may lie at another place than the slot's.
  std::vector<int64_t> place_of;       // [A] where each slot's row lies
  at::Tensor stop_ids;                 // int32 [stops]
  at::Tensor uniforms;                 // float64 [A, T]: uniform_at of each draw of a row
  at::Tensor prompt_bias;              // float32 [A, P]: 0 where a row sees a packed token, else -infinity
  at::Tensor counting;                 // int64 [most of A, K and T]: 0, 1, 2, ...
  std::vector<int64_t> signature;      // what the recorded steps depend on: addresses, sizes and options
  Steps steps;

  at::Tensor memory;                   // all tensors above but for the weights

  DecodeSession(Decoder weights, const DecodeRoom& room, const SamplingOptions& sampling, std::vector<int64_t> stops);
  DecodeSession(const DecodeSession&) = delete;
  /** Leaves the recorded steps to the thread's next session, which uses them if all lies where it lay. */
  ~DecodeSession();

  /** keys_values: k and v [L, K, H] of each layer; logits [V]; cos and sin [T - 1, F]. */
  void add_prompt(int64_t id, const std::vector<at::Tensor>& keys_values, const at::Tensor& logits, const at::Tensor& cos,
                  const at::Tensor& sin, const std::vector<int64_t>& seen);
  void add_rows(const std::vector<int64_t>& slots, const std::vector<int64_t>& prompts, const std::vector<SeedWords>& seeds);
  /** @returns int32 [A, 2] on the CPU: how each slot's row ended, 0 if it runs, and its drawn tokens. */
  at::Tensor step(int64_t tokens);
  /** `state` [A, ..] of the rows in the order of their slots. */
  at::Tensor by_slot(const at::Tensor& state) const;
  void drop_rows(const std::vector<int64_t>& slots);
  void drop_prompt(int64_t id);
};

/** A step of the rows that run, on the CPU. */
void step_on_cpu(DecodeSession& session);
/** The first draws of the rows at these places. */
void first_draws_on_cpu(DecodeSession& session, const std::vector<int64_t>& places);

/** Steps of the fixed form, as many as are given; `now` [A, 4] is how each place's row ended, its drawn tokens, length and limit. */
void steps_on_device(DecodeSession& session, int64_t count, const at::Tensor& now);
/**
 * A step of the rows at the first `places` places, which see `columns` own columns at most, of `packed` packed tokens; where the
 * kernel attends, no prompt has more than `packed` tokens.
 */
void step_on_device(DecodeSession& session, int64_t places, int64_t columns, int64_t packed);
void first_draws_on_device(DecodeSession& session, const std::vector<int64_t>& places);

/** Exchanges rows so that those that run, by `now`, lie at the first `places` places. */
void gather_rows(DecodeSession& session, int64_t places, const at::Tensor& now);

/** Packs a prompt behind the others. */
void pack(DecodeSession& session, int64_t id, const std::vector<at::Tensor>& keys_values);
/** Writes where the packed prompts begin, and which of them each row sees. */
void place_rows(DecodeSession& session);

}  // namespace videor1
