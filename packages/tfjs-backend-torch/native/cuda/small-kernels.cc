// The launches of embedding, add_rms_norm and rotary_cache.
#include "arguments.h"
#include "kernels.h"
#include "launch.h"
#include "tensors.h"

namespace videor1::cuda {

void embedding(const at::Tensor& embedding, const at::Tensor& last_id, const at::Tensor& x) {
  EmbeddingArguments a{};
  a.embedding = bf16_of(embedding, "embedding");
  a.ids = int_of(last_id, "last_id");
  a.x = bf16_of(x, "x");
  a.d = static_cast<int>(embedding.size(1));
  launch(Group::kEmbedding, "embedding", {static_cast<unsigned>(last_id.numel())}, kEmbeddingThreads, &a, x.device());
}

void add_rms_norm(const at::Tensor& x, const at::Tensor& addend, const at::Tensor& weight, double eps, const at::Tensor& y) {
  const int64_t d = x.size(-1);
  TORCH_CHECK(d % 8 == 0 && d <= kMostHidden, "add_rms_norm: rows of ", d, "; a multiple of 8 up to ", kMostHidden, " is needed");
  AddRmsNormArguments a{};
  a.x = bf16_of(x, "x");
  a.addend = addend.defined() ? bf16_of(addend, "addend") : nullptr;
  a.weight = bf16_of(weight, "weight");
  a.y = bf16_of(y, "y");
  a.d = static_cast<int>(d);
  a.eps = static_cast<float>(eps);
  launch(Group::kAddRmsNorm, "add_rms_norm", {static_cast<unsigned>(x.numel() / d)}, kNormThreads, &a, x.device());
}

void rotary_cache(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin, const Rows& rows, const OwnColumns& own) {
  const int64_t A = rows.length.numel(), K = own.k.size(1), H = own.k.size(3);
  TORCH_CHECK(own.k.size(0) >= A && qkv.size(0) >= A, "rotary_cache: own columns of ", own.k.sizes(), " for ", A, " rows");
  RotaryCacheArguments a{};
  a.qkv = bf16_of(qkv, "qkv");
  a.cos = float_of(cos, "cos");
  a.sin = float_of(sin, "sin");
  a.length = int_of(rows.length, "length");
  a.position = int_of(rows.position, "position");
  a.finished = int_of(rows.finished, "finished");
  a.own_k = bf16_of(own.k, "own k");
  a.own_v = bf16_of(own.v, "own v");
  a.kv_heads = static_cast<int>(K);
  a.query_heads = static_cast<int>(qkv.size(1) / H - 2 * K);
  a.head_dim = static_cast<int>(H);
  a.room = static_cast<int>(own.k.size(2));
  launch(Group::kRotaryCache, "rotary_cache", {static_cast<unsigned>(A)}, kRotaryThreads, &a, qkv.device());
}

}  // namespace videor1::cuda
