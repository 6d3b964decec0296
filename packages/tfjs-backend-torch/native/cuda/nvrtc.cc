// Not yet run beside a GPU; CI compiles every kernel with it.
#include "nvrtc.h"
#include <dlfcn.h>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <vector>
#include "cuda-sources.h"  // written by scripts/build.mjs: kSources, name and text of the files of this folder
#include "shared-library.h"

namespace videor1::cuda {
namespace {

constexpr const char* kHeaders[] = {"arguments.h", "device.cuh", "border.cuh"};
constexpr const char* kOptions[] = {"--std=c++17"};

const char* source_of(const std::string& file) {
  for (const Source& source : kSources) {
    if (file == source.name) return source.text;
  }
  throw std::runtime_error("this build has no source " + file);
}

std::string file_of(Group group) {
  std::string file = name_of(group);
  for (char& letter : file) {
    if (letter == '_') letter = '-';
  }
  return file + ".cu";
}

/** nvrtc.h's functions; a program is a pointer, a result a number, 0 if all is well. */
struct Nvrtc {
  void* library = nvrtc_library();
#define VIDEOR1_FUNCTION(name, ...) int (*name)(__VA_ARGS__) = function_of<int (*)(__VA_ARGS__)>(library, "nvrtc" #name)
  VIDEOR1_FUNCTION(Version, int*, int*);
  VIDEOR1_FUNCTION(CreateProgram, void**, const char*, const char*, int, const char* const*, const char* const*);
  VIDEOR1_FUNCTION(CompileProgram, void*, int, const char* const*);
  VIDEOR1_FUNCTION(GetCUBINSize, void*, size_t*);
  VIDEOR1_FUNCTION(GetCUBIN, void*, char*);
  VIDEOR1_FUNCTION(GetProgramLogSize, void*, size_t*);
  VIDEOR1_FUNCTION(GetProgramLog, void*, char*);
  VIDEOR1_FUNCTION(DestroyProgram, void**);
#undef VIDEOR1_FUNCTION
};

const Nvrtc& nvrtc() {
  static const Nvrtc library;
  return library;
}

}  // namespace

const char* name_of(Group group) {
  switch (group) {
    case Group::kEmbedding: return "embedding";
    case Group::kAddRmsNorm: return "add_rms_norm";
    case Group::kThinProduct: return "thin_product";
    case Group::kRotaryCache: return "rotary_cache";
    case Group::kAttention: return "attention";
    default: return "draw";
  }
}

std::string digest_of(Group group) {
  uint64_t digest = 14695981039346656037u;  // FNV-1a
  const auto add = [&](const char* text) {
    do digest = (digest ^ static_cast<unsigned char>(*text)) * 1099511628211u;
    while (*text++);
  };
  for (const char* header : kHeaders) add(source_of(header));
  add(source_of(file_of(group)));
  for (const char* option : kOptions) add(option);
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(digest));
  return text;
}

std::string nvrtc_version() {
  int major = 0, minor = 0;
  nvrtc().Version(&major, &minor);
  return std::to_string(major) + "." + std::to_string(minor);
}

std::string compile(Group group, const std::string& architecture) {
  const Nvrtc& library = nvrtc();
  const std::string file = file_of(group), target = "--gpu-architecture=" + architecture;
  std::vector<const char*> headers, options(std::begin(kOptions), std::end(kOptions));
  for (const char* header : kHeaders) headers.push_back(source_of(header));
  options.push_back(target.c_str());
  void* program = nullptr;
  const int created = library.CreateProgram(&program, source_of(file), file.c_str(), headers.size(), headers.data(), kHeaders);
  if (created != 0) throw std::runtime_error(file + ": NVRTC " + nvrtc_version() + " makes no program, error " + std::to_string(created));
  const int result = library.CompileProgram(program, options.size(), options.data());
  size_t size = 0;
  std::string text;
  if (result != 0) {
    library.GetProgramLogSize(program, &size);
    text.resize(size);
    if (size > 0) library.GetProgramLog(program, &text[0]);
    library.DestroyProgram(&program);
    throw std::runtime_error(file + " for " + architecture + " by NVRTC " + nvrtc_version() + ": error " + std::to_string(result) + "\n" + text);
  }
  library.GetCUBINSize(program, &size);
  text.resize(size);
  library.GetCUBIN(program, &text[0]);
  library.DestroyProgram(&program);
  return text;
}

}  // namespace videor1::cuda
