// Which steps of the fixed form are run. Shape letter: A rows (slots).
#include <algorithm>
#include <numeric>
#include "host-write.h"
#include "session.h"

namespace videor1 {
namespace {

/** The least of 128, 256, 512 ... that holds `count`, or `most`. */
int64_t bucket_of(int64_t count, int64_t most) {
  int64_t size = 128;
  while (size < count) size *= 2;
  return std::min(size, most);
}

/** The least of all slots, half of them, a quarter ... that holds `running`; of 8 or fewer all. */
int64_t places_for(int64_t running, int64_t slots) {
  int64_t places = slots;
  while (places > 8 && (places + 1) / 2 >= running) places = (places + 1) / 2;
  return places;
}

}  // namespace

void gather_rows(DecodeSession& session, int64_t places, const at::Tensor& now) {
  const int64_t A = session.room.slots;
  const auto runs = [&](int64_t place) { return now.data_ptr<int32_t>()[4 * place] == kRuns; };
  std::vector<int64_t> from(A);  // where what is to lie at each place lies
  std::iota(from.begin(), from.end(), 0);
  int64_t to = 0;
  for (int64_t place = places; place < A; place++) {
    if (!runs(place)) continue;
    while (runs(to)) to++;
    const int64_t columns = now.data_ptr<int32_t>()[4 * place + 2];
    for (const OwnColumns& own : session.own) {
      for (const at::Tensor& x : {own.k, own.v}) x[to].narrow(1, 0, columns).copy_(x[place].narrow(1, 0, columns));
    }
    std::swap(from[to++], from[place]);
  }
  if (to == 0) return;
  const at::Tensor order = ints_on(from, session.memory.device());
  const Rows& rows = session.rows;
  for (at::Tensor state : {rows.last_id, rows.prompt, rows.length, rows.position, rows.counter, rows.seed, rows.drawn, rows.limit,
                           rows.finished, rows.ids, rows.logps, rows.seen, session.uniforms, session.prompt_bias}) {
    if (state.defined()) state.copy_(state.index_select(0, order));
  }
  std::vector<int64_t> place_of(A), prompt_of(A);
  for (int64_t place = 0; place < A; place++) {
    prompt_of[place] = session.prompt_of[from[place]];
    const auto slot = std::find(session.place_of.begin(), session.place_of.end(), from[place]);
    place_of[slot - session.place_of.begin()] = place;
  }
  session.place_of = place_of;
  session.prompt_of = prompt_of;
}

void steps_on_device(DecodeSession& session, int64_t count, const at::Tensor& now) {
  const int64_t A = session.room.slots;
  int64_t running = 0, last = 0, longest = 0;
  for (int64_t place = 0; place < A; place++) {
    const int32_t* row = now.data_ptr<int32_t>() + 4 * place;
    if (row[0] != kRuns) continue;
    running++;
    last = place;
    longest = std::max<int64_t>(longest, row[2]);
  }
  const int64_t places = places_for(running, A);
  if (last >= places) gather_rows(session, places, now);
  int64_t used = 0, longest_prompt = 0;
  for (const PackedPrompt& prompt : session.packed) {
    used = prompt.first + prompt.length;
    longest_prompt = std::max(longest_prompt, prompt.length);
  }
  const DecodeRoom& room = session.room;
  const bool by_kernel = session.kernels.attention;  // which reads the rows' own lengths
  const std::array<int64_t, 3> sizes{places, by_kernel ? room.tokens : bucket_of(longest + count, room.tokens),
                                     bucket_of(by_kernel ? longest_prompt : used, room.prompt_tokens)};
  std::unique_ptr<Recorded>& recorded = session.steps[sizes];
  if (!recorded) recorded = std::make_unique<Recorded>(session.memory.device());
  for (int64_t i = 0; i < count; i++) recorded->run([&] { step_on_device(session, sizes[0], sizes[1], sizes[2]); });
}

}  // namespace videor1
