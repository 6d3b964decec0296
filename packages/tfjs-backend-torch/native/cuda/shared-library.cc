#include "shared-library.h"
#include <cstdlib>
#include <vector>

namespace videor1::cuda {
namespace {

constexpr const char* kCudaMajors[] = {"13", "12", "11.2"};  // newest first; CUDA 11's NVRTC is named 11.2

std::string folder_of(const std::string& file) { return file.substr(0, file.rfind('/')); }

/** Where the runtime lies that this process uses; "" without one. */
std::string runtime_folder() {
  for (const char* name : {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0"}) {
    void* library = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
    if (!library) continue;
    Dl_info info{};
    if (dladdr(dlsym(library, "cudaGetDevice"), &info) && info.dli_fname) return folder_of(info.dli_fname);
  }
  return "";
}

}  // namespace

void* nvrtc_library() {
  if (const char* given = std::getenv("VIDEOR1_NVRTC"); given && *given) {
    if (void* library = dlopen(given, RTLD_NOW)) return library;
    throw std::runtime_error(std::string("VIDEOR1_NVRTC=") + given + ": " + dlerror());
  }
  std::vector<std::string> names;
  const std::string runtime = runtime_folder();
  for (const char* major : kCudaMajors) {
    const std::string name = std::string("libnvrtc.so.") + major;
    if (void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_NOLOAD)) return library;  // torch has it loaded already
    if (!runtime.empty()) {
      names.push_back(runtime + "/" + name);
      names.push_back(folder_of(folder_of(runtime)) + "/cuda_nvrtc/lib/" + name);  // pip's wheels before CUDA 13
    }
  }
  for (const char* major : kCudaMajors) names.push_back(std::string("libnvrtc.so.") + major);
  for (const std::string& name : names) {
    if (void* library = dlopen(name.c_str(), RTLD_NOW)) return library;
  }
  throw std::runtime_error("there is no libnvrtc.so beside torch: install nvidia-cuda-nvrtc of torch's CUDA, or name the file in VIDEOR1_NVRTC");
}

}  // namespace videor1::cuda
