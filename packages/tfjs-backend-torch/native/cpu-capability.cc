#include "cpu-capability.h"
#include "loops.h"

namespace videor1 {

std::vector<CpuCapability> cpu_capabilities() {
  std::vector<CpuCapability> found = {CpuCapability::kDefault};
#ifdef VIDEOR1_CLONES
  __builtin_cpu_init();  // needed before main
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return found;
  found.push_back(CpuCapability::kAvx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    found.push_back(CpuCapability::kAvx512);
  }
#endif
  return found;
}

std::string name_of(CpuCapability capability) {
  switch (capability) {
    case CpuCapability::kAvx512: return "avx512";
    case CpuCapability::kAvx2: return "avx2";
    default: return "default";
  }
}

std::atomic<CpuCapability> cpu_capability{cpu_capabilities().back()};

}  // namespace videor1
