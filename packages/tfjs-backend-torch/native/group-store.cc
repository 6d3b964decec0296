#include "group-store.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "group-meeting.h"

namespace videor1 {

namespace {

/// Ports that a group of this process serves a store at; its other groups share the server.
std::set<int>& served_ports() {
  static auto* ports = new std::set<int>();
  return *ports;
}
std::mutex served_mutex;

struct Attempt {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_connected = false, is_over = false;
  std::unique_ptr<KeyStore> store;
  std::string problem;
};

/// On a thread of its own, which a store that never answers keeps.
void connect(std::shared_ptr<Attempt> attempt, GroupOptions options) {
  const auto say = [&](auto change) {
    {
      const std::lock_guard<std::mutex> lock(attempt->mutex);
      change();
    }
    attempt->changed.notify_all();
  };
  try {
    std::unique_ptr<KeyStore> store = connect_store(options, options.timeout);
    say([&] { attempt->is_connected = true; });
    store->count("asked");
    say([&] {
      attempt->store = std::move(store);
      attempt->is_over = true;
    });
  } catch (const std::exception& error) {
    const std::string text = error.what();
    say([&] {
      attempt->problem = text.substr(0, text.find('\n'));
      attempt->is_over = true;
    });
  }
}

}  // namespace

std::unique_ptr<KeyStore> find_store(GroupOptions& options) {
  {
    const std::lock_guard<std::mutex> lock(served_mutex);
    options.is_server = options.is_server || (options.rank == 0 && options.tcp && served_ports().count(options.port) > 0);
  }
  for (const bool is_second : {false, true}) {
    auto attempt = std::make_shared<Attempt>();
    std::thread(connect, attempt, options).detach();
    std::unique_lock<std::mutex> lock(attempt->mutex);
    const auto is_over = [&] { return attempt->is_over; };
    const auto slack = std::chrono::seconds(2);
    attempt->changed.wait_for(lock, options.timeout + slack, [&] { return attempt->is_connected || attempt->is_over; });
    if (attempt->is_connected) attempt->changed.wait_for(lock, std::chrono::seconds(5), is_over);
    if (attempt->store) {
      const std::lock_guard<std::mutex> served(served_mutex);
      if (options.is_server) served_ports().insert(options.port);
      return std::move(attempt->store);
    }
    if (!is_second && options.tcp && !options.is_server && attempt->is_connected) {
      options.port++;
      options.is_server = options.rank == 0;
      continue;
    }
    const std::string where = options.tcp ? options.host + ":" + std::to_string(options.port) : options.host;
    const std::string why = attempt->problem.empty() ? "" : ": " + attempt->problem;
    if (options.is_server && !attempt->is_connected) throw GroupError("GROUP_FAILED", {}, "start: rank 0 cannot serve the store at " + where + why);
    const std::string at = attempt->is_connected ? "start: the store at " + where + " does not answer" : "start: no store at " + where;
    throw GroupError("COLLECTIVE_TIMEOUT", {0}, at + " within " + seconds_of(options.timeout) + " s" + why);
  }
  return nullptr;
}

}  // namespace videor1
