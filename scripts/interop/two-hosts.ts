import { spawnSync } from "node:child_process";

interface TwoHosts {
  /** Names of their network namespaces: `ip netns exec NAME command`. */
  names: readonly [string, string];
  addresses: readonly [string, string];
  remove(): void;
}

/** Two network namespaces and a cable between them, as two machines of a network; why not, where they cannot be made. */
export function twoHosts(prefix: string): TwoHosts | string {
  const names = [`${prefix}-a`, `${prefix}-b`] as const;
  const addresses = ["10.77.0.1", "10.77.0.2"] as const;
  const ip = (...args: string[]) => spawnSync("ip", args, { encoding: "utf8" });
  const remove = () => {
    for (const name of names) ip("netns", "delete", name);
  };
  remove();
  const commands = [
    ...names.map((name) => ["netns", "add", name]),
    ["link", "add", "va", "netns", names[0], "type", "veth", "peer", "name", "vb", "netns", names[1]],
    ...names.flatMap((name, i) => [
      ["-n", name, "addr", "add", `${addresses[i]}/24`, "dev", i === 0 ? "va" : "vb"],
      ["-n", name, "link", "set", i === 0 ? "va" : "vb", "up"],
      ["-n", name, "link", "set", "lo", "up"],
    ]),
  ];
  for (const command of commands) {
    const { status, stderr, error } = ip(...command);
    if (status === 0) continue;
    remove();
    return `ip ${command.join(" ")}: ${error?.message ?? stderr.trim()}`;
  }
  return { names, addresses, remove };
}
