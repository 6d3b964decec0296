// x[a] = embedding[ids[a]]; a block a row.
#include "device.cuh"

namespace videor1::cuda {

VIDEOR1_KERNEL(embedding, EmbeddingArguments, kEmbeddingThreads, 1) {
  const bf16* from = a.embedding + static_cast<long long>(a.ids[blockIdx.x]) * a.d;
  bf16* to = a.x + static_cast<long long>(blockIdx.x) * a.d;
  for (int at = threadIdx.x * 8; at < a.d; at += kEmbeddingThreads * 8) store(to + at, load_constant(from + at));
}

}  // namespace videor1::cuda
