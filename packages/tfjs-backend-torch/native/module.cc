// The Node-API module: one Environment per Node environment, tensors in numbered slots, and run(kernel).
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/record_function.h>
#include <node_api.h>
#include <cstring>
#include <unordered_set>

#include "call.h"
#include "cpu-capability.h"
#include "decode/session.h"
#include "launches.h"
#include "napi-group.h"
#include "napi-values.h"
#include "pending-writes.h"
#include "process-group.h"
#include "profile.h"

#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif

namespace videor1 {
namespace {

/// bind(ints: Int32Array, numbers: Float64Array): the arrays that carry a call's arguments; the caller keeps them alive.
napi_value bind(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<2> args(env, info);
    Environment& own = environment_of(env);
    const Bytes ints = bytes_of(env, args.values[0]);
    own.ints = static_cast<int32_t*>(ints.data);
    own.int_count = ints.size;
    own.numbers = static_cast<double*>(bytes_of(env, args.values[1]).data);
    return nullptr;
  });
}

/// run(kernel: number): number of outputs.
napi_value run(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<1> args(env, info);
    Call call(environment_of(env));
    const Registration& registration = kernels()[int_of(env, args.values[0])];
    RECORD_FUNCTION(registration.name.c_str(), {});
    registration.kernel(call);
    return int_value(env, call.finish());
  });
}

at::ScalarType scalar_type_of(int32_t dtype) {
  switch (dtype) {
    case 1: return at::kInt;
    case 2: return at::kBool;
    default: return at::kFloat;
  }
}

/// write(values: typed array, dtype: number, rank: number): slot. The sizes are in ints.
napi_value write(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<3> args(env, info);
    Environment& own = environment_of(env);
    const Bytes bytes = bytes_of(env, args.values[0]);
    const auto type = scalar_type_of(int_of(env, args.values[1]));
    std::vector<int64_t> sizes(int_of(env, args.values[2]));
    for (size_t i = 0; i < sizes.size(); i++) sizes[i] = own.ints[i];
    at::Tensor host = at::empty(sizes, type);
    TORCH_CHECK(static_cast<size_t>(host.numel()) == bytes.size, bytes.size, " values for ", host.numel(), " elements");
    if (bytes.size > 0) std::memcpy(host.data_ptr(), bytes.data, host.nbytes());
    count_host_write(static_cast<int64_t>(host.nbytes()));
    return int_value(env, own.put(host.to(own.device)));
  });
}

/// read(slot: number, into: typed array of the tensor's size): waits for the device.
napi_value read(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<2> args(env, info);
    const at::Tensor& tensor = environment_of(env).get(int_of(env, args.values[0]));
    const Bytes bytes = bytes_of(env, args.values[1]);
    const auto stored = tensor.scalar_type();
    const auto type = tensor.is_floating_point() ? at::kFloat : stored == at::kShort ? at::kInt : stored;
    const at::Tensor host = tensor.to(at::kCPU, type).contiguous();
    TORCH_CHECK(static_cast<size_t>(host.numel()) == bytes.size, host.numel(), " elements into ", bytes.size);
    if (bytes.size > 0) std::memcpy(bytes.data, host.data_ptr(), host.nbytes());
    return nullptr;
  });
}

napi_value drop(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    environment_of(env).drop(int_of(env, args.values[0]));
    return nullptr;
  });
}

/// sharers(slot: number): how many tensors use its storage, itself included.
napi_value sharers(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<1> args(env, info);
    const at::Tensor& tensor = environment_of(env).get(int_of(env, args.values[0]));
    return int_value(env, static_cast<int32_t>(tensor.storage().use_count()));
  });
}

/// bytes(parked: boolean): of the storages that are alive in this environment, each counted once; parked or not. Decode
/// sessions' are alive, and not parked.
napi_value bytes(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<1> args(env, info);
    bool parked = false;
    napi_get_value_bool(env, args.values[0], &parked);
    const Environment& own = environment_of(env);
    std::unordered_set<const void*> seen;
    double total = 0;
    const auto count = [&](const at::Tensor& tensor) {
      if (seen.insert(tensor.storage().unsafeGetStorageImpl()).second) total += static_cast<double>(tensor.storage().nbytes());
    };
    for (size_t slot = 0; slot < own.slots.size(); slot++) {
      const at::Tensor& tensor = own.slots[slot];
      if (tensor.defined() && (own.parked.count(static_cast<int32_t>(slot)) > 0) == parked) count(tensor);
    }
    if (!parked) {
      for (const auto& [_, session] : own.decode_sessions) count(session->memory);
    }
    return number_value(env, total);
  });
}

