#include "launches.h"

#include <ATen/record_function.h>

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "napi-values.h"

namespace videor1 {
namespace {

struct Counter {
  bool counts = false;
  int64_t depth = 0;  // of ops that count as a whole
  int64_t launches = 0;  // of Launch that are alive
  std::map<std::string, int64_t> kernels;
  int64_t host_writes = 0, host_bytes = 0;
  at::CallbackHandle handle = 0;
};

Counter& counter() {
  static thread_local Counter own;
  return own;
}

/// Ops that launch nothing themselves: they make views or memory, or are made of ops that count.
bool is_silent(const std::string& name) {
  static const std::unordered_set<std::string> names = {
      "view", "reshape", "_reshape_alias", "_unsafe_view", "narrow", "slice", "select", "transpose", "t", "permute",
      "expand", "expand_as", "unsqueeze", "squeeze", "flatten", "unflatten", "as_strided", "alias", "detach", "detach_",
      "split", "split_with_sizes", "chunk", "unbind", "view_as", "movedim", "numpy_T", "diagonal", "resolve_conj",
      "resolve_neg", "lift", "lift_fresh", "set_", "requires_grad_", "_has_same_storage_numel", "result_type", "can_cast",
      "empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "resize_", "to", "_to_copy", "type_as", "contiguous",
      "clone", "zeros", "zeros_like", "ones", "ones_like", "full", "full_like", "new_zeros", "new_full",
      "linear", "matmul", "einsum", "tensordot", "softmax", "log_softmax", "repeat_interleave", "expand_copy", "broadcast_tensors",
      "item", "is_nonzero", "square", "stack", "scaled_dot_product_attention"};
  return names.count(name) > 0;
}

/// Ops of several kernels on CUDA.
int64_t kernels_of(const std::string& name) {
  static const std::unordered_map<std::string, int64_t> counts = {
      {"_fused_rms_norm_backward", 2},                             // of x, of the weight
      {"_scaled_dot_product_flash_attention_for_cpu_backward", 3},  // what CUDA's has: rows of dy out, the products, dq in bfloat16
      {"_local_scalar_dense", 0},
  };
  const auto found = counts.find(name);
  return found == counts.end() ? 1 : found->second;
}

struct Context : at::ObserverContext {
  bool counts = false;
};

std::unique_ptr<at::ObserverContext> begin_op(const at::RecordFunction& op) {
  auto context = std::make_unique<Context>();
  Counter& own = counter();
  std::string name = op.name();
  if (own.launches > 0 || name.rfind("aten::", 0) != 0) return context;
  name = name.substr(6);
  if (is_silent(name)) return context;
  if (own.depth++ == 0) own.kernels["aten::" + name] += kernels_of(name);
  context->counts = true;
  return context;
}

void end_op(const at::RecordFunction&, at::ObserverContext* context) {
  if (static_cast<Context*>(context)->counts) counter().depth--;
}

}  // namespace

bool counts_launches() { return counter().counts && counter().launches == 0; }

Launch::Launch(const char* name, int64_t kernels) {
  Counter& own = counter();
  if (own.counts && own.launches++ == 0) own.kernels[name] += kernels;
}

Launch::~Launch() {
  Counter& own = counter();
  if (own.launches > 0) own.launches--;
}

void count_host_write(int64_t bytes) {
  Counter& own = counter();
  if (!own.counts) return;
  own.host_writes++;
  own.host_bytes += bytes;
}

napi_value launches(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    bool begin = false;
    napi_get_value_bool(env, args.values[0], &begin);
    Counter& own = counter();
    TORCH_CHECK(begin != own.counts, begin ? "launches are counted already" : "launches are not being counted");
    if (begin) {
      own = Counter();
      own.counts = true;
      own.handle = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_op, end_op).scopes({at::RecordScope::FUNCTION}));
      return nullptr;
    }
    at::removeCallback(own.handle);
    own.counts = false;
    napi_value result, rows;
    napi_create_object(env, &result);
    napi_create_array(env, &rows);
    uint32_t at = 0;
    for (const auto& [name, count] : own.kernels) {
      if (count == 0) continue;
      napi_value row;
      napi_create_object(env, &row);
      napi_set_named_property(env, row, "name", string_value(env, name));
      napi_set_named_property(env, row, "count", number_value(env, static_cast<double>(count)));
      napi_set_element(env, rows, at++, row);
    }
    napi_set_named_property(env, result, "kernels", rows);
    napi_set_named_property(env, result, "hostWrites", number_value(env, static_cast<double>(own.host_writes)));
    napi_set_named_property(env, result, "hostBytes", number_value(env, static_cast<double>(own.host_bytes)));
    return result;
  });
}

}  // namespace videor1
