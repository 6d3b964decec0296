// A computation that runs again and again on the same tensors: on CUDA its kernels are captured as a graph when it first
// runs, and replayed later, which costs one launch instead of hundreds; elsewhere it just runs.
#pragma once
#include <ATen/ATen.h>
#include <functional>
#include <memory>

namespace videor1 {

class Recorded {
 public:
  explicit Recorded(at::Device device);
  ~Recorded();
  /** @param body reads and writes tensors that stay where they are, and nothing on the host; the same each time. */
  void run(const std::function<void()>& body);

 private:
  struct Graph;
  at::Device device_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace videor1
