#include "launches.h"

#include <ATen/record_function.h>
#include <cstring>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "napi-values.h"

namespace videor1 {
namespace {

using Names = std::unordered_set<std::string>;

/// Ops that enqueue nothing themselves: they look at a tensor in another way, or allocate, or are made of ops that are listed.
bool is_free(const std::string& name) {
  static const Names views = {"view",       "_unsafe_view", "as_strided", "narrow",  "slice",      "select",  "transpose",
                              "t",          "permute",      "expand",     "squeeze", "unsqueeze",  "alias",   "detach",
                              "lift_fresh", "result_type",  "is_nonzero", "set_",    "unflatten",  "unbind",  "split",
                              "chunk",      "expand_as",    "view_as",    "movedim", "split_with_sizes"};
  static const Names memory = {"empty", "empty_like", "empty_strided", "new_empty", "resize_", "_reshape_alias"};
  static const Names made = {"reshape",   "flatten", "contiguous", "clone",     "to",     "_to_copy", "type_as",    "softmax",
                             "log_softmax", "matmul", "linear",     "index_put_", "zeros",  "zeros_like", "ones",       "ones_like",
                             "full",      "full_like", "new_zeros", "ge_",       "square", "stack",    "repeat_interleave", "item",
                             "scaled_dot_product_attention"};
  return views.count(name) > 0 || memory.count(name) > 0 || made.count(name) > 0;
}

struct Listing {
  bool is_on = false, takes_device_forms = false;
  std::vector<std::string> names, parts;  // parts that are open
  int64_t inside = 0;                     // ops that are open and listed already
  int64_t launches = 0;                   // of Launch that are alive
  double host_bytes = 0;
  at::CallbackHandle handle{};

  void add(const std::string& name, int64_t times = 1) {
    std::string path;
    for (const std::string& part : parts) path += part + "/";
    for (int64_t i = 0; i < times; i++) names.push_back(path + name);
  }
};

thread_local Listing listing;

enum class Kind { kNone, kListed, kPart };

struct Open : at::ObserverContext {
  explicit Open(Kind of) : kind(of) {}
  Kind kind;
};

std::unique_ptr<at::ObserverContext> begin_op(const at::RecordFunction& function) {
  const std::string name(function.name());
  constexpr const char *part = "part ", *aten = "aten::";
  if (name.rfind(part, 0) == 0) {
    listing.parts.push_back(name.substr(std::strlen(part)));
    listing.add("");
    return std::make_unique<Open>(Kind::kPart);
  }
  const bool is_op = name.rfind(aten, 0) == 0 && !is_free(name.substr(std::strlen(aten)));
  if (listing.launches > 0 || !(is_op || name.rfind("cuda::", 0) == 0 || name == "host write")) {
    return std::make_unique<Open>(Kind::kNone);
  }
  if (listing.inside++ == 0) listing.add(name);
  return std::make_unique<Open>(Kind::kListed);
}

void end_op(const at::RecordFunction&, at::ObserverContext* context) {
  const Kind kind = static_cast<Open*>(context)->kind;
  if (kind == Kind::kListed) listing.inside--;
  if (kind == Kind::kPart) listing.parts.pop_back();
}

}  // namespace

bool counts_launches() { return listing.takes_device_forms && listing.launches == 0; }

Launch::Launch(const char* name, int64_t kernels) {
  if (listing.is_on && listing.launches++ == 0) listing.add(name, kernels);
}

Launch::~Launch() {
  if (listing.launches > 0) listing.launches--;
}

void count_host_write(int64_t bytes) {
  if (!listing.is_on) return;
  listing.add("host write");
  listing.host_bytes += static_cast<double>(bytes);
}

napi_value launches(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<2> args(env, info);
    bool is_begin = false;
    napi_get_value_bool(env, args.values[0], &is_begin);
    TORCH_CHECK(is_begin != listing.is_on, is_begin ? "launches are listed already" : "launches are not being listed");
    if (is_begin) {
      listing = {};
      listing.is_on = true;
      napi_get_value_bool(env, args.values[1], &listing.takes_device_forms);
      listing.handle = at::addThreadLocalCallback(
          at::RecordFunctionCallback(begin_op, end_op).scopes({at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE}));
      return nullptr;
    }
    at::removeCallback(listing.handle);
    listing.is_on = listing.takes_device_forms = false;
    napi_value result, names;
    napi_create_object(env, &result);
    napi_create_array(env, &names);
    uint32_t i = 0;
    for (const std::string& name : listing.names) napi_set_element(env, names, i++, string_value(env, name));
    napi_set_named_property(env, result, "names", names);
    napi_set_named_property(env, result, "hostBytes", number_value(env, listing.host_bytes));
    return result;
  });
}

}  // namespace videor1
