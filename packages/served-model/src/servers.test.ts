import { beforeEach, expect, test } from "vitest";
import { ServedModelError } from "./served-model-error.ts";
import { createServers } from "./servers.ts";

/** Servers "a" and "b" under a clock that only waiting moves; what each answers to /health is `healthy`. */
let seconds: number;
let checks: [server: string, at: number][];
let healthy: (server: string, at: number) => boolean;
beforeEach(() => {
  seconds = 0;
  checks = [];
  healthy = () => false;
});
const surroundings = {
  now: () => seconds,
  async sleep(length: number) {
    seconds += length;
  },
};
const create = (names: readonly string[], waitSeconds = 100) =>
  createServers(
    names.map((name) => ({ base: name, root: name })),
    async ({ base }) => {
      checks.push([base, Math.round(seconds)]);
      return healthy(base, seconds);
    },
    waitSeconds,
    surroundings,
  );
const failure = (server: string) => new ServedModelError("UNREACHABLE", { server, problem: "gone", hint: "-" });

test("the server with the fewest completions in flight is taken", async () => {
  const servers = create(["a", "b"]);
  const first = await servers.take(8);
  expect([first.base, (await servers.take(1)).base, (await servers.take(1)).base]).toEqual(["a", "b", "b"]);
  servers.release(first, 8);
  expect((await servers.take(1)).base).toBe("a");
});

test("requests of one affinity go to one server, until it has more than its share", async () => {
  const servers = create(["a", "b", "c", "d"]);
  const taken = [];
  for (let clip = 0; clip < 100; clip++) {
    const one = await servers.take(8, undefined, `clip ${clip}`);
    servers.release(one, 8);
    const again = await servers.take(8, undefined, `clip ${clip}`);
    servers.release(again, 8);
    expect(again).toBe(one);
    taken.push(one.base);
  }
  for (const name of ["a", "b", "c", "d"]) expect(taken.filter((base) => base === name).length).toBeGreaterThan(10);
  const loads = new Map<string, number>();
  for (let i = 0; i < 40; i++) {
    const { base } = await servers.take(1, undefined, "one clip");
    loads.set(base, (loads.get(base) ?? 0) + 1);
  }
  expect(Math.max(...loads.values())).toBeLessThanOrEqual(13); // 5/4 of the mean
});

test("what keeps a server from being made ready is told", async () => {
  const gone = failure("a");
  const servers = createServers([{ base: "a", root: "a" }], () => Promise.reject(gone), 5, surroundings, false);
  await expect(servers.take(1)).rejects.toMatchObject({ code: "SERVERS_DOWN", cause: gone });
});

test("a server in doubt is taken again once it says that it is healthy", async () => {
  const servers = create(["a", "b"]);
  healthy = () => true;
  const a = await servers.take(1);
  servers.release(a, 1);
  servers.doubt(a, failure("a"));
  expect((await servers.take(1)).base).toBe("b"); // which does not wait for a's health
  expect(checks).toEqual([["a", 0]]);
  await Promise.resolve();
  expect((await servers.take(1)).base).toBe("a");
});

test("a dead server is asked for its health ever more rarely, and taken when it is back", async () => {
  const servers = create(["a"]);
  healthy = (_, at) => at >= 40;
  const a = await servers.take(1);
  servers.doubt(a, failure("a"));
  expect((await servers.take(1)).base).toBe("a");
  expect(checks.map(([, at]) => at)).toEqual([0, 1, 3, 7, 15, 31, 61]);
});

test("when all have been down for long, each request fails at once until one is back", async () => {
  const servers = create(["a", "b"], 10);
  for (const server of [await servers.take(1), await servers.take(1)]) servers.doubt(server, failure(server.base));
  await expect(servers.take(1)).rejects.toMatchObject({
    code: "SERVERS_DOWN",
    message: "No server has answered for 15 s: a: gone; b: gone",
  });
  const before = checks.length;
  await expect(servers.take(1)).rejects.toMatchObject({ code: "SERVERS_DOWN" });
  expect([checks.length, Math.round(seconds)]).toEqual([before, 15]);
  healthy = (name) => name === "b";
  seconds += 60;
  expect((await servers.take(1)).base).toBe("b");
});

test("a server that wants a pause gets it", async () => {
  const servers = create(["a", "b"]);
  const a = await servers.take(1);
  servers.pause(a, 20);
  servers.release(a, 1);
  const b = await servers.take(1);
  servers.pause(b, 5);
  expect([(await servers.take(1)).base, Math.round(seconds)]).toEqual(["b", 5]);
});

test("waiting ends with the signal's reason, also for a server that never says how it is", async () => {
  const servers = createServers([{ base: "a", root: "a" }], () => new Promise(() => {}), 100, surroundings);
  servers.doubt(await servers.take(1), failure("a"));
  const controller = new AbortController();
  const taken = servers.take(1, controller.signal);
  await Promise.resolve();
  controller.abort(new Error("enough"));
  await expect(taken).rejects.toThrow("enough");
});
