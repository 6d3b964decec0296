import type { Extracted, Reading } from "../scorer.ts";

/** A reading of 1 or 0, with what was taken for the answer where the scorer says so. */
export const rightOrWrong = (isRight: boolean, extracted?: Extracted | null): Reading =>
  extracted === undefined ? { score: Number(isRight) } : { score: Number(isRight), extracted };

/** A harness draws an option by chance here: no score can be compared. */
export const drawn: Reading = { score: null, extracted: null, status: "random" };

/** The outputs that a harness keeps in its denominator. */
export const isKept = ({ status }: Reading): boolean => status !== "dropped";

/** Right answers; an option drawn by chance counts as wrong. */
export const sumOf = (readings: readonly Reading[]): number =>
  readings.reduce((sum, { score }) => sum + (score ?? 0), 0);

/** sum / count, or 0 of nothing. */
export const meanOf = (readings: readonly Reading[]): number =>
  readings.length === 0 ? 0 : sumOf(readings) / readings.length;

/** 100 * sum / count, in this order, or 0 of nothing. */
export const percentOf = (readings: readonly Reading[]): number =>
  readings.length === 0 ? 0 : (100 * sumOf(readings)) / readings.length;

/** The exception that ends the harness over these readings, if one does. */
export const endOf = (readings: readonly Reading[]): string | undefined =>
  readings.find(({ status }) => status?.startsWith("error:"))?.status?.slice("error:".length);
