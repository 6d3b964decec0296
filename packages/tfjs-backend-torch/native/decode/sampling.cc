#include "sampling.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include "call.h"

namespace videor1 {

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, SeedWords key) {
  constexpr uint64_t multiplier_a = 0xd2511f53, multiplier_b = 0xcd9e8d57;
  constexpr uint32_t weyl_a = 0x9e3779b9, weyl_b = 0xbb67ae85;
  for (int round = 0; round < 10; round++) {
    const uint64_t a = multiplier_a * counter[0], b = multiplier_b * counter[2];
    counter = {static_cast<uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(b),
               static_cast<uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(a)};
    key = {key[0] + weyl_a, key[1] + weyl_b};
  }
  return counter;
}

double uniform_at(SeedWords seed, uint32_t n) {
  const auto words = philox({n, 0, 0, 0}, seed);
  return ((words[0] >> 5) * 67108864.0 + (words[1] >> 6)) / 9007199254740992.0;
}

namespace {

float largest_of(const float* values, int64_t count) {
  float largest = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < count; i++) {
    if (!(values[i] <= largest)) largest = values[i];  // NaN too
  }
  return largest;
}

double sum_of(const std::vector<double>& weights) { return std::accumulate(weights.begin(), weights.end(), 0.0); }

/** weights = exp((scores - largest) / temperature); returns their sum. */
double fill_weights(std::vector<double>& weights, const float* scores, double temperature) {
  const double largest = largest_of(scores, weights.size());
  for (size_t id = 0; id < weights.size(); id++) weights[id] = std::exp((scores[id] - largest) / temperature);
  return sum_of(weights);
}

/** Zeroes all weights below the k-th largest. */
void keep_largest(std::vector<double>& weights, int64_t k) {
  std::vector<double> sorted = weights;
  std::nth_element(sorted.begin(), sorted.begin() + (k - 1), sorted.end(), std::greater<double>());
  const double limit = sorted[k - 1];
  for (double& weight : weights) {
    if (weight < limit) weight = 0;
  }
}

/** Zeroes all but the fewest largest weights that hold the share top_p of the sum. */
void keep_nucleus(std::vector<double>& weights, double top_p) {
  const double target = top_p * sum_of(weights);
  std::vector<uint32_t> ids;
  double heavy = 0;
  for (uint32_t id = 0; id < weights.size(); id++) {
    if (weights[id] <= 1e-4) continue;
    ids.push_back(id);
    heavy += weights[id];
  }
  if (heavy < target) {
    ids.resize(weights.size());
    std::iota(ids.begin(), ids.end(), 0);
  }
  std::sort(ids.begin(), ids.end(),
            [&](uint32_t a, uint32_t b) { return weights[a] != weights[b] ? weights[a] > weights[b] : a < b; });
  std::vector<double> kept(weights.size(), 0.0);
  double mass = 0;
  for (const uint32_t id : ids) {
    kept[id] = weights[id];
    mass += weights[id];
    if (mass >= target) break;
  }
  weights.swap(kept);
}

/** Index i with probability weights[i] / sum. */
int64_t draw(const std::vector<double>& weights, double u) {
  double rest = u * sum_of(weights);
  int64_t last = 0;
  for (size_t id = 0; id < weights.size(); id++) {
    if (weights[id] == 0) continue;
    last = static_cast<int64_t>(id);
    rest -= weights[id];
    if (rest < 0) break;
  }
  return last;
}

}  // namespace

Sample choose(const float* logits, int64_t vocabulary, const SamplingOptions& options,
              const uint8_t* seen, SeedWords seed, uint32_t n) {
  thread_local std::vector<double> weights;
  weights.resize(vocabulary);
  const double log_sum = largest_of(logits, vocabulary) + std::log(fill_weights(weights, logits, 1));
  if (!std::isfinite(log_sum)) throw NonFiniteLogitsError("log sum exp is " + std::to_string(log_sum));
  std::vector<float> penalised;
  const float* scores = logits;
  if (options.repetition_penalty != 1) {
    penalised.assign(logits, logits + vocabulary);
    for (int64_t id = 0; id < vocabulary; id++) {
      if (!seen[id]) continue;
      const double logit = logits[id];
      penalised[id] = static_cast<float>(logit > 0 ? logit / options.repetition_penalty : logit * options.repetition_penalty);
    }
    scores = penalised.data();
  }
  const auto pick = [&](int64_t id) { return Sample{id, logits[id] - log_sum}; };
  if (!options.sample) return pick(std::max_element(scores, scores + vocabulary) - scores);
  if (scores != logits || options.temperature != 1) fill_weights(weights, scores, options.temperature);
  if (options.top_k > 0 && options.top_k < vocabulary) keep_largest(weights, options.top_k);
  if (options.top_p < 1) keep_nucleus(weights, options.top_p);
  return pick(draw(weights, uniform_at(seed, n)));
}

}  // namespace videor1
