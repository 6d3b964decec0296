// The launches of attention.
#include <algorithm>
#include <string>
#include "arguments.h"
#include "kernels.h"
#include "launch.h"
#include "tensors.h"

namespace videor1::cuda {
namespace {

int most_pieces(int64_t keys) { return static_cast<int>(std::min<int64_t>((keys + kPieceKeys - 1) / kPieceKeys, kMostPieces)); }

}  // namespace

int64_t attention_workspace(int64_t rows, int64_t query_heads, int64_t head_dim, int64_t packed, int64_t room) {
  return rows * query_heads * (most_pieces(packed) + most_pieces(room)) * (head_dim + 2);
}

void attention(const at::Tensor& qkv, const PackedPrompts& prompts, const OwnColumns& own, const Rows& rows, int64_t packed,
               const at::Tensor& workspace, const at::Tensor& y) {
  const int64_t A = rows.length.numel(), K = own.k.size(1), room = own.k.size(2), H = own.k.size(3), N = qkv.size(1) / H - 2 * K;
  const int64_t B = prompts.offsets.numel() - 1;
  TORCH_CHECK((H == 16 || H == 32 || H == 64 || H == 128) && N % K == 0 && N / K <= 16 && A <= kMostRows, "attention: ", N, " heads of ", H, " over ", K,
              " in ", A, " rows; H of 16, 32, 64 or 128, at most 16 heads that share keys, and ", kMostRows, " rows are taken");
  AttentionMergeArguments merge{};
  merge.head_dim = static_cast<int>(H);
  AttentionArguments& a = merge.attention;
  TORCH_CHECK(own.k.size(0) >= A && qkv.size(0) >= A && y.size(0) >= A, "attention: own columns of ", own.k.sizes(), " for ", A, " rows");
  a.qkv = bf16_of(qkv, "qkv");
  a.prompt_k = bf16_of(prompts.k, "prompts' k");
  a.prompt_v = bf16_of(prompts.v, "prompts' v");
  a.own_k = bf16_of(own.k, "own k");
  a.own_v = bf16_of(own.v, "own v");
  a.offsets = int_of(prompts.offsets, "offsets");
  a.prompt = int_of(rows.prompt, "prompt");
  a.length = int_of(rows.length, "length");
  a.finished = int_of(rows.finished, "finished");
  a.workspace = float_of(workspace, "workspace");
  a.y = bf16_of(y, "y");
  a.rows = static_cast<int>(A);
  a.query_heads = static_cast<int>(N);
  a.kv_heads = static_cast<int>(K);
  a.room = static_cast<int>(room);
  a.prompts = static_cast<int>(B);
  a.prompt_units = B > 0 ? static_cast<int>(packed / kPieceKeys + B) : 0;  // each prompt may end in a piece that is not full
  a.prompt_pieces = most_pieces(packed);
  a.own_pieces = most_pieces(room);
  TORCH_CHECK(workspace.numel() >= attention_workspace(A, N, H, packed, room), "attention: a workspace of ", workspace.numel());
  const int64_t units = a.prompt_units + A * ((a.own_pieces + kAttentionWarps - 1) / kAttentionWarps);
  TORCH_CHECK(units <= 65535, "attention: ", packed, " tokens of prompts and ", A, " rows are too many for one launch");
  // Few units: the queries of a prompt's many rows are shared out between blocks. Sums stay the same.
  const int64_t chunks = (A * (N / K) + kChunkQueries - 1) / kChunkQueries, shares = units * K * chunks <= 256 ? chunks : 1;
  const std::string name = "attention_pieces_" + std::to_string(H);
  launch(Group::kAttention, name.c_str(), {static_cast<unsigned>(K), static_cast<unsigned>(units), static_cast<unsigned>(shares)}, kAttentionWarps * kWarp, &a, qkv.device());
  launch(Group::kAttention, "attention_merge", {static_cast<unsigned>(A), static_cast<unsigned>(N)}, kMergeThreads, &merge, qkv.device());
}

}  // namespace videor1::cuda
