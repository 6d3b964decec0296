// Attention of one token a row over its prompt's keys, which the rows of a prompt share, and its own: by pieces of keys, then merged.
//
// Each warp takes 16 queries and one piece: of a prompt the heads of one key/value head in all of the prompt's rows, of own columns
// those of one row. Keys and values come straight from memory in 16-byte loads: for the scores in another order of H, the same in
// q and k; for the sum over values a lane holds eight dimensions side by side of the keys that its part of the weights meets, so
// that the n-th column of the product is dimension 8 n + i, and no number changes places between lanes.
#include "device.cuh"

namespace videor1::cuda {

/** Keys of a piece, a multiple of 16: kPieceKeys, or more so that there are at most kMostPieces. */
__device__ __forceinline__ int keys_of_piece(int keys) {
  const int least = (keys + kMostPieces - 1) / kMostPieces;
  return max(kPieceKeys, (least + 15) / 16 * 16);
}

__device__ __forceinline__ int pieces_of(int keys) {
  const int length = keys_of_piece(keys);
  return (keys + length - 1) / length;
}

/** The prompt and the piece of it that are the unit-th of all, by the lanes of a warp; -1 beyond the last. */
struct PromptPiece {
  int prompt, piece;
};
__device__ __forceinline__ PromptPiece piece_at(const AttentionArguments& a, int unit) {
  const int lane = threadIdx.x % kWarp;
  for (int first = 0; first < a.prompts; first += kWarp) {
    const int prompt = first + lane;
    const int own = prompt < a.prompts ? pieces_of(a.offsets[prompt + 1] - a.offsets[prompt]) : 0;
    int through = own;
#pragma unroll
    for (int distance = 1; distance < kWarp; distance *= 2) {
      const int other = __shfl_up_sync(0xffffffffu, through, distance);
      if (lane >= distance) through += other;
    }
    const unsigned beyond = __ballot_sync(0xffffffffu, through > unit);
    if (beyond) {
      const int at = __ffs(static_cast<int>(beyond)) - 1;
      return {first + at, unit - __shfl_sync(0xffffffffu, through - own, at)};
    }
    unit -= __shfl_sync(0xffffffffu, through, kWarp - 1);
  }
  return {-1, 0};
}

__device__ __forceinline__ Eight of_head(const bf16* row, int at, int H) { return row && at < H ? load_constant(row + at) : Eight{}; }

/** The i-th bfloat16 of two rows' eight: those of `low` and of `high`. */
__device__ __forceinline__ unsigned pair_of(const Eight& low, const Eight& high, int i) {
  const unsigned l[4] = {low.x, low.y, low.z, low.w}, h[4] = {high.x, high.y, high.z, high.w};
  return i % 2 == 0 ? (l[i / 2] & 0xffffu) | (h[i / 2] << 16) : (l[i / 2] >> 16) | (h[i / 2] & 0xffff0000u);
}

/** Sixteen queries over the keys [from, to) of a head, `stride` numbers apart; queries[half] is of query group or group + 8, or null. */
template <int H>
struct Attended {
  static constexpr int kSteps = (H + 31) / 32, kHalves = (H + 63) / 64;
  float sums[kHalves * 8][4] = {};
  float largest[2] = {-infinity(), -infinity()}, total[2] = {};

