#include "group.h"

#include <thread>

#include "group-meeting.h"
#include "group-store.h"

namespace videor1 {

namespace {
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

bool is_timeout(const std::string& problem) {
  return problem.find("imed out") != std::string::npos || problem.find("imeout") != std::string::npos;
}
}  // namespace

void Group::start() {
  std::thread([self = shared_from_this()] { self->work(); }).detach();
}

void Group::run(Work work, Done done) {
  std::optional<GroupError> failure;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    failure = failure_;
    if (!failure) jobs_.push_back(std::make_shared<Job>(Job{std::move(work), done}));
  }
  if (failure) done(failure);
  changed_.notify_all();
}

void Group::fail(const GroupError& why) {
  std::deque<std::shared_ptr<Job>> jobs;
  std::shared_ptr<Watch> watch;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (failure_) return;
    failure_ = why;
    jobs.swap(jobs_);
    watch = watch_;
  }
  for (const auto& job : jobs) job->done(why);
  if (watch) watch->leave(why);
  changed_.notify_all();
}

bool Group::wait_for_jobs(size_t left) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || jobs_.size() <= left; });
  return !failure_;
}

void Group::wait_for_end(std::chrono::milliseconds time) {
  std::shared_ptr<Watch> watch;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    watch = watch_;
    if (is_waiting_) changed_.wait_for(lock, time, [&] { return is_over_; });
  }
  if (watch) watch->wait_for_end(time);
}

std::unique_ptr<Exchange> Group::connect() {
  GroupOptions found = options;
  std::unique_ptr<KeyStore> store = find_store(found);
  const Meeting meeting = meet(found, *store);
  auto watch = std::make_shared<Watch>(found, meeting.is_served_by_rank_0,
                                       [self = weak_from_this()](const GroupError& why) {
                                         if (const auto group = self.lock()) group->fail(why);
                                       });
  std::optional<GroupError> failure;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    watch_ = watch;
    failure = failure_;
  }
  std::thread([watch, store = std::move(store)]() mutable { watch->run(std::move(store)); }).detach();
  if (failure) watch->leave(*failure);
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  return std::make_unique<Exchange>(found, connect_peers(found, meeting.address, interface ? interface : ""));
}

/// Waits for the watch's word; says itself what it can if there is none.
void Group::explain(const std::string& problem) {
  const bool timed_out = is_timeout(problem);
  if (!watch_) return fail(GroupError("GROUP_FAILED", {}, problem));
  watch_->explain(problem, timed_out);
  std::unique_lock<std::mutex> lock(mutex_);
  const bool is_known = changed_.wait_for(lock, watch_->patience(), [&] { return failure_.has_value(); });
  lock.unlock();
  if (!is_known) fail(watch_->unexplained(problem, timed_out));
}

void Group::work() {
  std::unique_ptr<Exchange> exchange;
  for (;;) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      is_waiting_ = true;
      changed_.wait(lock, [&] { return failure_ || !jobs_.empty(); });
      if (failure_) break;
      job = jobs_.front();
      is_waiting_ = false;
    }
    try {
      if (!exchange) exchange = connect();
      watch_->begun++;
      job->work(*exchange);
      watch_->ended++;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (failure_) continue;
        jobs_.pop_front();
      }
      changed_.notify_all();
      job->done(std::nullopt);
    } catch (const GroupError& error) {
      fail(error);
    } catch (const c10::Error& error) {
      explain(first_line(error.what_without_backtrace()));
    } catch (const std::exception& error) {
      explain(first_line(error.what()));
    }
  }
  exchange.reset();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
}

}  // namespace videor1
