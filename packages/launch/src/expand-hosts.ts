import { LaunchError } from "./launch-error.ts";

/**
 * The hosts that a Slurm list stands for, in its order: `node[01-03,07],other1` is node01, node02, node03, node07, other1. A
 * host may have several brackets, of which the last counts first.
 *
 * @throws {LaunchError} If a bracket does not close, or a range runs backwards.
 */
export function expandHosts(list: string): string[] {
  const hosts = split(list).flatMap(expandHost);
  if (hosts.length > 0 && hosts.every((host) => host !== "" && !/[[\]]/.test(host))) return hosts;
  throw broken(list);
}

/** The list at its commas, but for those within brackets. */
const split = (list: string): string[] => list.match(/(?:[^,[]|\[[^\]]*\]?)+/g) ?? [];

function expandHost(host: string): string[] {
  const found = /^([^[]*)\[([^\]]*)\](.*)$/.exec(host);
  if (!found) return [host];
  const [, head, ranges, tail] = found as unknown as [string, string, string, string];
  const tails = expandHost(tail);
  return ranges
    .split(",")
    .flatMap((range) => numbersOf(range, host))
    .flatMap((number) => tails.map((rest) => `${head}${number}${rest}`));
}

/** "008-010" → 008, 009, 010. */
function numbersOf(range: string, host: string): string[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  if (first === undefined || Number(last) < Number(first)) throw broken(host);
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => String(Number(first) + i).padStart(first.length, "0"));
}

const broken = (list: string): LaunchError =>
  new LaunchError(
    "LAUNCH_IMPOSSIBLE",
    `"${list}" is no list of hosts as Slurm writes it`,
    "It comes from SLURM_STEP_NODELIST; set MASTER_ADDR to the host of rank 0, and it is not read.",
  );
