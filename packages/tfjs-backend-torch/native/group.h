// A process group: a thread of its own runs the operations in the order of their calls.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "group-exchange.h"
#include "group-watch.h"

namespace videor1 {

class Group : public std::enable_shared_from_this<Group> {
 public:
  using Work = std::function<void(Exchange&)>;
  /// Called once, on any thread; without an error if the work is done.
  using Done = std::function<void(const std::optional<GroupError>&)>;

  explicit Group(const GroupOptions& options) : options(options) {}
  const GroupOptions options;

  /// The first work finds all members connected.
  void start();
  void run(Work work, Done done);
  /// Operations that have not ended fail with `why`, as do all later ones; the others are told.
  void fail(const GroupError& why);
  /// Blocks until at most `left` operations have not ended. @returns false if they never will: the group has failed.
  bool wait_for_jobs(size_t left);
  /// Waits until the others are told and, if no operation is under way, the connections are closed.
  void wait_for_end(std::chrono::milliseconds time);

 private:
  struct Job {
    Work work;
    Done done;
  };
  void work();
  std::unique_ptr<Exchange> connect();
  void explain(const std::string& problem);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> jobs_;  // the first is under way
  std::optional<GroupError> failure_;
  std::shared_ptr<Watch> watch_;
  bool is_waiting_ = false, is_over_ = false;
};

}  // namespace videor1
