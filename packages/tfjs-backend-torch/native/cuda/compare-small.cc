#include "../fused.h"
#include "compare.h"
#include "kernels.h"

namespace videor1::cuda {
namespace {

at::TensorOptions bfloat16_on(at::Device device) { return at::TensorOptions().dtype(at::kBFloat16).device(device); }

at::Tensor numbers(at::IntArrayRef sizes, at::Device device) { return at::randn(sizes, at::TensorOptions().device(device)).to(at::kBFloat16); }

}  // namespace

Comparison compare_embedding(at::Device device, const Sizes& sizes) {
  const int64_t A = sizes.at(0), d = sizes.at(1), V = sizes.at(2);
  const at::Tensor table = numbers({V, d}, device), x = at::empty({A, d}, bfloat16_on(device));
  const at::Tensor ids = at::randint(V, {A}, at::TensorOptions().dtype(at::kInt).device(device));
  Comparison found;
  const auto of_aten = [&] { return table.index_select(0, ids); };
  embedding(table, ids, x);
  add_output(found, x, of_aten(), of_aten().to(at::kDouble));
  found.seconds = seconds_of(device, 1, [&](int64_t) { return embedding(table, ids, x), x; });
  found.seconds_of_aten = seconds_of(device, 1, [&](int64_t) { return of_aten(); });
  found.bytes = 4.0 * A * d;
  return found;
}

Comparison compare_add_rms_norm(at::Device device, const Sizes& sizes) {
  const int64_t A = sizes.at(0), d = sizes.at(1);
  const double eps = 1e-6;
  const at::Tensor x = numbers({A, d}, device), addend = numbers({A, d}, device), weight = numbers({d}, device);
  const at::Tensor y = at::empty_like(x), sum = x.clone(), expected = x + addend, wide = expected.to(at::kDouble);
  Comparison found;
  add_rms_norm(sum, addend, weight, eps, y);
  add_output(found, sum, expected, wide);
  const at::Tensor exact = wide / (wide.square().mean(-1, true) + eps).sqrt() * weight.to(at::kDouble);
  add_output(found, y, rms_norm(expected, weight, eps), exact);
  add_rms_norm(sum, at::Tensor(), weight, eps, y);  // the model's first and last norm add nothing
  add_output(found, y, rms_norm(expected, weight, eps), exact);
  found.seconds = seconds_of(device, 1, [&](int64_t) { return add_rms_norm(sum, addend, weight, eps, y), y; });
  found.seconds_of_aten = seconds_of(device, 1, [&](int64_t) { return rms_norm(x + addend, weight, eps); });
  found.bytes = 8.0 * A * d;
  return found;
}

Comparison compare_rotary_cache(at::Device device, const Sizes& sizes) {
  const int64_t A = sizes.at(0), N = sizes.at(1), K = sizes.at(2), H = sizes.at(3), room = sizes.at(4), T = 2 * room;
  const at::TensorOptions ints = at::TensorOptions().dtype(at::kInt).device(device);
  const at::Tensor qkv = numbers({A, (N + 2 * K) * H}, device), given = qkv.clone();
  const at::Tensor angles = at::rand({T, H / 2}, at::TensorOptions().device(device)) * 6;
  const at::Tensor cos = angles.cos(), sin = angles.sin();
  Rows rows;
  rows.length = at::randint(room, {A}, ints);
  rows.position = at::randint(T, {A}, ints);
  rows.finished = at::arange(A, ints).remainder(4).eq(3).to(at::kInt);
  const OwnColumns own = {numbers({A, K, room, H}, device), numbers({A, K, room, H}, device)};
  const at::Tensor k = own.k.clone(), v = own.v.clone(), q = given.clone();
  const auto rotated = [&](const at::Tensor& x) {  // [A, heads, H]
    const at::Tensor c = cos.index_select(0, rows.position).unsqueeze(1), s = sin.index_select(0, rows.position).unsqueeze(1);
    return rotary_embedding(x.unsqueeze(1), c, s, 1).squeeze(1);
  };
  const auto of_aten = [&] {
    const at::Tensor heads = given.view({A, N + 2 * K, H}), running = rows.finished.eq(0).nonzero().squeeze(1);
    const at::Tensor columns = rows.length.to(at::kLong).index_select(0, running), all = at::arange(K, columns.options());
    const auto write = [&](const at::Tensor& cache, const at::Tensor& x) {
      cache.index_put_({running.unsqueeze(1), all.unsqueeze(0), columns.unsqueeze(1)}, x.index_select(0, running));
    };
    write(k, rotated(heads.narrow(1, N, K)));
    write(v, heads.narrow(1, N + K, K));
    const at::Tensor turned = rotated(heads.narrow(1, 0, N)).reshape({A, N * H});
    q.narrow(1, 0, N * H).index_copy_(0, running, turned.index_select(0, running));
  };
  Comparison found;
  of_aten();
  rotary_cache(qkv, cos, sin, rows, own);
  add_output(found, qkv, q, q.to(at::kDouble));
  add_output(found, own.k, k, k.to(at::kDouble));
  add_output(found, own.v, v, v.to(at::kDouble));
  found.seconds = seconds_of(device, 1, [&](int64_t) { return rotary_cache(qkv, cos, sin, rows, own), qkv; });
  found.seconds_of_aten = seconds_of(device, 1, [&](int64_t) { return rotated(given.view({A, N + 2 * K, H}).narrow(1, 0, N + K)); });
  found.bytes = 4.0 * A * (N + 2 * K) * H;
  return found;
}

}  // namespace videor1::cuda
