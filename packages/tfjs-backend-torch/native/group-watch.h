// What a member tells the others through the store, and finds out about them, on a thread of its own: Node's computes for minutes.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include "process-group.h"

namespace videor1 {

/// Keys: beat/<rank>, "<number> <operations begun>", written at every tick; left/<rank>, "<operations ended>\n<code>\n<ranks>\n
/// <message>", why a member is gone; left, once any is.
class Watch {
 public:
  using Fail = std::function<void(const GroupError&)>;

  /// `fail` is told, on the watch's thread, what has become of the group.
  Watch(const GroupOptions& options, bool is_served_by_rank_0, Fail fail)
      : options_(options), is_served_by_rank_0_(is_served_by_rank_0), fail_(std::move(fail)) {}

  /// Until `leave`. Call it on a thread of its own; `store` is a connection for it alone.
  void run(std::unique_ptr<KeyStore> store);

  std::atomic<int64_t> begun{0}, ended{0};

  /// An operation has failed: finds out why. `problem` is what c10d says.
  void explain(const std::string& problem, bool timed_out);
  /// What to say where the store does not answer either.
  GroupError unexplained(const std::string& problem, bool timed_out) const;
  /// How long `explain` takes at most where the store answers.
  std::chrono::milliseconds patience() const { return 2 * kTicks * tick(); }

  /// Tells the others why this member is gone, and ends.
  void leave(const GroupError& why);
  /// Waits for `run` to end.
  bool wait_for_end(std::chrono::milliseconds time);

 private:
  static constexpr int kTicks = 8;  // without a beat: no sign of life
  std::chrono::milliseconds tick() const { return std::chrono::milliseconds(options_.tcp ? 250 : 500); }
  void step(KeyStore& store);
  void tell(KeyStore& store);
  std::optional<GroupError> departure(KeyStore& store, bool all);
  std::optional<GroupError> diagnosis(KeyStore& store);

  struct Problem {
    std::string text;
    bool timed_out;
    int ticks = 0;
    std::map<int, std::string> first_beats;
  };

  const GroupOptions options_;
  const bool is_served_by_rank_0_;
  const Fail fail_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Problem> problem_;
  std::optional<GroupError> leaving_;
  bool done_ = false, explained_ = false;
  int64_t beats_ = 0;
};

}  // namespace videor1
