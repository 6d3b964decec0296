// Process groups for Node: a thread of each group's own runs its operations in the order of their calls, and Node's loop lives.
#include <dlfcn.h>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "group-exchange.h"
#include "napi-group.h"
#include "napi-values.h"

namespace videor1 {
namespace {

struct Job {
  napi_deferred deferred;
  std::function<void(Exchange&, Job&)> work;
  std::vector<std::string> values;
  bool has_values = false;
  std::optional<GroupError> error;
};

struct Group {
  GroupOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<Job>> queue;
  bool leaving = false;
  napi_env env = nullptr;  // null once it ends
  napi_threadsafe_function settle = nullptr;
  int pending = 0;  // promises; of Node's thread alone
};

using Shared = std::shared_ptr<Group>;

/// On Node's thread.
void settle(napi_env env, napi_value, void* context, void* data) {
  std::unique_ptr<std::shared_ptr<Job>> job(static_cast<std::shared_ptr<Job>*>(data));
  Group& group = **static_cast<Shared*>(context);
  if (!env) return;
  const Job& done = **job;
  if (--group.pending == 0) napi_unref_threadsafe_function(env, group.settle);
  if (done.error) {
    napi_value error, ranks;
    napi_create_error(env, string_value(env, done.error->code), string_value(env, done.error->what()), &error);
    napi_create_array(env, &ranks);
    uint32_t i = 0;
    for (const int rank : done.error->ranks) napi_set_element(env, ranks, i++, int_value(env, rank));
    napi_set_named_property(env, error, "ranks", ranks);
    napi_reject_deferred(env, done.deferred, error);
    return;
  }
  napi_value result;
  napi_get_undefined(env, &result);
  if (done.has_values) {
    napi_create_array(env, &result);
    uint32_t i = 0;
    for (const std::string& value : done.values) {
      napi_value buffer, bytes;
      void* to = nullptr;
      napi_create_arraybuffer(env, value.size(), &to, &buffer);
      if (!value.empty()) std::memcpy(to, value.data(), value.size());
      napi_create_typedarray(env, napi_uint8_array, value.size(), buffer, 0, &bytes);
      napi_set_element(env, result, i++, bytes);
    }
  }
  napi_resolve_deferred(env, done.deferred, result);
}

void hand_over(Group& group, std::shared_ptr<Job> job) {
  const std::lock_guard<std::mutex> lock(group.mutex);
  if (!group.env) return;
  auto* data = new std::shared_ptr<Job>(std::move(job));
  if (napi_call_threadsafe_function(group.settle, data, napi_tsfn_nonblocking) != napi_ok) delete data;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Runs `work`; what it throws is a GroupError.
template <class Work>
std::optional<GroupError> attempt(Work work) {
  try {
    work();
    return std::nullopt;
  } catch (const GroupError& error) {
    return error;
  } catch (const c10::Error& error) {
    return GroupError("TORCH", {}, first_line(error.what_without_backtrace()));
  } catch (const std::exception& error) {
    return GroupError("TORCH", {}, first_line(error.what()));
  }
}

void run(Shared group) {
  std::unique_ptr<Exchange> exchange;
  std::optional<GroupError> failure;
  for (;;) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock<std::mutex> lock(group->mutex);
      group->changed.wait(lock, [&] { return group->leaving || !group->queue.empty(); });
      if (group->leaving) break;
      job = group->queue.front();
      group->queue.pop_front();
    }
    if (!failure) {
      failure = attempt([&] {
        if (!exchange) exchange = std::make_unique<Exchange>(group->options, connect_gloo(group->options, "localhost", ""));
        else job->work(*exchange, *job);
      });
    }
    job->error = failure;
    hand_over(*group, job);
  }
}

/// A promise of `work`, which runs on the group's thread after all that was asked for before.
napi_value enqueue(napi_env env, Group& group, std::function<void(Exchange&, Job&)> work) {
  auto job = std::make_shared<Job>();
  job->work = std::move(work);
  napi_value promise;
  napi_create_promise(env, &job->deferred, &promise);
  if (group.pending++ == 0) napi_ref_threadsafe_function(env, group.settle);
  {
    const std::lock_guard<std::mutex> lock(group.mutex);
    group.queue.push_back(job);
  }
  group.changed.notify_all();
  return promise;
}

Shared& group_of(napi_env env, napi_value value) {
  void* data = nullptr;
  TORCH_CHECK(napi_get_value_external(env, value, &data) == napi_ok, "expected a process group");
  return *static_cast<Shared*>(data);
}

void end(Group& group) {
  {
    const std::lock_guard<std::mutex> lock(group.mutex);
    group.leaving = true;
  }
  group.changed.notify_all();
}

/// The environment ends: nothing may call into it any more.
void on_environment_end(void* data) {
  Shared& group = *static_cast<Shared*>(data);
  end(*group);
  const std::lock_guard<std::mutex> lock(group->mutex);
  group->env = nullptr;
}

/// A thread of a group can outlive the worker that loaded the addon; its code must not go.
void keep_loaded() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&keep_loaded), &info)) dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

}  // namespace

