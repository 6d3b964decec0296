// What scripts ask of the kernels' machinery: machine code without a GPU, and verdicts.
#include "../call.h"
#include "cache.h"

// Index of the group, and of the architecture "sm_90a" the number 90 and whether it has an a. The cubin is left in the cache.
KERNEL(CompileCudaKernels) {
  using namespace videor1::cuda;
  const Group group = kGroups[call.integer()];
  const int64_t number = call.integer();
  cubin_of(group, "sm_" + std::to_string(number) + (call.flag() ? "a" : ""));
}

// Index of the group, and whether it was found equal to ATen's ops on the device of this environment.
KERNEL(SetCudaVerdict) {
  using namespace videor1::cuda;
  const Group group = kGroups[call.integer()];
  set_verdict(group, gpu_of(call.device()), call.flag());
}
