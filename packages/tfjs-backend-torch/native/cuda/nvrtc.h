// NVRTC, CUDA's compiler as a library: torch's wheels bring it. Works without a GPU.
#pragma once
#include <string>

namespace videor1::cuda {

/** The groups of kernels: a group is a file, and a switch. */
enum class Group { kEmbedding, kAddRmsNorm, kThinProduct, kRotaryCache, kAttention, kDraw };
constexpr Group kGroups[] = {Group::kEmbedding,   Group::kAddRmsNorm, Group::kThinProduct,
                             Group::kRotaryCache, Group::kAttention,  Group::kDraw};

/** "add_rms_norm". */
const char* name_of(Group group);

/** Equal for equal source and options: 16 hexadecimal digits. */
std::string digest_of(Group group);

/** "13.2". @throws std::runtime_error where there is no NVRTC. */
std::string nvrtc_version();

/** Machine code for an architecture such as "sm_90a". @throws std::runtime_error with the compiler's log. */
std::string compile(Group group, const std::string& architecture);

}  // namespace videor1::cuda
