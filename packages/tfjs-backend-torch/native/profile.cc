// torch's own profiler (kineto): the time of every kernel on the device, and of every op on the CPU without those inside it.
#include "profile.h"

#include <torch/csrc/autograd/profiler_kineto.h>

#include <algorithm>
#include <map>
#include <vector>

#include "napi-values.h"

namespace videor1 {
namespace {

namespace kineto = torch::autograd::profiler;
namespace impl = torch::profiler::impl;

// torch 2.4 went from microseconds to nanoseconds.
template <class Event>
auto start_ns(const Event& event, int) -> decltype(event.startNs()) {
  return event.startNs();
}
template <class Event>
auto start_ns(const Event& event, long) -> decltype(event.startUs()) {
  return 1000 * event.startUs();
}
template <class Event>
auto duration_ns(const Event& event, int) -> decltype(event.durationNs()) {
  return event.durationNs();
}
template <class Event>
auto duration_ns(const Event& event, long) -> decltype(event.durationUs()) {
  return 1000 * event.durationUs();
}

struct Spent {
  double ns = 0;
  int32_t count = 0;
};

struct Op {
  std::string name;
  bool on_device;
  uint64_t thread;
  uint64_t start, end;
  double inner = 0;  // of ops that it calls
};

/// Name and place to time. An op of the CPU counts without the ops that it calls; kernels of a device call none.
std::map<std::pair<std::string, bool>, Spent> totals(const std::vector<kineto::KinetoEvent>& events) {
  std::vector<Op> ops;
  for (const kineto::KinetoEvent& event : events) {
    const uint64_t start = start_ns(event, 0);
    const bool on_device = event.deviceType() != c10::DeviceType::CPU;
    ops.push_back({event.name(), on_device, event.startThreadId(), start, start + duration_ns(event, 0)});
  }
  std::sort(ops.begin(), ops.end(), [](const Op& a, const Op& b) {
    return std::make_tuple(a.on_device, a.thread, a.start, b.end) < std::make_tuple(b.on_device, b.thread, b.start, a.end);
  });
  std::vector<size_t> open;  // the ops around the present one, outermost first
  for (size_t i = 0; i < ops.size(); i++) {
    const auto holds = [&](const Op& outer) {
      return !outer.on_device && !ops[i].on_device && outer.thread == ops[i].thread && ops[i].end <= outer.end;
    };
    while (!open.empty() && !holds(ops[open.back()])) open.pop_back();
    if (!open.empty()) ops[open.back()].inner += static_cast<double>(ops[i].end - ops[i].start);
    open.push_back(i);
  }
  std::map<std::pair<std::string, bool>, Spent> spent;
  for (const Op& op : ops) {
    Spent& row = spent[{op.name, op.on_device}];
    // times are rounded to microseconds before torch 2.4: what an op calls can seem to take longer than the op
    row.ns += std::max(0.0, static_cast<double>(op.end - op.start) - op.inner);
    row.count++;
  }
  return spent;
}

}  // namespace

napi_value profile(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    Arguments<1> args(env, info);
    bool begin = false;
    napi_get_value_bool(env, args.values[0], &begin);
    if (begin) {
      const impl::ProfilerConfig config(impl::ProfilerState::KINETO);
      std::set<impl::ActivityType> activities{impl::ActivityType::CPU};
      if (environment_of(env).device.is_cuda()) activities.insert(impl::ActivityType::CUDA);
      kineto::prepareProfiler(config, activities);
      kineto::enableProfiler(config, activities);
      return nullptr;
    }
    const std::unique_ptr<kineto::ProfilerResult> result = kineto::disableProfiler();
    napi_value rows;
    napi_create_array(env, &rows);
    uint32_t at = 0;
    for (const auto& [key, spent] : totals(result->events())) {
      napi_value row, on_device;
      napi_create_object(env, &row);
      napi_get_boolean(env, key.second, &on_device);
      napi_set_named_property(env, row, "name", string_value(env, key.first));
      napi_set_named_property(env, row, "onDevice", on_device);
      napi_set_named_property(env, row, "milliseconds", number_value(env, spent.ns / 1e6));
      napi_set_named_property(env, row, "count", int_value(env, spent.count));
      napi_set_element(env, rows, at++, row);
    }
    return rows;
  });
}

}  // namespace videor1
