// Fails if package-lock.json names a registry host, or lacks a platform's package of a native dependency: npm drops
// missing platforms silently, and `npm ci` then fails on that platform.
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const problems = [];
for (const [path, { resolved, optionalDependencies = {} }] of Object.entries(packages)) {
  if (resolved && /^https?:/.test(resolved))
    problems.push(`${path}: names a host in "resolved"; npm install writes none with this folder's .npmrc`);
  for (const name of Object.keys(optionalDependencies)) {
    const places = path
      .split("/node_modules/")
      .map((_, i, parts) => `${parts.slice(0, i + 1).join("/node_modules/")}/node_modules/${name}`);
    if (![`node_modules/${name}`, ...places].some((place) => place in packages))
      problems.push(`${path}: optional dependency ${name} is not in the lock`);
  }
}
if (problems.length > 0) {
  console.error(`package-lock.json has ${problems.length} problem(s):\n  ${problems.join("\n  ")}`);
  process.exit(1);
}
console.log(`package-lock.json: ${Object.keys(packages).length} packages, every platform, no hosts`);
