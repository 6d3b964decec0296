import { serverControl } from "@videor1/served-model";
import { startServerDouble } from "@videor1/served-model/double";
import { expect, test } from "vitest";
import { awaitServers } from "./await-servers.ts";

/** The address of a server that has gone. */
async function gone() {
  const double = await startServerDouble();
  await double.stop();
  return { url: double.url, port: Number(new URL(double.url).port) };
}

test("servers that are all away are told at once, and waited for until one answers", async () => {
  const { url, port } = await gone();
  const printed: string[] = [];
  let back: Promise<{ stop(): Promise<void> }> | undefined;
  const print = (line: string) => {
    printed.push(line);
    back = startServerDouble({ port });
  };
  const left = await awaitServers({ looks: [serverControl(url)], waitSeconds: 60, print });
  expect(left).toBeGreaterThan(0);
  expect(printed).toEqual([expect.stringContaining(`waiting for one up to 60 s: ${url}: the connection failed`)]);
  await (await back!).stop();
});

test("a stop ends the wait", async () => {
  const { url } = await gone();
  const stop = new AbortController();
  const print = () => stop.abort(new Error("stopped"));
  const { signal } = stop;
  await expect(awaitServers({ looks: [serverControl(url)], waitSeconds: 3600, print, signal })).rejects.toThrow(
    "stopped",
  );
});

test("one that answers is enough, others that hang are not waited for", async () => {
  const double = await startServerDouble();
  const hanging = { models: () => new Promise<never>(() => {}) };
  const print = (line: string) => expect.unreachable(line);
  const left = await awaitServers({ looks: [hanging, serverControl(double.url)], waitSeconds: 60, print });
  expect(left).toBeGreaterThan(0);
  await double.stop();
});

test("without time to wait nothing is told, and what a server is set up wrongly for is not waited for", async () => {
  const { url } = await gone();
  const print = (line: string) => expect.unreachable(line);
  expect(await awaitServers({ looks: [serverControl(url)], waitSeconds: 0, print })).toBe(0);
  const double = await startServerDouble({ apiKey: "secret" });
  expect(await awaitServers({ looks: [serverControl(double.url)], waitSeconds: 60, print })).toBeGreaterThan(0);
  await double.stop();
});
