#include "cache.h"
#include <sys/stat.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace videor1::cuda {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/** Without an ending: add_rms_norm-sm_90a-nvrtc13.2-0123456789abcdef. */
std::string path_of(Group group, const std::string& architecture) {
  return cache_folder() + "/" + name_of(group) + "-" + architecture + "-nvrtc" + nvrtc_version() + "-" + digest_of(group);
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/** In one move, so that another process reads all of it or nothing. */
bool write(const std::string& path, const std::string& content) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0777);
  }
  const std::string part = path + ".part" + std::to_string(getpid());
  std::ofstream file(part, std::ios::binary);
  file << content;
  file.close();
  if (file && std::rename(part.c_str(), path.c_str()) == 0) return true;
  std::remove(part.c_str());
  return false;
}

std::string verdict_of(const Gpu& gpu) { return "equal to ATen's ops on " + gpu.name + ", driver " + gpu.driver + "\n"; }

}  // namespace

std::string cache_folder() {
  const std::string own = variable("VIDEOR1_KERNEL_CACHE"), xdg = variable("XDG_CACHE_HOME");
  if (!own.empty()) return own;
  return (xdg.empty() ? variable("HOME") + "/.cache" : xdg) + "/videor1/kernels";
}

std::string cubin_of(Group group, const std::string& architecture) {
  const std::string path = path_of(group, architecture) + ".cubin", cached = read(path);
  if (!cached.empty()) return cached;
  const std::string cubin = compile(group, architecture);
  write(path, cubin);
  return cubin;
}

bool has_verdict(Group group, const Gpu& gpu) { return read(path_of(group, gpu.architecture) + ".verdict") == verdict_of(gpu); }

void set_verdict(Group group, const Gpu& gpu, bool is_equal) {
  const std::string path = path_of(group, gpu.architecture) + ".verdict";
  if (!is_equal) {
    std::remove(path.c_str());
  } else if (!write(path, verdict_of(gpu))) {
    throw std::runtime_error("cannot write " + path + "; choose a folder with VIDEOR1_KERNEL_CACHE");
  }
}

}  // namespace videor1::cuda
