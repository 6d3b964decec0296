#include "compare.h"
#include "kernels.h"

namespace videor1::cuda {

Comparison compare_draw(at::Device device, const Sizes& sizes, const std::vector<double>& numbers) {
  const int64_t A = sizes.at(0), V = sizes.at(1), C = 2;
  SamplingOptions options{};
  options.sample = sizes.at(2) != 0;
  options.top_k = sizes.at(3);
  options.temperature = numbers.at(0);
  options.top_p = numbers.at(1);
  options.repetition_penalty = numbers.at(2);
  const at::TensorOptions on_device = at::TensorOptions().device(device), ints = on_device.dtype(at::kInt);
  const at::Tensor logits = (at::randn({A, V}, on_device) * numbers.at(3)).to(at::kBFloat16);
  const auto zeros = [&] { return at::zeros({A}, ints); };
  Rows rows;
  rows.last_id = zeros();
  rows.length = zeros();
  rows.position = zeros();
  rows.counter = at::arange(A, ints) * 3;
  rows.seed = at::randint(1 << 30, {A, 2}, ints);
  rows.drawn = zeros();
  rows.limit = at::full({A}, C, ints);
  rows.finished = zeros();
  rows.ids = at::full({A, C}, -1, ints);
  rows.logps = at::zeros({A, C}, on_device);
  rows.seen = at::randint(4, {A, V}, ints).eq(0).to(at::kByte);
  const at::Tensor seen = rows.seen.cpu().clone(), seeds = rows.seed.cpu(), host = logits.to(at::kCPU, at::kFloat).contiguous();
  const at::Tensor workspace = at::empty({draw_workspace(A, V)}, on_device.dtype(at::kByte));
  draw(logits, rows, at::Tensor(), options, /*advance=*/true, workspace);

  const at::Tensor ids = at::empty({A}, at::kDouble), logps = at::empty({A}, at::kDouble);
  for (int64_t row = 0; row < A; row++) {
    const uint8_t* marked = seen.data_ptr<uint8_t>() + row * V;
    const SeedWords words = {static_cast<uint32_t>(seeds.data_ptr<int>()[2 * row]), static_cast<uint32_t>(seeds.data_ptr<int>()[2 * row + 1])};
    const Sample sample = choose(host.data_ptr<float>() + row * V, V, options, marked, words, static_cast<uint32_t>(3 * row));
    ids.data_ptr<double>()[row] = static_cast<double>(sample.id);
    logps.data_ptr<double>()[row] = sample.logp;
  }
  const at::Tensor drawn = rows.ids.select(1, 0).cpu().to(at::kDouble);
  Comparison found;
  add_output(found, rows.logps.select(1, 0).cpu(), logps.to(at::kFloat), logps);
  found.differing = drawn.ne(ids).to(at::kDouble).mean().item<double>();
  const at::Tensor moved = at::stack({rows.drawn, rows.length, rows.position, rows.counter - at::arange(A, ints) * 3});
  TORCH_CHECK(moved.eq(1).all().item<bool>() && rows.last_id.eq(rows.ids.select(1, 0)).all().item<bool>(), "draw: a row was not moved on");
  found.seconds = seconds_of(device, 1, [&](int64_t) {
    rows.finished.zero_();
    draw(logits, rows, at::Tensor(), options, true, workspace);
    return rows.finished;
  });
  found.bytes = 2.0 * A * V;
  return found;
}

}  // namespace videor1::cuda
