#pragma once
#include <cstdlib>

namespace videor1 {

/// Whether the CPU runs the forms that CUDA needs: fixed shapes, ops of ATen. For tests and rehearsals.
inline bool rehearses_cuda() { return std::getenv("VIDEOR1_TORCH_REHEARSE_CUDA") != nullptr; }

}  // namespace videor1
