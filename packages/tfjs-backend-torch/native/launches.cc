#include "launches.h"

#include <ATen/record_function.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "napi-values.h"

namespace videor1 {
namespace {

/** Ops that enqueue nothing: they look at a tensor in another way, or only allocate. */
constexpr std::array kFree = {
    "aten::view",    "aten::_unsafe_view", "aten::as_strided", "aten::narrow",  "aten::slice",         "aten::select",  "aten::transpose",
    "aten::t",       "aten::permute",      "aten::expand",     "aten::squeeze", "aten::unsqueeze",     "aten::alias",   "aten::detach",
    "aten::empty",   "aten::empty_like",   "aten::empty_strided", "aten::resize_", "aten::_reshape_alias", "aten::unbind", "aten::split",
    "aten::lift_fresh", "aten::result_type", "aten::is_nonzero", "aten::set_",
};

/** Ops that are made of others, which are listed instead. */
constexpr std::array kMade = {
    "aten::reshape", "aten::flatten",     "aten::unflatten", "aten::contiguous", "aten::clone",    "aten::to",      "aten::_to_copy",
    "aten::softmax", "aten::matmul",      "aten::index_put_", "aten::view_as",    "aten::zeros",    "aten::zeros_like", "aten::ones_like",
    "aten::full",    "aten::ge",
};

template <size_t N>
bool has(const std::array<const char*, N>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const char* each) { return name == each; });
}

enum class Kind { kMade, kCounted, kPart };

struct Listing {
  std::vector<std::string> launches;
  std::vector<std::string> parts;  // that are open
  int inside = 0;                  // ops that are open and counted already
  at::CallbackHandle handle{};
};

thread_local Listing listing;

std::string path() {
  std::string of_parts;
  for (const std::string& each : listing.parts) of_parts += each + "/";
  return of_parts;
}

struct Open : at::ObserverContext {
  explicit Open(Kind of) : kind(of) {}
  Kind kind;
};

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  const std::string name(function.name());
  constexpr const char* part = "part ";
  if (name.rfind(part, 0) == 0) {
    listing.parts.push_back(name.substr(std::strlen(part)));
    listing.launches.push_back(path());
    return std::make_unique<Open>(Kind::kPart);
  }
  const bool is_op = name.rfind("aten::", 0) == 0;
  const bool is_launch = name.rfind("cuda::", 0) == 0 || name == "host write" || (is_op && !has(kFree, name));
  if (!is_launch && !is_op) return std::make_unique<Open>(Kind::kMade);
  if (is_op && has(kMade, name)) return std::make_unique<Open>(Kind::kMade);
  if (is_launch && listing.inside == 0) {
    listing.launches.push_back(path() + name);
  }
  listing.inside++;
  return std::make_unique<Open>(Kind::kCounted);
}

void end(const at::RecordFunction&, at::ObserverContext* context) {
  const Kind kind = static_cast<Open*>(context)->kind;
  if (kind == Kind::kCounted) listing.inside--;
  if (kind == Kind::kPart) listing.parts.pop_back();
}

}  // namespace

napi_value launches(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    bool is_begin = false;
    napi_get_value_bool(env, args.values[0], &is_begin);
    if (is_begin) {
      listing = {};
      listing.handle = at::addThreadLocalCallback(
          at::RecordFunctionCallback(begin, end).scopes({at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE}));
      return nullptr;
    }
    at::removeCallback(listing.handle);
    napi_value names;
    napi_create_array(env, &names);
    uint32_t i = 0;
    for (const std::string& name : listing.launches) napi_set_element(env, names, i++, string_value(env, name));
    return names;
  });
}

}  // namespace videor1
