// A computation that runs again and again on the same tensors: on CUDA its kernels are captured as a graph when it first
// runs, and replayed later, which costs one launch instead of hundreds; elsewhere it just runs.
#pragma once
#include <ATen/ATen.h>
#include <functional>
#include <memory>

namespace videor1 {

class Recorded {
 public:
  /** @param body reads and writes tensors that stay where they are, and nothing on the host. */
  Recorded(at::Device device, std::function<void()> body);
  ~Recorded();
  void run();

 private:
  struct Graph;
  at::Device device_;
  std::function<void()> body_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace videor1
