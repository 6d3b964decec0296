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

int64_t attention_workspace(int64_t rows, int64_t query_heads, int64_t head_dim, int64_t longest_prompt, int64_t room) {
  return rows * query_heads * (most_pieces(longest_prompt) + most_pieces(room)) * (head_dim + 2);
}

void attention(const at::Tensor& qkv, const PackedPrompts& prompts, const OwnColumns& own, const Rows& rows, int64_t longest_prompt,
               const at::Tensor& workspace, const at::Tensor& y) {
  const int64_t A = own.k.size(0), K = own.k.size(1), room = own.k.size(2), H = own.k.size(3), N = qkv.size(1) / H - 2 * K;
  const int64_t B = prompts.offsets.numel() - 1;
  TORCH_CHECK((H == 16 || H == 32 || H == 64 || H == 128) && N % K == 0 && N / K <= 16 && A <= kMostRows, "attention: ", N, " heads of ", H, " over ", K,
              " in ", A, " rows; H of 16, 32, 64 or 128, at most 16 heads that share keys, and ", kMostRows, " rows are taken");
  AttentionMergeArguments merge{};
  merge.head_dim = static_cast<int>(H);
  AttentionArguments& a = merge.attention;
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
  a.chunks = static_cast<int>((A * (N / K) + kChunkQueries - 1) / kChunkQueries);
  a.prompt_pieces = most_pieces(longest_prompt);
  a.own_pieces = most_pieces(room);
  TORCH_CHECK(workspace.numel() >= attention_workspace(A, N, H, longest_prompt, room), "attention: a workspace of ", workspace.numel());
  const int64_t units = B * a.chunks * a.prompt_pieces + A * ((a.own_pieces + kAttentionWarps - 1) / kAttentionWarps);
  TORCH_CHECK(units <= 65535, "attention: ", B, " prompts and ", A, " rows are too many for one launch");
  const std::string name = "attention_pieces_" + std::to_string(H);
  launch(Group::kAttention, name.c_str(), {static_cast<unsigned>(K), static_cast<unsigned>(units)}, kAttentionWarps * kWarp, &a, qkv.device());
  launch(Group::kAttention, "attention_merge", {static_cast<unsigned>(A), static_cast<unsigned>(N)}, kMergeThreads, &merge, qkv.device());
}

}  // namespace videor1::cuda
