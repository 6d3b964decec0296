/** A sentence or two about the numbers. */
export interface Finding {
  title: string;
  text: string;
}
