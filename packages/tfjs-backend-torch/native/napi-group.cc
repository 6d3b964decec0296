#include "napi-group.h"

#include <dlfcn.h>
#include <cstring>

#include "group.h"
#include "napi-values.h"

namespace videor1 {
namespace {

/// A group as a Node environment holds it.
struct Member {
  std::shared_ptr<Group> group;
  std::mutex mutex;
  bool is_open = true;  // until the environment ends
  napi_threadsafe_function settle = nullptr;
  int pending = 0;  // promises; of Node's thread alone
};

using Handle = std::shared_ptr<Member>;

struct Result {
  Handle member;
  napi_deferred deferred;
  std::optional<std::vector<std::string>> values;
  std::optional<GroupError> error;
};

napi_value error_value(napi_env env, const GroupError& error) {
  napi_value result, ranks;
  napi_create_error(env, string_value(env, error.code), string_value(env, error.what()), &result);
  napi_create_array(env, &ranks);
  uint32_t i = 0;
  for (const int rank : error.ranks) napi_set_element(env, ranks, i++, int_value(env, rank));
  napi_set_named_property(env, result, "ranks", ranks);
  return result;
}

napi_value bytes_value(napi_env env, const std::string& bytes) {
  napi_value buffer, result;
  void* to = nullptr;
  napi_create_arraybuffer(env, bytes.size(), &to, &buffer);
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  napi_create_typedarray(env, napi_uint8_array, bytes.size(), buffer, 0, &result);
  return result;
}

/// On Node's thread.
void settle(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Result> result(static_cast<Result*>(data));
  if (!env) return;
  Member& member = *result->member;
  if (--member.pending == 0) napi_unref_threadsafe_function(env, member.settle);
  if (result->error) {
    napi_reject_deferred(env, result->deferred, error_value(env, *result->error));
    return;
  }
  napi_value value;
  napi_get_undefined(env, &value);
  if (result->values) {
    napi_create_array(env, &value);
    uint32_t i = 0;
    for (const std::string& bytes : *result->values) napi_set_element(env, value, i++, bytes_value(env, bytes));
  }
  napi_resolve_deferred(env, result->deferred, value);
}

using Values = std::optional<std::vector<std::string>>;

/// A promise of `work`, which the group runs after all that was asked of it before. It returns the promise's values, if any.
template <class Work>
napi_value promise_of(napi_env env, const Handle& member, Work work) {
  napi_value promise;
  auto* result = new Result{member, nullptr, std::nullopt, std::nullopt};  // owned by what settles it
  napi_create_promise(env, &result->deferred, &promise);
  if (member->pending++ == 0) napi_ref_threadsafe_function(env, member->settle);
  auto values = std::make_shared<Values>();
  const auto done = [result, values](const std::optional<GroupError>& error) {
    const Handle member = result->member;
    result->error = error;
    if (!error) result->values = std::move(*values);
    const std::lock_guard<std::mutex> lock(member->mutex);
    if (!member->is_open || napi_call_threadsafe_function(member->settle, result, napi_tsfn_nonblocking) != napi_ok) delete result;
  };
  member->group->run([values, work = std::move(work)](Exchange& exchange) { *values = work(exchange); }, done);
  return promise;
}

const Handle& member_of(napi_env env, napi_value value) {
  void* data = nullptr;
  TORCH_CHECK(napi_get_value_external(env, value, &data) == napi_ok, "expected a process group");
  return *static_cast<Handle*>(data);
}

GroupError gone(const Group& group, const std::string& how) {
  const int rank = group.options.rank;
  return GroupError("MEMBER_LEFT", {rank}, "Rank " + std::to_string(rank) + " has " + how);
}

/// The others learn that this member has ended, if they may expect more of it.
void end(Group& group) {
  group.fail(gone(group, "ended"));
  group.wait_for_end(std::chrono::seconds(2));
}

/// Nothing may call into the environment after this.
void on_environment_end(void* data) {
  const std::unique_ptr<Handle> handle(static_cast<Handle*>(data));
  Member& member = **handle;
  {
    const std::lock_guard<std::mutex> lock(member.mutex);
    member.is_open = false;
  }
  end(*member.group);
}

/// A thread of a group can outlive the worker that loaded the addon; its code must not go.
void keep_loaded() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&keep_loaded), &info)) dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

}  // namespace

