/** A list of numbers of 8 bytes each. */
export interface GrowingNumbers {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
}

export function growingNumbers(): GrowingNumbers {
  let values = new Float64Array(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = new Float64Array(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    at: (index) => values[index]!,
  };
}
