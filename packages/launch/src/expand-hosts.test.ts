import { expect, test } from "vitest";
import { expandHosts } from "./expand-hosts.ts";

test.each<[string, string[]]>([
  ["one", ["one"]],
  ["node[01-03,07],other1", ["node01", "node02", "node03", "node07", "other1"]],
  ["n[9-11]", ["n9", "n10", "n11"]],
  ["n[098-101]", ["n098", "n099", "n100", "n101"]],
  ["rack[1-2]-node[1,3].x", ["rack1-node1.x", "rack1-node3.x", "rack2-node1.x", "rack2-node3.x"]],
  ["a,b[2],c-d.e", ["a", "b2", "c-d.e"]],
])("%s", (list, hosts) => {
  expect(expandHosts(list)).toEqual(hosts);
});

test.each(["", "n[", "n[1-2", "n[3-1]", "n[a-b]", "n[]", "n]1"])("%j is refused", (list) => {
  expect(() => expandHosts(list)).toThrow("is no list of hosts as Slurm writes it");
});
