#include "group-watch.h"

#include <algorithm>
#include <thread>

#include "group-meeting.h"

namespace videor1 {

namespace {

std::string key(const char* name, int rank) { return name + std::to_string(rank); }

int64_t begun_of(const std::string& beat) { return std::stoll(beat.substr(beat.find(' ') + 1)); }

std::string capital(std::string text) {
  text[0] = static_cast<char>(std::toupper(text[0]));
  return text;
}

}  // namespace

void Watch::explain(const std::string& problem, bool timed_out) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    problem_ = Problem{problem, timed_out, 0, {}};
  }
  changed_.notify_all();
}

void Watch::leave(const GroupError& why) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!leaving_) leaving_ = why;
  }
  changed_.notify_all();
}

bool Watch::wait_for_end(std::chrono::milliseconds time) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, time, [&] { return done_; });
}

GroupError Watch::unexplained(const std::string& problem, bool timed_out) const {
  if (is_served_by_rank_0_ && timed_out)
    return GroupError("COLLECTIVE_TIMEOUT", {0},
                      "The store, which rank 0 serves, does not answer: rank 0 did not arrive within " + seconds_of(options_.timeout) + " s");
  if (is_served_by_rank_0_) return GroupError("MEMBER_LEFT", {0}, "Rank 0 has ended");
  return GroupError("GROUP_FAILED", {}, "The store at " + options_.host + " does not answer, and an operation failed: " + problem);
}

void Watch::run(std::unique_ptr<KeyStore> store) {
  for (bool last = false; !last;) {
    std::optional<Problem> problem;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      const auto is_asked = [&] { return leaving_ || (problem_ && !explained_ && (!store || problem_->ticks == 0)); };
      if (beats_ > 0) changed_.wait_for(lock, tick(), is_asked);
      last = leaving_.has_value();
      problem = problem_;
    }
    try {
      if (store && last) tell(*store);
      else if (store) step(*store);
      else if (problem && !explained_) {
        explained_ = true;
        fail_(unexplained(problem->text, problem->timed_out));
      }
    } catch (const std::exception&) {
      store.reset();  // that alone is no failure of the group: its members may have all they need
    }
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
}

/// The member that serves the store stays until the others have had the time to read it.
void Watch::tell(KeyStore& store) {
  store.set(key("left/", options_.rank), std::to_string(ended) + "\n" + to_record(*leaving_));
  store.set("left", "1");
  if (!options_.is_server) return;
  for (int rank = 0, ticks = 0; rank < options_.size && ticks < 3;) {
    if (store.find(key("left/", rank))) rank++;
    else if (ticks++ < 3) std::this_thread::sleep_for(tick());
  }
}

void Watch::step(KeyStore& store) {
  store.set(key("beat/", options_.rank), std::to_string(++beats_) + " " + std::to_string(begun));
  bool is_asked;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_asked = problem_.has_value();
  }
  if (explained_) return;
  std::optional<GroupError> found;
  if (is_asked || (begun > ended && store.find("left"))) found = departure(store, is_asked);
  if (!found && is_asked) found = diagnosis(store);
  if (!found) return;
  explained_ = true;
  fail_(*found);
}

/// Why a member is gone that takes no part in the operation under way.
std::optional<GroupError> Watch::departure(KeyStore& store, bool all) {
  for (int rank = 0; rank < options_.size; rank++) {
    if (rank == options_.rank) continue;
    const std::optional<std::string> left = store.find(key("left/", rank));
    if (!left) continue;
    if (!all && std::stoll(*left) >= begun) continue;
    const GroupError why = from_record(left->substr(left->find('\n') + 1));
    const bool is_about_us = std::count(why.ranks.begin(), why.ranks.end(), options_.rank) > 0;
    if (is_about_us) return GroupError("MEMBER_LEFT", {rank}, "Rank " + std::to_string(rank) + " gave up: " + why.what());
    return why;
  }
  return std::nullopt;
}

/// By the members' beats; nothing until there were enough ticks to tell.
std::optional<GroupError> Watch::diagnosis(KeyStore& store) {
  std::map<int, std::string> beats;
  for (int rank = 0; rank < options_.size; rank++)
    if (rank != options_.rank) beats[rank] = store.find(key("beat/", rank)).value_or("0 0");
  const std::lock_guard<std::mutex> lock(mutex_);
  Problem& problem = *problem_;
  if (problem.ticks++ == 0) problem.first_beats = beats;
  std::vector<int> still, late;
  for (const auto& [rank, beat] : beats) {
    if (beat == problem.first_beats[rank]) still.push_back(rank);
    if (beat == problem.first_beats[rank] || begun_of(beat) < begun) late.push_back(rank);
  }
  if (!still.empty() && problem.ticks <= kTicks) return std::nullopt;
  if (!problem.timed_out) {
    if (!still.empty()) return GroupError("MEMBER_LEFT", still, capital(names_of(still)) + (still.size() == 1 ? " has ended" : " have ended"));
    return GroupError("GROUP_FAILED", {}, "A connection between ranks failed, and all are alive: " + problem.text);
  }
  const std::string within = " within " + seconds_of(options_.timeout) + " s";
  if (late.empty()) return GroupError("COLLECTIVE_TIMEOUT", {}, "all ranks arrived, and the operation did not end" + within);
  const std::string lifeless = names_of(still) + (still.size() == 1 ? " shows" : " show") + " no sign of life";
  if (still == late) return GroupError("COLLECTIVE_TIMEOUT", late, lifeless + " and did not arrive" + within);
  const std::string signs = still.empty() ? "" : lifeless + "; ";
  return GroupError("COLLECTIVE_TIMEOUT", late, signs + names_of(late) + " did not arrive" + within);
}

}  // namespace videor1
