import { type LedgerCode, type LedgerTotals, ledgerCodes } from "@videor1/runs";
import { renderTable } from "./render-table.ts";

/**
 * The number of a run's records by how they ended, as lines for a terminal; no lines if all were trained.
 *
 * @param file - The ledger, which names each record that was not trained.
 */
export function ledgerTable({ trained, byCode }: LedgerTotals, file: string): string[] {
  const codes = (Object.keys(ledgerCodes) as LedgerCode[]).filter((code) => byCode[code]);
  if (codes.length === 0) return [];
  const rows = codes.map((code) => {
    const { outcome, meaning } = ledgerCodes[code];
    return [outcome, String(byCode[code]), code, meaning];
  });
  const others = codes.reduce((sum, code) => sum + byCode[code]!, 0);
  const table = renderTable(null, [["trained", String(trained), "", ""], ...rows], { left: [0, 2, 3] });
  return [
    `${others} of ${trained + others} records were not trained: ${file}`,
    ...table.split("\n").map((line) => `  ${line}`),
  ];
}
