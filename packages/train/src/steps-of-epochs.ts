/**
 * floor(epochs * records / perStep), 1 at least: the optimizer steps of so many passes over the records. An incomplete batch at a
 * pass's end is left out.
 *
 * @throws {RangeError} If it is no safe integer.
 */
export function stepsOfEpochs(epochs: number, records: number, perStep: number): number {
  const steps = Math.max(1, Math.floor((epochs * records) / perStep));
  if (!Number.isSafeInteger(steps)) throw new RangeError(`${epochs} epochs of ${records} records are too many steps`);
  return steps;
}