/// setDevice(name: string): "cpu", "cuda", "cuda:1"; throws if there is none.
napi_value set_device(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    Environment& own = environment_of(env);
    at::Device device(string_of(env, args.values[0]));
    if (device.is_cuda()) {
      if (!device.has_index()) device.set_index(0);
      TORCH_CHECK(at::hasCUDA(), "this libtorch has no CUDA, or there is no GPU");
    }
    at::empty({1}, at::TensorOptions().device(device));
    own.device = device;
    return nullptr;
  });
}

napi_value set_threads(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    at::set_num_threads(int_of(env, args.values[0]));
    return nullptr;
  });
}

/// setCpuCapability(name: string): one of info().cpuCapabilities.
napi_value set_cpu_capability(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    const std::string name = string_of(env, args.values[0]);
    for (const CpuCapability capability : cpu_capabilities()) {
      if (name_of(capability) != name) continue;
      cpu_capability = capability;
      return nullptr;
    }
    TORCH_CHECK(false, "this processor, or this build, has no ", name);
  });
}

/// checkNaN(on: boolean): whether an op whose result holds a NaN throws. Waits for the device after every op.
napi_value check_nan(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    napi_get_value_bool(env, args.values[0], &environment_of(env).check_nan);
    return nullptr;
  });
}

/// info(): what runs.
napi_value info(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    napi_value result;
    napi_create_object(env, &result);
    const auto set = [&](const char* name, napi_value value) { napi_set_named_property(env, result, name, value); };
    set("builtFor", string_value(env, TORCH_VERSION));
    set("config", string_value(env, at::show_config()));
    set("device", string_value(env, environment_of(env).device.str()));
    set("threads", int_value(env, at::get_num_threads()));
    set("cpuCapability", string_value(env, name_of(cpu_capability)));
    napi_value capabilities;
    napi_create_array(env, &capabilities);
    uint32_t i = 0;
    for (const CpuCapability own : cpu_capabilities()) {
      napi_set_element(env, capabilities, i++, string_value(env, name_of(own)));
    }
    set("cpuCapabilities", capabilities);
    napi_value cuda;
    napi_get_boolean(env, at::hasCUDA(), &cuda);
    set("cuda", cuda);
    napi_value collectives;
    napi_create_array(env, &collectives);
    uint32_t next = 0;
    for (const std::string& name : collective_backends()) napi_set_element(env, collectives, next++, string_value(env, name));
    set("collectives", collectives);
    return result;
  });
}

/// kernels(): their names; run takes a position in this list.
napi_value kernel_names(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    napi_value names;
    napi_create_array(env, &names);
    uint32_t i = 0;
    for (const Registration& registration : kernels()) napi_set_element(env, names, i++, string_value(env, registration.name));
    return names;
  });
}

}  // namespace
}  // namespace videor1

NAPI_MODULE_INIT() {
  using namespace videor1;
  napi_set_instance_data(env, new Environment(), [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); },
                         nullptr);
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"bind", bind},         {"run", run},          {"write", write},          {"read", read},
                   {"drop", drop},         {"sharers", sharers},  {"bytes", bytes},          {"setDevice", set_device},
                   {"setThreads", set_threads}, {"setCpuCapability", set_cpu_capability}, {"checkNaN", check_nan},
                   {"info", info},         {"kernels", kernel_names}, {"profile", profile}, {"launches", launches}, {"flush", flush},
                   {"openGroup", open_group}, {"groupReady", group_ready}, {"groupGather", group_gather},
                   {"groupAllToAll", group_all_to_all}, {"groupAllGather", group_all_gather}, {"leaveGroup", leave_group},
                   {"endGroup", end_group},  {"groupWaitFor", group_wait_for}};
  for (const auto& [name, function] : functions) {
    napi_value value;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  return exports;
}
