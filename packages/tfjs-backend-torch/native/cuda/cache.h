// The folder of compiled kernels and of what gpu-check found about them: VIDEOR1_KERNEL_CACHE, else
// $XDG_CACHE_HOME/videor1/kernels, else ~/.cache/videor1/kernels.
#pragma once
#include <string>
#include "driver.h"
#include "nvrtc.h"

namespace videor1::cuda {

std::string cache_folder();

/** The machine code of a group, from the cache or compiled and put there. A folder that cannot be written is no error. */
std::string cubin_of(Group group, const std::string& architecture);

/** Whether gpu-check found the group equal to ATen's ops on this GPU, with this driver, source and NVRTC. */
bool has_verdict(Group group, const Gpu& gpu);

/** Writes the verdict, or removes it. @throws std::runtime_error if the folder cannot be written. */
void set_verdict(Group group, const Gpu& gpu, bool is_equal);

}  // namespace videor1::cuda