  __device__ __forceinline__ void attend(const bf16* const (&queries)[2], const bf16* k, const bf16* v, int stride, int from, int to) {
    const int lane = threadIdx.x % kWarp, group = lane / 4, quarter = lane % 4;
    Eight q[kSteps][2];
#pragma unroll
    for (int step = 0; step < kSteps; step++) {
      q[step][0] = of_head(queries[0], step * 32 + quarter * 8, H);
      q[step][1] = of_head(queries[1], step * 32 + quarter * 8, H);
    }
    const float scale = 1.4426950408889634f / sqrtf(static_cast<float>(H));  // of 2^x
    for (int key = from; key < to; key += 16) {
      float scores[2][4] = {};  // of keys key + 8 tile + 2 quarter, + 1
#pragma unroll
      for (int tile = 0; tile < 2; tile++) {
        const int at = key + tile * 8 + group;
        const bf16* row = at < to ? k + static_cast<long long>(at) * stride : nullptr;
#pragma unroll
        for (int step = 0; step < kSteps; step++) {
          const Eight x = of_head(row, step * 32 + quarter * 8, H);
          multiply_tile(scores[tile], q[step][0].x, q[step][1].x, q[step][0].y, q[step][1].y, x.x, x.y);
          multiply_tile(scores[tile], q[step][0].z, q[step][1].z, q[step][0].w, q[step][1].w, x.z, x.w);
        }
      }
      float weights[2][4];
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float most = largest[half];
#pragma unroll
        for (int i = 0; i < 4; i++) {
          float& score = scores[i / 2][2 * half + i % 2];
          score = key + i / 2 * 8 + quarter * 2 + i % 2 < to ? score * scale : -infinity();
          most = fmaxf(most, score);
        }
        most = fmaxf(most, __shfl_xor_sync(0xffffffffu, most, 1));
        most = fmaxf(most, __shfl_xor_sync(0xffffffffu, most, 2));
        const float shrink = exp2f(largest[half] - most);
        largest[half] = most;
        float sum = 0;
#pragma unroll
        for (int i = 0; i < 4; i++) {
          const float weight = exp2f(scores[i / 2][2 * half + i % 2] - most);
          weights[i / 2][2 * half + i % 2] = weight;
          sum += weight;
        }
        total[half] = total[half] * shrink + sum;
#pragma unroll
        for (int column = 0; column < kHalves * 8; column++) {
          sums[column][2 * half] *= shrink;
          sums[column][2 * half + 1] *= shrink;
        }
      }
      const unsigned a0 = packed(weights[0][0], weights[0][1]), a1 = packed(weights[0][2], weights[0][3]);
      const unsigned a2 = packed(weights[1][0], weights[1][1]), a3 = packed(weights[1][2], weights[1][3]);
#pragma unroll
      for (int part = 0; part < kHalves; part++) {
        Eight x[4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
          const int at = key + i / 2 * 8 + quarter * 2 + i % 2;
          x[i] = of_head(at < to ? v + static_cast<long long>(at) * stride : nullptr, part * 64 + group * 8, H);
        }
#pragma unroll
        for (int i = 0; i < 8; i++) {
          multiply_tile(sums[part * 8 + i], a0, a1, a2, a3, pair_of(x[0], x[1], i), pair_of(x[2], x[3], i));
        }
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      total[half] += __shfl_xor_sync(0xffffffffu, total[half], 1);
      total[half] += __shfl_xor_sync(0xffffffffu, total[half], 2);
    }
  }

  /** Leaves a query's result: its sums over values, not yet divided, and largest score and total weight. */
  __device__ __forceinline__ void store_piece(int half, float* o, float* of_piece) const {
    const int quarter = threadIdx.x % 4;
#pragma unroll
    for (int part = 0; part < kHalves; part++) {
#pragma unroll
      for (int column = 0; column < 2; column++) {
        const int first = part * 64 + (quarter * 2 + column) * 8;
        if (first >= H) continue;
#pragma unroll
        for (int i = 0; i < 8; i++) o[first + i] = sums[part * 8 + i][2 * half + column];
      }
    }
    if (quarter == 0) {
      of_piece[0] = largest[half];
      of_piece[1] = total[half];
    }
  }
};

/** Sixteen queries from `first` on over one piece. `rows`: those whose queries they are, by head. */
template <int H>
__device__ __forceinline__ void attend_tile(const AttentionArguments& a, const int* rows, int first, int queries, const bf16* k, const bf16* v,
                                            int stride, int from, int to, int piece) {
  const int group = threadIdx.x % kWarp / 4, heads = a.query_heads / a.kv_heads, pieces = a.prompt_pieces + a.own_pieces;
  const bf16* q[2];
  int query_row[2], query_head[2];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    const int query = first + half * 8 + group;
    query_row[half] = query < queries ? rows[query / heads] : -1;
    query_head[half] = static_cast<int>(blockIdx.x) * heads + query % heads;
    q[half] = query < queries
                  ? a.qkv + static_cast<long long>(query_row[half]) * (a.query_heads + 2 * a.kv_heads) * H + query_head[half] * H
                  : nullptr;
  }
  Attended<H> attended;
  attended.attend(q, k, v, stride, from, to);
  float* of_pieces = a.workspace + static_cast<long long>(a.rows) * a.query_heads * pieces * H;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (query_row[half] < 0) continue;
    const long long at = (static_cast<long long>(query_row[half]) * a.query_heads + query_head[half]) * pieces + piece;
    attended.store_piece(half, a.workspace + at * H, of_pieces + 2 * at);
  }
}

/**
 * Block (key/value head, unit, share): a unit is a piece of a prompt, of whose queries the block takes kChunkQueries at a time, its
 * share of them; or a row and kAttentionWarps of its pieces.
 */
