// Not yet run on a GPU.
#include "driver.h"
#include <c10/core/DeviceGuard.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <fstream>
#include "shared-library.h"

namespace videor1::cuda {
namespace {

/** cuda.h's functions; contexts, modules, functions and streams are pointers, a result a number, 0 if all is well. */
struct Driver {
  void* library = dlopen("libcuda.so.1", RTLD_NOW);
#define VIDEOR1_FUNCTION(member, name, ...) int (*member)(__VA_ARGS__) = function_of<int (*)(__VA_ARGS__)>(opened(), name)
  VIDEOR1_FUNCTION(DeviceGet, "cuDeviceGet", int*, int);
  VIDEOR1_FUNCTION(DeviceGetAttribute, "cuDeviceGetAttribute", int*, int, int);
  VIDEOR1_FUNCTION(DeviceGetName, "cuDeviceGetName", char*, int, int);
  VIDEOR1_FUNCTION(DriverGetVersion, "cuDriverGetVersion", int*);
  VIDEOR1_FUNCTION(CtxGetDevice, "cuCtxGetDevice", int*);
  VIDEOR1_FUNCTION(DevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain", void**, int);
  VIDEOR1_FUNCTION(CtxSetCurrent, "cuCtxSetCurrent", void*);
  VIDEOR1_FUNCTION(ModuleLoadData, "cuModuleLoadData", void**, const void*);
  VIDEOR1_FUNCTION(ModuleGetFunction, "cuModuleGetFunction", void**, void*, const char*);
  VIDEOR1_FUNCTION(LaunchKernel, "cuLaunchKernel", void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                   void*, void**, void**);
  VIDEOR1_FUNCTION(GetErrorString, "cuGetErrorString", int, const char**);
#undef VIDEOR1_FUNCTION

  void* opened() const {
    if (!library) throw std::runtime_error("there is no libcuda.so.1, the driver of a GPU");
    return library;
  }

  void check(int result, const std::string& what) const {
    if (result == 0) return;
    const char* text = nullptr;
    GetErrorString(result, &text);
    throw std::runtime_error(what + ": " + (text ? text : "unknown error") + " (" + std::to_string(result) + ")");
  }
};

const Driver& driver() {
  static const Driver library;
  return library;
}

/** torch works in the primary context of each device; a thread that has none current yet takes it. */
void enter(int index) {
  int device = -1, current = -1;
  driver().check(driver().DeviceGet(&device, index), "cuDeviceGet");
  if (driver().CtxGetDevice(&current) == 0 && current == device) return;
  void* context = nullptr;
  driver().check(driver().DevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
  driver().check(driver().CtxSetCurrent(context), "cuCtxSetCurrent");
}

/** cudaStream_t of the stream that torch uses now: libc10_cuda's CUDAStream::stream(), whose object begins with a c10::Stream. */
void* current_stream(c10::Device device) {
  using StreamOf = void* (*)(const c10::Stream*);
  static const auto stream_of =
      function_of<StreamOf>(dlopen("libc10_cuda.so", RTLD_NOW | RTLD_NOLOAD), "_ZNK3c104cuda10CUDAStream6streamEv");
  const c10::Stream stream = c10::impl::VirtualGuardImpl(device.type()).getStream(device);
  return stream_of(&stream);
}

std::string driver_version() {
  std::string version;
  std::ifstream("/sys/module/nvidia/version") >> version;
  if (!version.empty()) return version;
  int number = 0;
  driver().DriverGetVersion(&number);
  return "for CUDA " + std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

}  // namespace

Gpu gpu_of(c10::Device device) {
  constexpr int kMajor = 75, kMinor = 76;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_*
  int handle = 0, major = 0, minor = 0;
  driver().check(driver().DeviceGet(&handle, device.index()), "cuDeviceGet");
  driver().check(driver().DeviceGetAttribute(&major, kMajor, handle), "cuDeviceGetAttribute");
  driver().check(driver().DeviceGetAttribute(&minor, kMinor, handle), "cuDeviceGetAttribute");
  char name[256] = "";
  driver().check(driver().DeviceGetName(name, sizeof name, handle), "cuDeviceGetName");
  const std::string number = std::to_string(10 * major + minor);
  return {"sm_" + number + (number == "90" ? "a" : ""), name, driver_version()};
}

void* load_module(c10::Device device, const std::string& cubin) {
  enter(device.index());
  void* module = nullptr;
  driver().check(driver().ModuleLoadData(&module, cubin.data()), "cuModuleLoadData");
  return module;
}

void* function_in(void* module, const char* kernel) {
  void* function = nullptr;
  driver().check(driver().ModuleGetFunction(&function, module, kernel), kernel);
  return function;
}

void launch_function(void* function, const unsigned (&grid)[3], unsigned threads, const void* arguments) {
  const c10::Device device = c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).getDevice();
  enter(device.index());
  void* list[] = {const_cast<void*>(arguments)};
  driver().check(driver().LaunchKernel(function, grid[0], grid[1], grid[2], threads, 1, 1, 0, current_stream(device), list, nullptr),
                 "cuLaunchKernel");
}

}  // namespace videor1::cuda
