// Shape suffixes: R rows, T new positions, K key/value heads, H head dim.
import { concat, slice, type Tensor4D, tidy, type Variable } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel, unshare } from "../fused.ts";

/**
 * cache[:, position : position + T] = x. The only way to write a key/value cache; no gradient.
 *
 * @param cache - [R, Smax, K, H].
 * @param x - [R, T, K, H].
 * @throws {RangeError} If x does not fit into the cache at `position`.
 */
export function cacheWrite(cache: Variable, x: Tensor4D, position: number): void {
  const [R, Smax, K, H] = cache.shape;
  const [xR, T, xK, xH] = x.shape;
  if (xR !== R || xK !== K || xH !== H || !(position >= 0 && position + T <= Smax!)) {
    throw new RangeError(`cacheWrite: x [${x.shape}] at position ${position} does not fit into cache [${cache.shape}]`);
  }
  if (hasKernel("CacheWrite")) {
    unshare(cache);
    runKernel("CacheWrite", { cache, x }, { position });
  } else compositeCacheWrite(cache, x, position);
}

/** `cacheWrite` from tfjs ops: copies the cache. */
export function compositeCacheWrite(cache: Variable, x: Tensor4D, position: number): void {
  const [R, Smax, K, H] = cache.shape as [number, number, number, number];
  const end = position + x.shape[1];
  tidy(() => {
    const before = slice(cache as unknown as Tensor4D, [0, 0, 0, 0], [R, position, K, H]);
    const after = slice(cache as unknown as Tensor4D, [0, end, 0, 0], [R, Smax - end, K, H]);
    cache.assign(concat([before, x, after], 1));
  });
}