napi_value open_group(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<8> args(env, info);
    auto group = std::make_shared<Group>();
    GroupOptions& options = group->options;
    options.host = string_of(env, args.values[0]);
    options.port = int_of(env, args.values[1]);
    options.tcp = options.port >= 0;
    napi_get_value_bool(env, args.values[2], &options.is_server);
    options.prefix = string_of(env, args.values[3]);
    options.rank = int_of(env, args.values[4]);
    options.size = int_of(env, args.values[5]);
    options.timeout = std::chrono::milliseconds(int_of(env, args.values[6]));
    group->env = env;
    keep_loaded();
    auto* shared = new Shared(group);
    TORCH_CHECK(napi_create_threadsafe_function(env, nullptr, nullptr, string_value(env, "videor1:group"), 0, 1, nullptr, nullptr,
                                                shared, settle, &group->settle) == napi_ok,
                "cannot call back");
    napi_unref_threadsafe_function(env, group->settle);
    napi_add_env_cleanup_hook(env, on_environment_end, shared);
    std::thread(run, group).detach();
    napi_value handle;
    napi_create_external(env, shared, nullptr, nullptr, &handle);
    return handle;
  });
}

napi_value group_ready(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<1> args(env, info);
    return enqueue(env, *group_of(env, args.values[0]), [](Exchange&, Job&) {});
  });
}

napi_value group_gather(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    Arguments<2> args(env, info);
    const Bytes bytes = bytes_of(env, args.values[1]);
    std::string content(static_cast<const char*>(bytes.data), bytes.size);
    return enqueue(env, *group_of(env, args.values[0]), [content = std::move(content)](Exchange& exchange, Job& job) {
      job.values = exchange.gather(content);
      job.has_values = true;
    });
  });
}

namespace {
struct TensorArguments {
  Shared group;
  at::Tensor output, input;

  /// @throws If `output` has not `factor` times the bytes of `input`, or does not lie in one piece.
  TensorArguments(napi_env env, napi_callback_info info, bool gathers) {
    Arguments<3> args(env, info);
    group = group_of(env, args.values[0]);
    output = environment_of(env).get(int_of(env, args.values[1]));
    input = environment_of(env).get(int_of(env, args.values[2])).contiguous();
    const size_t size = group->options.size, factor = gathers ? size : 1;
    TORCH_CHECK(output.is_contiguous(), "the output does not lie in one piece");
    TORCH_CHECK(output.is_cpu() && input.is_cpu(), "Gloo moves tensors of the CPU");
    TORCH_CHECK(output.scalar_type() == input.scalar_type() && output.nbytes() == factor * input.nbytes() && output.nbytes() % size == 0,
                "the output ", output.sizes(), " ", output.scalar_type(), " does not fit the input ", input.sizes(), " ",
                input.scalar_type(), " of ", size, " members");
  }
};
}  // namespace

napi_value group_all_to_all(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const TensorArguments args(env, info, false);
    return enqueue(env, *args.group, [output = args.output, input = args.input](Exchange& exchange, Job&) {
      exchange.all_to_all(output, input);
    });
  });
}

napi_value group_all_gather(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const TensorArguments args(env, info, true);
    return enqueue(env, *args.group, [output = args.output, input = args.input](Exchange& exchange, Job&) {
      exchange.all_gather(output, input);
    });
  });
}

napi_value leave_group(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<2> args(env, info);
    end(*group_of(env, args.values[0]));
    return nullptr;
  });
}

}  // namespace videor1
