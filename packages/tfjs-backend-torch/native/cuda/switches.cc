// Which kernels a decoder uses.
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include "arguments.h"
#include "cache.h"
#include "kernels.h"
#include "launch.h"

namespace videor1::cuda {
namespace {

/** Whether VIDEOR1_CUDA_KERNELS names a group; without the variable, whether gpu-check found it equal on this GPU. */
bool is_wanted(Group group, at::Device device) {
  const char* variable = std::getenv("VIDEOR1_CUDA_KERNELS");
  const std::string names = variable ? variable : "";
  if (names == "all") return true;
  if (names == "none") return false;
  if (names.empty()) return device.is_cuda() && has_verdict(group, gpu_of(device));
  std::stringstream list(names);
  bool is_named = false;
  for (std::string name; std::getline(list, name, ',');) {
    bool exists = false;
    for (const Group known : kGroups) exists = exists || name == name_of(known);
    TORCH_CHECK(exists, "VIDEOR1_CUDA_KERNELS=", names, ": there are no kernels \"", name,
                "\"; there are embedding, add_rms_norm, thin_product, rotary_cache, attention, draw, or write all or none");
    is_named = is_named || name == name_of(group);
  }
  return is_named;
}

/** One line for each problem, however many decoders are opened. */
void say_once(const std::string& line) {
  static std::mutex one_thread;
  static std::set<std::string> said;
  const std::lock_guard<std::mutex> lock(one_thread);
  if (said.insert(line).second) std::cerr << line << std::endl;
}

bool runs(Group group, at::Device device) {
  try {
    if (!is_wanted(group, device)) return false;
    prepare(group, device);
    return true;
  } catch (const c10::Error&) {
    throw;  // a mistake in the variable
  } catch (const std::exception& problem) {
    say_once(std::string("@videor1/tfjs-backend-torch: the kernels \"") + name_of(group) + "\" are off: " + problem.what());
    return false;
  }
}

}  // namespace

KernelSet kernels_on(at::Device device, const DecoderShape& shape) {
  KernelSet set;
  if (!has_kernels(device)) return set;
  set.draw = shape.vocabulary > 0 && runs(Group::kDraw, device);
  const bool is_bfloat16 = shape.type == at::kBFloat16;
  const int64_t H = shape.head_dim, widths[] = {shape.hidden, shape.intermediate, shape.query_heads * H, shape.adapter_rank};
  for (const int64_t width : widths) {
    if (!is_bfloat16 || width % 8 != 0) return set;
  }
  set.embedding = runs(Group::kEmbedding, device);
  set.add_rms_norm = shape.hidden <= kMostHidden && runs(Group::kAddRmsNorm, device);
  set.thin_product = runs(Group::kThinProduct, device);
  const bool has_heads = (H == 16 || H == 32 || H == 64 || H == 128) && shape.query_heads % shape.kv_heads == 0 &&
                         shape.query_heads / shape.kv_heads <= 16;
  set.rotary_cache = H % 16 == 0 && runs(Group::kRotaryCache, device);
  set.attention = has_heads && runs(Group::kAttention, device);
  return set;
}

}  // namespace videor1::cuda
