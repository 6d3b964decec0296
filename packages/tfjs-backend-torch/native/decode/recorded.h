// A computation that runs again and again on the same tensors: on CUDA its kernels are captured once as a graph and
// replayed, which costs one launch instead of hundreds; elsewhere it just runs.
#pragma once
#include <ATen/ATen.h>
#include <functional>
#include <memory>

namespace videor1 {

class Recorded {
 public:
  /** @param body reads and writes tensors that stay where they are, and must give the same result when run twice. */
  Recorded(at::Device device, std::function<at::Tensor()> body);
  ~Recorded();
  /** The result; on CUDA the same tensor each time, overwritten. */
  at::Tensor run();

 private:
  struct Graph;
  std::function<at::Tensor()> body_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace videor1
