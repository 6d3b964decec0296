#include "group-meeting.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
#include <sstream>
#include <thread>

namespace videor1 {

using Clock = std::chrono::steady_clock;

std::string names_of(const std::vector<int>& ranks) {
  std::ostringstream text;
  text << (ranks.size() == 1 ? "rank " : "ranks ");
  for (size_t i = 0; i < ranks.size(); i++) text << (i == 0 ? "" : ", ") << ranks[i];
  return text.str();
}

std::string seconds_of(std::chrono::milliseconds time) {
  std::ostringstream text;
  text << static_cast<double>(time.count()) / 1000;
  return text.str();
}

std::string to_record(const GroupError& error) {
  std::ostringstream record;
  record << error.code << '\n';
  for (const int rank : error.ranks) record << rank << ' ';
  record << '\n' << error.what();
  return record.str();
}

GroupError from_record(const std::string& record) {
  std::istringstream lines(record);
  std::string code, ranks, message;
  std::getline(lines, code);
  std::getline(lines, ranks);
  std::getline(lines, message);
  std::vector<int> about;
  std::istringstream numbers(ranks);
  for (int rank; numbers >> rank;) about.push_back(rank);
  return GroupError(code, about, message);
}

namespace {

/// The address of this machine from which `host` is reached; "" if it is not known or there is no way to it. Nothing is sent.
std::string route_to(const std::string& host) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_DGRAM;
  if (getaddrinfo(host.c_str(), "9", &hints, &found) != 0) return "";
  std::string address;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const addrinfo* one = found; one && address.empty(); one = one->ai_next) {
      if (one->ai_family != family) continue;
      const int socket = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      sockaddr_storage own{};
      socklen_t size = sizeof own;
      char text[NI_MAXHOST];
      if (connect(socket, one->ai_addr, one->ai_addrlen) == 0 && getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) == 0 &&
          getnameinfo(reinterpret_cast<sockaddr*>(&own), size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
        address = text;
      close(socket);
    }
  }
  freeaddrinfo(found);
  return address;
}

bool is_loopback(const std::string& address) { return address == "::1" || address.rfind("127.", 0) == 0; }

/// Where the way to the store goes out; with a file, this machine's name.
std::string own_address(const GroupOptions& options) {
  char name[256] = "localhost";
  if (!options.tcp) gethostname(name, sizeof name - 1);
  const std::string address = route_to(options.tcp ? options.host : name);
  return address.empty() ? "127.0.0.1" : address;
}

struct Arrival {
  int size;
  bool is_server;
  std::string address;
};

std::optional<Arrival> arrival_of(KeyStore& store, int rank) {
  const std::optional<std::string> value = store.find("here/" + std::to_string(rank));
  if (!value) return std::nullopt;
  Arrival arrival;
  std::istringstream(*value) >> arrival.size >> arrival.is_server >> arrival.address;
  return arrival;
}

}  // namespace

namespace {

Meeting find_each_other(const GroupOptions& options, KeyStore& store) {
  const std::string own = std::to_string(options.rank);
  if (store.count("count/" + own) > 1)
    throw GroupError("COLLECTIVE_MISMATCH", {options.rank},
                     "Rank " + own + " of the group " + options.prefix + " is in its store already: two processes have this rank, or the store is a file of an earlier run");
  std::string address = own_address(options);
  store.set("here/" + own, std::to_string(options.size) + (options.is_server ? " 1 " : " 0 ") + address);
  std::vector<std::optional<Arrival>> arrivals(options.size);
  const Clock::time_point end = Clock::now() + options.timeout;
  for (;;) {
    std::vector<int> missing;
    for (int rank = 0; rank < options.size; rank++) {
      if (!arrivals[rank]) arrivals[rank] = arrival_of(store, rank);
      if (!arrivals[rank]) missing.push_back(rank);
      else if (arrivals[rank]->size != options.size)
        throw GroupError("COLLECTIVE_MISMATCH", {rank},
                         "Rank " + std::to_string(rank) + " is one of " + std::to_string(arrivals[rank]->size) + ", rank " + own + " is one of " +
                             std::to_string(options.size));
    }
    if (missing.empty()) break;
    if (const std::optional<std::string> failure = store.find("failed")) throw from_record(*failure);
    if (Clock::now() > end)
      throw GroupError("COLLECTIVE_TIMEOUT", missing, "start: " + names_of(missing) + " did not arrive within " + seconds_of(options.timeout) + " s");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  for (const std::optional<Arrival>& arrival : arrivals) {
    const Arrival& other = *arrival;
    // A machine's own name often leads to itself alone: take the way to a member on another one.
    if (is_loopback(address) && !is_loopback(other.address)) {
      const std::string outward = route_to(other.address);
      if (!outward.empty()) address = outward;
    }
  }
  return {address, arrivals[0]->is_server};
}

}  // namespace

Meeting meet(const GroupOptions& options, KeyStore& store) {
  try {
    return find_each_other(options, store);
  } catch (const GroupError& error) {
    store.set("failed", to_record(error));
    if (options.is_server) std::this_thread::sleep_for(std::chrono::seconds(1));  // until the others have read it
    throw;
  } catch (const std::exception& error) {
    const std::string text = error.what();
    const std::string where = options.tcp ? options.host + ":" + std::to_string(options.port) : options.host;
    throw GroupError("MEMBER_LEFT", {0}, "start: the store at " + where + " is gone: " + text.substr(0, text.find('\n')));
  }
}

}  // namespace videor1
