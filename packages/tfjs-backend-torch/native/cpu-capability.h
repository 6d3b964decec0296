// Which of its instruction sets a processor's loops use. The names are those of ATEN_CPU_CAPABILITY.
#pragma once
#include <atomic>
#include <string>
#include <vector>

namespace videor1 {

enum class CpuCapability { kDefault, kAvx2, kAvx512 };

/// The one in use, by every thread of the process: at the start the best that the processor has.
extern std::atomic<CpuCapability> cpu_capability;

std::string name_of(CpuCapability capability);

/// What this processor and this build have, the plainest first.
std::vector<CpuCapability> cpu_capabilities();

}  // namespace videor1