template <int H>
__device__ __forceinline__ void attention_pieces(const AttentionArguments& a) {
  __shared__ int rows[kMostRows];
  const int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, head = blockIdx.x, heads = a.query_heads / a.kv_heads;
  int unit = blockIdx.y;
  if (unit < a.prompt_units) {
    const PromptPiece at = piece_at(a, unit);
    if (at.prompt < 0) return;
    int count = 0;  // every warp counts for itself and writes the same
    for (int first = 0; first < a.rows; first += kWarp) {
      const int row = first + lane;
      const bool is_of = row < a.rows && a.prompt[row] == at.prompt && !a.finished[row];
      const unsigned found = __ballot_sync(0xffffffffu, is_of);
      if (is_of) rows[count + __popc(found & ((1u << lane) - 1))] = row;
      count += __popc(found);
    }
    __syncthreads();
    const int begin = a.offsets[at.prompt], keys = a.offsets[at.prompt + 1] - begin, length = keys_of_piece(keys);
    const int stride = a.kv_heads * H, from = at.piece * length;
    const long long place = static_cast<long long>(begin) * stride + head * H;
    for (int first = (blockIdx.z * kAttentionWarps + warp) * 16; first < count * heads; first += gridDim.z * kChunkQueries) {
      attend_tile<H>(a, rows, first, count * heads, a.prompt_k + place, a.prompt_v + place, stride, from, min(keys, from + length), at.piece);
    }
    return;
  }
  unit -= a.prompt_units;
  const int groups = (a.own_pieces + kAttentionWarps - 1) / kAttentionWarps, row = unit / groups;
  const int piece = unit % groups * kAttentionWarps + warp;
  if (blockIdx.z > 0 || a.finished[row]) return;
  const int length = keys_of_piece(a.room), from = piece * length, to = min(min(a.length[row] + 1, a.room), from + length);
  if (threadIdx.x == 0) rows[0] = row;
  __syncthreads();
  if (piece >= a.own_pieces || from >= to) return;
  const long long place = (static_cast<long long>(row) * a.kv_heads + head) * a.room * H;
  attend_tile<H>(a, rows, 0, heads, a.own_k + place, a.own_v + place, H, from, to, a.prompt_pieces + piece);
}

#define VIDEOR1_ATTENTION(H) \
  VIDEOR1_KERNEL(attention_pieces_##H, AttentionArguments, kAttentionWarps* kWarp, 1) { attention_pieces<H>(a); }
VIDEOR1_ATTENTION(16)
VIDEOR1_ATTENTION(32)
VIDEOR1_ATTENTION(64)
VIDEOR1_ATTENTION(128)

/** Block (row, query head), a thread a dimension: the pieces in order. */
VIDEOR1_KERNEL(attention_merge, AttentionMergeArguments, kMergeThreads, 1) {
  const AttentionArguments& g = a.attention;
  const int row = blockIdx.x, head = blockIdx.y, H = a.head_dim, pieces = g.prompt_pieces + g.own_pieces;
  const int prompt = g.prompt[row];
  const long long at = (static_cast<long long>(row) * g.query_heads + head) * pieces;
  const float* of_pieces = g.workspace + static_cast<long long>(g.rows) * g.query_heads * pieces * H + 2 * at;
  int of_prompt = 0, own = 0;  // how many there are
  if (!g.finished[row]) {
    if (prompt >= 0) of_prompt = pieces_of(g.offsets[prompt + 1] - g.offsets[prompt]);
    const int length = keys_of_piece(g.room);
    own = (min(g.length[row] + 1, g.room) + length - 1) / length;
  }
  const auto place = [&](int i) { return i < of_prompt ? i : g.prompt_pieces + i - of_prompt; };
  float largest = -infinity(), total = 0;
  for (int i = 0; i < of_prompt + own; i++) largest = fmaxf(largest, of_pieces[2 * place(i)]);
  const int dimension = threadIdx.x;
  float sum = 0;
  for (int i = 0; i < of_prompt + own; i++) {
    const float factor = exp2f(of_pieces[2 * place(i)] - largest);
    total += of_pieces[2 * place(i) + 1] * factor;
    if (dimension < H) sum += g.workspace[(at + place(i)) * H + dimension] * factor;
  }
  if (dimension < H) {
    g.y[(static_cast<long long>(row) * g.query_heads + head) * H + dimension] = rounded_bits(total > 0 ? sum / total : 0.f);
  }
}

}  // namespace videor1::cuda
