// CUDA's driver API by name: libcuda.so.1 is on every machine with a GPU, in the form of its driver, and these functions
// have been in it unchanged since CUDA 4. (The runtime's cudaLibrary functions came with CUDA 12.)
#pragma once
#include <c10/core/Device.h>
#include <string>

namespace videor1::cuda {

/** What a cubin and a verdict hold for. */
struct Gpu {
  std::string architecture;  // "sm_90a"
  std::string name, driver;  // "NVIDIA H200", "580.159.03"
};

/** @throws std::runtime_error without a driver. */
Gpu gpu_of(c10::Device device);

/** A kernel on a device. @throws std::runtime_error if the driver does not take the cubin, or it has no such kernel. */
void* load_module(c10::Device device, const std::string& cubin);
void* function_in(void* module, const char* kernel);

/** Enqueues on the current stream of the current device: @param arguments the one struct that the kernel takes. */
void launch_function(void* function, const unsigned (&grid)[3], unsigned threads, const void* arguments);

}  // namespace videor1::cuda
