import { type LedgerCode, type LedgerTotals, ledgerCodes } from "@videor1/runs";

/**
 * How a run's records ended, as lines for a terminal; none if all were trained.
 *
 * @param file - Where each of the others is named.
 */
export function ledgerTable({ trained, byCode }: LedgerTotals, file: string): string[] {
  const codes = (Object.keys(ledgerCodes) as LedgerCode[]).filter((code) => byCode[code]);
  if (codes.length === 0) return [];
  const rows: [string, number, string, string][] = [
    ["trained", trained, "", ""],
    ...codes.map((code): [string, number, string, string] => {
      const { outcome, meaning } = ledgerCodes[code];
      return [outcome, byCode[code]!, code, meaning];
    }),
  ];
  const seen = rows.reduce((sum, [, count]) => sum + count, 0);
  const width = Math.max(...rows.map(([, count]) => String(count).length));
  const codeWidth = Math.max(...codes.map((code) => code.length));
  return [
    `${seen - trained} of ${seen} records were not trained: ${file}`,
    ...rows.map(([outcome, count, code, meaning]) =>
      `  ${outcome.padEnd(7)}  ${String(count).padStart(width)}  ${code.padEnd(codeWidth)}  ${meaning}`.trimEnd(),
    ),
  ];
}
