/** "8.29 M parameters"; "0.02 M of 8.31 M parameters trained" where some are frozen. */
export function parametersLine({ parameters, frozen }: { parameters: number; frozen: number }): string {
  const millions = (count: number) => `${(count / 1e6).toFixed(2)} M`;
  if (frozen === 0) return `${millions(parameters)} parameters`;
  return `${millions(parameters)} of ${millions(parameters + frozen)} parameters trained`;
}
