// Libraries that torch brings, opened by name: the addon links none of them and needs no header of CUDA.
#pragma once
#include <dlfcn.h>
#include <stdexcept>
#include <string>

namespace videor1::cuda {

/** libnvrtc of the CUDA that torch uses. @throws std::runtime_error where there is none. */
void* nvrtc_library();

template <typename Function>
Function function_of(void* library, const char* name) {
  void* found = dlsym(library, name);
  if (!found) throw std::runtime_error(std::string("the library has no function ") + name);
  return reinterpret_cast<Function>(found);
}

}  // namespace videor1::cuda
