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
  at::Device device;
  std::shared_ptr<at::cuda::CUDAGraph> graph = std::make_shared<at::cuda::CUDAGraph>();

  /**
   * Runs the body, then captures it: capture wants a stream of its own, and libraries that have made their handles. The stream,
   * and the memory in which the thread's last graph worked, serve all graphs of a thread: they run one after the other.
   */
  Graph(at::Device on, const std::function<void()>& body) : device(on) {
    const c10::cuda::CUDAGuard on_device(device);
    static thread_local const auto side = at::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index());
    static thread_local auto& last = *new std::shared_ptr<at::cuda::CUDAGraph>();  // never freed: CUDA may end before the thread
    at::cuda::getCurrentCUDAStream().synchronize();
    {
      const c10::cuda::CUDAStreamGuard on_side(side);
      body();
      side.synchronize();
      const at::cuda::MempoolId_t pool = last ? last->pool() : at::cuda::MempoolId_t{0, 0};
#if TORCH_AT_LEAST(2, 1)
      graph->capture_begin(pool, cudaStreamCaptureModeThreadLocal);  // other threads may allocate and launch meanwhile
#else
      graph->capture_begin(pool);
#endif
      try {
        body();
      } catch (...) {
        try {
          graph->capture_end();  // else the stream would go on recording
        } catch (...) {
        }
        throw;
      }
      graph->capture_end();
      last = graph;
    }
    side.synchronize();
  }

  void replay() {
    const c10::cuda::CUDAGuard on_device(device);
    graph->replay();
  }
};
#else
struct Recorded::Graph {};
#endif

Recorded::Recorded(at::Device device) : device_(device) {}

Recorded::~Recorded() = default;

void Recorded::run(const std::function<void()>& body) {
#ifdef VIDEOR1_CUDA
  if (device_.is_cuda()) {
    if (graph_) return graph_->replay();
    graph_ = std::make_unique<Graph>(device_, body);
    return;
  }
#endif
  body();
}

}  // namespace videor1
