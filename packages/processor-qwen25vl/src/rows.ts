/** Numbers of a matrix, row by row. */
export interface Rows<T extends Int32Array | Float32Array> {
  data: T;
  shape: [rows: number, columns: number];
}