napi_value open_group(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<7> args(env, info);
    GroupOptions options;
    options.host = string_of(env, args.values[0]);
    options.port = int_of(env, args.values[1]);
    options.tcp = options.port >= 0;
    napi_get_value_bool(env, args.values[2], &options.is_server);
    options.prefix = string_of(env, args.values[3]);
    options.rank = int_of(env, args.values[4]);
    options.size = int_of(env, args.values[5]);
    options.timeout = std::chrono::milliseconds(int_of(env, args.values[6]));
    keep_loaded();
    auto member = std::make_shared<Member>();
    member->group = std::make_shared<Group>(options);
    TORCH_CHECK(napi_create_threadsafe_function(env, nullptr, nullptr, string_value(env, "videor1:group"), 0, 1, nullptr, nullptr,
                                                nullptr, settle, &member->settle) == napi_ok,
                "cannot call back");
    napi_unref_threadsafe_function(env, member->settle);
    napi_add_env_cleanup_hook(env, on_environment_end, new Handle(member));
    member->group->start();
    napi_value handle;
    napi_create_external(env, new Handle(member), [](napi_env, void* data, void*) { delete static_cast<Handle*>(data); }, nullptr, &handle);
    return handle;
  });
}

napi_value group_ready(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<1> args(env, info);
    return promise_of(env, member_of(env, args.values[0]), [](Exchange&) -> Values { return std::nullopt; });
  });
}

napi_value group_gather(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<2> args(env, info);
    const Bytes bytes = bytes_of(env, args.values[1]);
    auto content = std::make_shared<std::string>(static_cast<const char*>(bytes.data), bytes.size);
    return promise_of(env, member_of(env, args.values[0]),
                      [content](Exchange& exchange) -> Values { return exchange.gather(std::move(*content)); });
  });
}

namespace {

using Move = void (Exchange::*)(const at::Tensor& output, const at::Tensor& input);

/// @throws If `output` has not `factor` times the bytes of `input`, or does not lie in one piece.
napi_value move(napi_env env, napi_callback_info info, Move how, bool gathers) {
  Arguments<3> args(env, info);
  const Handle& member = member_of(env, args.values[0]);
  const at::Tensor output = environment_of(env).get(int_of(env, args.values[1]));
  const at::Tensor input = environment_of(env).get(int_of(env, args.values[2])).contiguous();
  const size_t size = member->group->options.size;
  TORCH_CHECK(output.is_contiguous(), "the output does not lie in one piece");
  TORCH_CHECK(output.device() == input.device(), "the output is on ", output.device(), ", the input on ", input.device());
  TORCH_CHECK(output.is_cpu() || collective_backends().size() > 1, "this addon moves no tensors of GPUs: it was built without NCCL");
  TORCH_CHECK(output.scalar_type() == input.scalar_type() && output.nbytes() == (gathers ? size : 1) * input.nbytes() && output.nbytes() % size == 0,
              "the output ", output.sizes(), " ", output.scalar_type(), " does not fit the input ", input.sizes(), " ", input.scalar_type(),
              " of ", size, " members");
  return promise_of(env, member, [=](Exchange& exchange) -> Values {
    (exchange.*how)(output, input);
    return std::nullopt;
  });
}

}  // namespace

napi_value group_all_to_all(napi_env env, napi_callback_info info) {
  return guarded(env, [&] { return move(env, info, &Exchange::all_to_all, false); });
}

napi_value group_all_gather(napi_env env, napi_callback_info info) {
  return guarded(env, [&] { return move(env, info, &Exchange::all_gather, true); });
}

napi_value group_wait_for(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<2> args(env, info);
    const bool is_done = member_of(env, args.values[0])->group->wait_for_jobs(int_of(env, args.values[1]));
    napi_value result;
    napi_get_boolean(env, is_done, &result);
    return result;
  });
}

napi_value leave_group(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<2> args(env, info);
    Group& group = *member_of(env, args.values[0])->group;
    group.fail(gone(group, "left: " + string_of(env, args.values[1])));
    return nullptr;
  });
}

napi_value end_group(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    end(*member_of(env, args.values[0])->group);
    return nullptr;
  });
}

}  // namespace videor1
