// What a decode session keeps of its prompts and rows; all of it lies where the weights lie.
// Shape letters: A rows (slots), B prompts, P prompt tokens in all, T tokens of a row at most, K key/value heads, H head dim,
// F = H / 2, V vocabulary.
#pragma once
#include <ATen/ATen.h>

namespace videor1 {

/** Why a row does not run, in Rows::finished. */
enum RowEnd : int32_t { kRuns = 0, kStopped = 1, kFull = 2, kNotFinite = 3, kEmpty = 4 };

/** The state of the rows, one slot each; a step reads and writes it where it lies. */
struct Rows {
  at::Tensor last_id;   // int32 [A]: the token that the next step reads
  at::Tensor prompt;    // int32 [A]: place of its prompt among the packed ones, or -1
  at::Tensor length;    // int32 [A]: own columns written; the next step writes column `length`
  at::Tensor position;  // int32 [A]: the row of the rotary tables that the next step uses
  at::Tensor counter;   // int32 [A]: number of the next draw
  at::Tensor seed;      // int32 [A, 2]: the bits of SeedWords
  at::Tensor drawn;     // int32 [A]: tokens drawn into `ids`
  at::Tensor limit;     // int32 [A]: the row ends once drawn == limit
  at::Tensor finished;  // int32 [A]: a RowEnd
  at::Tensor ids;       // int32 [A, T]
  at::Tensor logps;     // float32 [A, T]
  at::Tensor seen;      // uint8 [A, V], 1 where the repetition penalty applies; undefined without one
};

/** Keys and values of the prompts [P, K, H], one prompt after the other, without padding; offsets int32 [B + 1]. */
struct PackedPrompts {
  at::Tensor k, v, offsets;
};

/** Keys and values of the rows' own tokens [A, K, T, H]: a head's columns lie side by side. */
struct OwnColumns {
  at::Tensor k, v;
};

}  // namespace videor1
