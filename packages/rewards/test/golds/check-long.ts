// npm run check:long -w packages/rewards: every gold of 263,071 records in the shape of Video-R1's. Some minutes of a core.
import { goldFaults } from "./gold-faults.ts";
import { recordCount, syntheticRecord } from "./synthetic-record.ts";

const mostShown = 20;
const faultsOf = new Map<string, number>();
let bad = 0;
const start = performance.now();
for (let index = 0; index < recordCount; index++) {
  const record = syntheticRecord(index);
  const faults = goldFaults(record);
  if (faults.length > 0 && bad++ < mostShown) console.error(`record ${index} ${JSON.stringify(record)}`, faults);
  for (const fault of faults) {
    const kind = `${record.type}, ${fault.replace(/[-+]?\d[\d.e-]*/g, "#")}`;
    faultsOf.set(kind, (faultsOf.get(kind) ?? 0) + 1);
  }
  if ((index + 1) % 50_000 === 0) console.log(`${index + 1} records, ${bad} with a fault`);
}
for (const [kind, count] of [...faultsOf].sort(([, a], [, b]) => b - a)) console.log(`${count} times: ${kind}`);
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`golds: ${recordCount} records, ${bad} with a fault, in ${seconds} s`);
process.exitCode = bad === 0 ? 0 : 1;
