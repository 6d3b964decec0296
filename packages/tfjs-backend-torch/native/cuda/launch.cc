#include "launch.h"
#include <ATen/record_function.h>
#include <dlfcn.h>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include "../rehearse.h"
#include "cache.h"
#include "shared-library.h"

namespace videor1::cuda {
namespace {

using Emulate = const char* (*)(const char* kernel, const unsigned* grid, const void* arguments);

/** The library of test/emulator, or null. */
Emulate emulator() {
  const char* path = std::getenv("VIDEOR1_CUDA_EMULATOR");
  if (!path || !rehearses_cuda()) return nullptr;
  static const Emulate emulate = [&] {
    void* library = dlopen(path, RTLD_NOW);
    TORCH_CHECK(library, "VIDEOR1_CUDA_EMULATOR=", path, ": ", dlerror());
    return function_of<Emulate>(library, "videor1_emulate");
  }();
  return emulate;
}

std::mutex lock_of_modules;
std::map<std::pair<Group, int>, void*> modules;                   // of each device
std::map<std::tuple<Group, int, std::string>, void*> functions;  // of each device

void* module_of(Group group, at::Device device) {
  void*& module = modules[{group, device.index()}];
  if (!module) module = load_module(device, cubin_of(group, gpu_of(device).architecture));
  return module;
}

}  // namespace

bool has_kernels(at::Device device) { return device.is_cuda() || (device.is_cpu() && emulator() != nullptr); }

void prepare(Group group, at::Device device) {
  if (!device.is_cuda()) return;
  const std::lock_guard<std::mutex> lock(lock_of_modules);
  module_of(group, device);
}

void launch(Group group, const char* kernel, Grid grid, unsigned threads, const void* arguments, at::Device device) {
  if (grid.x == 0) return;
  const std::string recorded = std::string("cuda::") + kernel;
  RECORD_FUNCTION(recorded, {});
  const unsigned sizes[3] = {grid.x, grid.y, grid.z};
  if (!device.is_cuda()) {
    const Emulate emulate = emulator();
    TORCH_CHECK(emulate, "cuda::", kernel, ": tensors of ", device, ", which has no kernels of CUDA");
    const char* error = emulate(kernel, sizes, arguments);
    TORCH_CHECK(!error, error);
    return;
  }
  void* function;
  {
    const std::lock_guard<std::mutex> lock(lock_of_modules);
    void*& known = functions[{group, device.index(), kernel}];
    if (!known) known = function_in(module_of(group, device), kernel);
    function = known;
  }
  launch_function(function, sizes, threads, arguments);
}

}  // namespace videor1::cuda
