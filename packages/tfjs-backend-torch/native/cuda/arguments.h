// What the kernels are launched with, for both sides: the .cu files and the C++ that launches them. No headers: NVRTC has none.
// Pointers are to device memory; a `bf16` is the upper half of a float32. Shape letters: as in kernels.h.
#pragma once

namespace videor1::cuda {

using bf16 = unsigned short;

constexpr int kWarp = 32;
constexpr int kMostHidden = 16384;  // of add_rms_norm: what a block holds in registers

struct EmbeddingArguments {
  const bf16* embedding;
  const int* ids;
  bf16* x;
  int d;
};
constexpr int kEmbeddingThreads = 128;

struct AddRmsNormArguments {
  bf16* x;
  const bf16* addend;  // or null
  const bf16* weight;
  bf16* y;
  int d;
  float eps;
};
constexpr int kNormThreads = 512;

/** One matrix of a thin product; its first block is the number of blocks of those before it. */
struct ThinMatrix {
  const bf16 *weight, *bias, *low, *adapter_b;  // all but weight may be null
  int outputs, rank, low_stride, first_block, first_output;
};

struct ThinProductArguments {
  const bf16* x;
  void* y;
  ThinMatrix matrices[3];
  int rows, inputs, y_stride;
  int y_is_float;
};
constexpr int kThinThreads = 256;
constexpr int kThinRows = 96;      // of one launch
constexpr int kThinOutputs = 32;   // of one warp: two tiles of 16, or 16 of gate and the same 16 of up
constexpr int kThinAcross = 4;     // warps side by side in the blocks of many rows and many outputs

struct RotaryCacheArguments {
  bf16* qkv;
  const float *cos, *sin;
  const int *length, *position, *finished;
  bf16 *own_k, *own_v;
  int query_heads, kv_heads, head_dim, room;
};
constexpr int kRotaryThreads = 256;

struct AttentionArguments {
  const bf16 *qkv, *prompt_k, *prompt_v, *own_k, *own_v;
  const int *offsets, *prompt, *length, *finished;
  float* workspace;  // o [A, N, pieces, H], then m and l [A, N, pieces, 2]
  bf16* y;
  int rows, query_heads, kv_heads, room;
  int prompts, prompt_units;          // most pieces of all prompts together
  int prompt_pieces, own_pieces;      // most pieces of a prompt, and of a row's own keys
};
struct AttentionMergeArguments {
  AttentionArguments attention;
  int head_dim;
};
constexpr int kMergeThreads = 128;
constexpr int kAttentionWarps = 8;
constexpr int kChunkQueries = 16 * kAttentionWarps;
constexpr int kPieceKeys = 64;     // of the shortest piece
constexpr int kMostPieces = 64;    // longer prompts have longer pieces
constexpr int kMostRows = 1024;

struct DrawArguments {
  const void* logits;
  int logits_are_float;
  int rows, vocabulary, parts;  // parts: blocks that share a row until its token is chosen
  // Partial results of the parts: largest logit, largest score and its id, sum of weights at temperature 1.
  float *largest_logit, *largest_score;
  int* largest_id;
  double *own_sum, *weights;  // [A, parts], [A, V]
  int *last_id, *length, *position, *counter, *drawn, *finished, *ids;
  const int *seed, *limit, *stops;
  float* logps;
  unsigned char* seen;  // or null
  int stop_count, capacity, sample, top_k, advance;
  double temperature, top_p, penalty;
  double unit;  // weights are summed in units of 1 / unit: vocabulary times unit stays below 2^63
};
constexpr int kDrawPartThreads = 256;
constexpr int kDrawThreads = 512;

}  // namespace videor1::cuda
