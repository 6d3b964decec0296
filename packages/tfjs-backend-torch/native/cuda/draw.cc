// The launches of draw.
#include <cmath>
#include "arguments.h"
#include "kernels.h"
#include "launch.h"
#include "tensors.h"

namespace videor1::cuda {
namespace {

constexpr int64_t kParts = 16;

}  // namespace

int64_t draw_workspace(int64_t rows, int64_t vocabulary) { return rows * (vocabulary * 8 + kParts * (8 + 4 + 4 + 4)); }

void draw(const at::Tensor& logits, const Rows& rows, const at::Tensor& stops, const SamplingOptions& options, bool advance,
          const at::Tensor& workspace) {
  const int64_t A = logits.size(0), V = logits.size(1);
  TORCH_CHECK(workspace.is_contiguous() && static_cast<int64_t>(workspace.nbytes()) >= draw_workspace(A, V), "draw: a workspace of ",
              workspace.nbytes(), " bytes");
  DrawArguments a{};
  a.logits_are_float = logits.scalar_type() == at::kFloat;
  a.logits = a.logits_are_float ? static_cast<const void*>(float_of(logits, "logits")) : bf16_of(logits, "logits");
  a.rows = static_cast<int>(A);
  a.vocabulary = static_cast<int>(V);
  a.parts = static_cast<int>(kParts);
  a.weights = static_cast<double*>(workspace.data_ptr());
  a.own_sum = a.weights + A * V;
  a.largest_logit = reinterpret_cast<float*>(a.own_sum + A * kParts);
  a.largest_score = a.largest_logit + A * kParts;
  a.largest_id = reinterpret_cast<int*>(a.largest_score + A * kParts);
  a.last_id = int_of(rows.last_id, "last_id");
  a.length = int_of(rows.length, "length");
  a.position = int_of(rows.position, "position");
  a.counter = int_of(rows.counter, "counter");
  a.drawn = int_of(rows.drawn, "drawn");
  a.finished = int_of(rows.finished, "finished");
  a.ids = int_of(rows.ids, "ids");
  a.seed = int_of(rows.seed, "seed");
  a.limit = int_of(rows.limit, "limit");
  a.logps = float_of(rows.logps, "logps");
  a.capacity = static_cast<int>(rows.ids.size(1));
  if (options.repetition_penalty != 1) a.seen = data_of<unsigned char>(rows.seen, at::kByte, "seen");
  if (stops.defined() && stops.numel() > 0) {
    a.stops = int_of(stops, "stops");
    a.stop_count = static_cast<int>(stops.numel());
  }
  a.sample = options.sample;
  a.top_k = static_cast<int>(options.top_k);
  a.advance = advance;
  a.temperature = options.temperature;
  a.top_p = options.top_p;
  a.penalty = options.repetition_penalty;
  a.unit = std::exp2(62 - std::ceil(std::log2(static_cast<double>(V))));
  const Grid parts = {static_cast<unsigned>(A), static_cast<unsigned>(kParts)}, whole = {static_cast<unsigned>(A)};
  launch(Group::kDraw, "draw_largest", parts, kDrawPartThreads, &a, logits.device());
  launch(Group::kDraw, "draw_weights", parts, kDrawPartThreads, &a, logits.device());
  launch(Group::kDraw, "draw_choose", whole, kDrawThreads, &a, logits.device());
}

}  // namespace videor1::cuda
