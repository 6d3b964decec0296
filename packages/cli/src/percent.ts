/** A share in percent, to one decimal: "87.5" for 0.875. */
export const percent = (share: number): string => (100 * share).toFixed(1);
