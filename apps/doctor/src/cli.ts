// npm run doctor [-- --json]: exit code 1 if something is wrong.
import { findings, report } from "./doctor.ts";

const usage =
  "Usage: npm run doctor [-- --json]\n\nSays what of this machine the apps can use, what is wrong, and what to do.";
const args = process.argv.slice(2);
if (args.some((arg) => arg === "--help" || arg === "-h")) console.log(usage);
else if (args.some((arg) => arg !== "--json")) {
  console.error(`Unknown argument ${args.find((arg) => arg !== "--json")}.\n\n${usage}`);
  process.exitCode = 1;
} else {
  const found = await findings();
  console.log(args.includes("--json") ? JSON.stringify(found, null, 2) : report(found));
  process.exitCode = found.some(({ state }) => state === "wrong") ? 1 : 0;
}
