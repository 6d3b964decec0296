// Kernels of our own for a token of every row of a decoder: CUDA C++ in the .cu files of this folder, compiled at run time.
// Nothing here allocates on the device, synchronises or reads from it, so all of it may be captured in a graph: a step whose
// tensors stay where they are can be replayed. Sums are added in one fixed order, so equal input gives equal bits, and what a
// row gets depends on that row and its prompt alone. Launches run under RECORD_FUNCTION as "cuda::<name>".
// Weights, activations, keys and values are bfloat16; sums are float32.
// Shape letters: A rows (slots), B prompts, P prompt tokens in all, N query heads, K key/value heads, H head dim, F = H / 2,
// d hidden size, r rank of an adapter, T positions of the rotary tables, V vocabulary.
#pragma once
#include <ATen/ATen.h>
#include "../decode/sampling.h"

namespace videor1::cuda {

/** Which groups of kernels a decoder may use. */
struct KernelSet {
  bool embedding = false, add_rms_norm = false, thin_product = false, rotary_cache = false, attention = false, draw = false;
};

/** What decides whether the kernels take a decoder: d, H and the widths of all products are multiples of 8, H is 16, 32, 64 or 128. */
struct DecoderShape {
  at::ScalarType type;
  int64_t hidden, intermediate, query_heads, kv_heads, head_dim, vocabulary;
  int64_t adapter_rank = 0;  // a multiple of 8, or 0 without adapters
};

/**
 * The kernels that are switched on for a device and take this shape. Call it when a decoder is opened: it compiles what the
 * cache does not hold, and loads it; a kernel that cannot be compiled or loaded is off, and one line on stderr says why.
 * VIDEOR1_CUDA_KERNELS=all|none|name,name chooses; without it, those run whose verdict gpu-check has left in the cache.
 * On the CPU all are off, but under VIDEOR1_TORCH_REHEARSE_CUDA with VIDEOR1_CUDA_EMULATOR, the emulator's library (tests).
 */
KernelSet kernels_on(at::Device device, const DecoderShape& shape);

/** The state of the rows; a step reads and writes it on the device. All contiguous; a slot without a row is `finished`. */
struct Rows {
  at::Tensor last_id;   // int32 [A]: the token that the next step reads, in [0, V)
  at::Tensor prompt;    // int32 [A]: index of its prompt in [0, B), or -1 for none (own columns only)
  at::Tensor length;    // int32 [A]: own columns written; the next step writes column `length`
  at::Tensor position;  // int32 [A]: the row of the rotary tables that the next step uses, in [0, T)
  at::Tensor counter;   // int32 [A]: n of the next draw, see uniform_at
  at::Tensor seed;      // int32 [A, 2]: the bits of SeedWords
  at::Tensor drawn;     // int32 [A]: tokens drawn into `ids`
  at::Tensor limit;     // int32 [A]: the row ends once drawn == limit; at most C, and such that length stays below room
  at::Tensor finished;  // int32 [A]: 0 runs, 1 drew a stop id, 2 reached its limit, 3 its logits are not finite, 4 empty slot
  at::Tensor ids;       // int32 [A, C]: the tokens drawn, in order
  at::Tensor logps;     // float32 [A, C]: their log-probabilities
  at::Tensor seen;      // uint8 [A, V], 1 where the repetition penalty applies; undefined without a penalty
};

/** Keys and values of the prompts [P, K, H], one prompt after the other, without padding; offsets int32 [B + 1]. */
struct PackedPrompts {
  at::Tensor k, v, offsets;
};

/** Keys and values of the rows' own tokens [A or more, K, room, H]: a head's columns lie side by side (contiguous). */
struct OwnColumns {
  at::Tensor k, v;
};

/** x W^T + b, then + low B^T, rounded after each: weight [n, m]; bias [n], low [A, r] and adapter_b [n, r] may be undefined. */
struct Matrix {
  at::Tensor weight, bias, low, adapter_b;
};

/** x[a] = embedding[last_id[a]]; embedding [V, d], x [A, d]. One launch. */
void embedding(const at::Tensor& embedding, const at::Tensor& last_id, const at::Tensor& x);

/** x += addend (rounded; undefined: nothing is added), y = x / sqrt(mean(x^2) + eps) * weight; x, addend, y [A, d]. One launch. */
void add_rms_norm(const at::Tensor& x, const at::Tensor& addend, const at::Tensor& weight, double eps, const at::Tensor& y);

/**
 * y[:, i-th part] = x matrices[i], for one to three matrices that read the same x. One launch; of many rows one for each 96.
 * The low-rank A matrices of adapters are such matrices too: their y is cut into the `low` of the product that follows. Meant for up
 * to 32 rows: more read x so often that ATen's product should be faster (gpu-check times both at 96).
 *
 * @param x [A, m], contiguous. @param y [A, n1 + n2 + n3], bfloat16, or float32 (rounded to bfloat16 all the same, for logits).
 */
void thin_product(const at::Tensor& x, at::ArrayRef<Matrix> matrices, const at::Tensor& y);

/** y = silu(x gate) * (x up), rounded where ATen's composite rounds: both products, the silu, and the result. One launch for each 96 rows. */
void thin_gate_up(const at::Tensor& x, const Matrix& gate, const Matrix& up, const at::Tensor& y);

/**
 * Rotates q in place and writes rotated k, and v, into column `length` of each running row. One launch.
 *
 * @param qkv [A, (N + 2 K) H]: q, k and v of a row one after the other, as thin_product of the three leaves them.
 * @param cos, sin float32 [T, F].
 */
void rotary_cache(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin, const Rows& rows, const OwnColumns& own);

/** float32 numbers that attention needs as its workspace; packed is the most tokens that all prompts may have. */
int64_t attention_workspace(int64_t rows, int64_t query_heads, int64_t head_dim, int64_t packed, int64_t room);

/**
 * Softmax attention of each running row over its prompt and its own columns 0..length, scaled by H^-1/2. Two launches:
 * one over pieces of the keys, each key of a prompt read once for up to 128 / (N / K) of its rows, and one that merges.
 * Scores, softmax and sums are float32; weights are rounded to bfloat16 before they meet the values, the result at the end.
 *
 * @param qkv as rotary_cache leaves it. @param y [A, N H]; 0 where a row is finished.
 * @param packed at least offsets[B]; as given to attention_workspace.
 */
void attention(const at::Tensor& qkv, const PackedPrompts& prompts, const OwnColumns& own, const Rows& rows,
               int64_t packed, const at::Tensor& workspace, const at::Tensor& y);

/** Bytes that draw needs as its workspace. */
int64_t draw_workspace(int64_t rows, int64_t vocabulary);

/**
 * Draws a token for each running row as `choose` of sampling.h does, whatever the size of the nucleus, and moves the row on:
 * ids[drawn] and logps[drawn], drawn, counter, last_id, seen, finished, and, if `advance`, length and position. Three launches.
 * Weights and the draw among them are float64, in another order of adding than `choose` has, and the nucleus is cut by integers
 * of 2^-44 of the largest weight (of 152,064 tokens): a draw, or a nucleus' share, that close to a border may fall on its other side.
 *
 * @param logits bfloat16 or float32 [A, V].
 * @param stops int32 [number of stop ids], or undefined.
 * @param advance true after a step; false for the draw from a prompt's own logits, which wrote no column of the row.
 */
void draw(const at::Tensor& logits, const Rows& rows, const at::Tensor& stops, const SamplingOptions& options, bool advance,
          const at::Tensor& workspace);

}  // namespace videor1::cuda
