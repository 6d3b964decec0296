// Rows of float32 in steps of four lanes. `left` is how many floats remain: the last step may be partial,
// and never touches memory past the row. Addresses are in bytes.

/** The next four floats; lanes past `left` are 0. */
// @ts-ignore: decorator
@inline
export function load4(from: usize, left: i32): v128 {
  return left >= 4 ? v128.load(from) : loadPart(from, left);
}

// @ts-ignore: decorator
@inline
export function store4(to: usize, x: v128, left: i32): void {
  if (left >= 4) v128.store(to, x);
  else storePart(to, x, left);
}

function loadPart(from: usize, left: i32): v128 {
  let x = f32x4.splat(0);
  if (left > 0) x = v128.load_lane<f32>(from, x, 0);
  if (left > 1) x = v128.load_lane<f32>(from, x, 1, 4);
  if (left > 2) x = v128.load_lane<f32>(from, x, 2, 8);
  return x;
}

function storePart(to: usize, x: v128, left: i32): void {
  if (left > 0) v128.store_lane<f32>(to, x, 0);
  if (left > 1) v128.store_lane<f32>(to, x, 1, 4);
  if (left > 2) v128.store_lane<f32>(to, x, 2, 8);
}

// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2) + (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3));
}

// @ts-ignore: decorator
@inline
export function maxLanes(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}
