// Where a kernel runs: on the GPU of its tensors, or, for tensors of the CPU, in the emulator that tests load.
#pragma once
#include <ATen/ATen.h>
#include "nvrtc.h"

namespace videor1::cuda {

struct Grid {
  unsigned x, y = 1, z = 1;
};

/** Whether a device has an emulator or, if CUDA, is one: kernels may be switched on there. */
bool has_kernels(at::Device device);

/** Compiles, caches and loads the group for a device. @throws std::runtime_error: what does not work, and why. */
void prepare(Group group, at::Device device);

/** Enqueues a kernel of a prepared group on the current stream. `arguments` is the struct of arguments.h that it takes. */
void launch(Group group, const char* kernel, Grid grid, unsigned threads, const void* arguments, at::Device device);

}  // namespace videor1::cuda
