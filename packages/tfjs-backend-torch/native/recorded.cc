// The CUDA half is not yet run on CUDA.
#include "recorded.h"
#ifdef VIDEOR1_CUDA
#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include "torch-version.h"
#endif

namespace videor1 {

#ifdef VIDEOR1_CUDA
struct Recorded::Graph {
  at::cuda::CUDAGraph graph;
  at::Tensor result;

  /** Capture wants a stream of its own, and libraries that have made their handles: the body runs once before. */
  explicit Graph(const std::function<at::Tensor()>& body) {
    const auto current = at::cuda::getCurrentCUDAStream();
    const auto side = at::cuda::getStreamFromPool();
    current.synchronize();
    {
      c10::cuda::CUDAStreamGuard guard(side);
      body();
      side.synchronize();
#if TORCH_AT_LEAST(2, 1)
      graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);  // other threads may go on using the GPU
#else
      graph.capture_begin();
#endif
      result = body();
      graph.capture_end();
    }
    side.synchronize();
  }
};
#else
struct Recorded::Graph {};
#endif

Recorded::Recorded(at::Device device, std::function<at::Tensor()> body) : body_(std::move(body)) {
#ifdef VIDEOR1_CUDA
  if (device.is_cuda()) graph_ = std::make_unique<Graph>(body_);
#endif
}

Recorded::~Recorded() = default;

at::Tensor Recorded::run() {
#ifdef VIDEOR1_CUDA
  if (graph_) {
    graph_->graph.replay();
    return graph_->result;
  }
#endif
  return body_();
}

}  // namespace videor1
