import { type ServerControl, serverControl } from "@videor1/served-model";
import { type ServerDouble, startServerDouble } from "@videor1/served-model/double";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RlConfig } from "../config.ts";
import { askServers } from "./ask-servers.ts";
import { giveAmongGivers } from "./give-among-givers.ts";
import type { ServedPolicy } from "./served-policy.ts";

let double: ServerDouble;
let control: ServerControl;
let policy: ServedPolicy;
beforeEach(async () => {
  double = await startServerDouble({ model: "base" });
  control = serverControl(double.url);
  const folder = import.meta.dirname; // one that is there
  policy = { version: 1, push: "weights", model: "base", folder, servers: [double.url], endTokenIds: [2] };
});
afterEach(async () => await double.stop());

test("several processes that find a server without the weights: one gives them, the others wait", async () => {
  const { server } = RlConfig.parse({
    model: "m",
    outputDir: "run",
    data: { records: "r", media: { mediaRoot: "." } },
    rollout: { server: { urls: [double.url], model: "base", folder: policy.folder } },
  }).rollout;
  const request = { model: "base", messages: [{ role: "user" as const, content: "What?" }] };
  const processes = [0, 1, 2].map(() => askServers(server!, {}));
  const replies = await Promise.all(processes.map((ask) => ask(policy, request)));
  expect(replies).toHaveLength(3);
  const given = double.calls.filter((call) => !call.includes("version"));
  expect(given).toEqual(["POST /pause", "POST /collective_rpc", "POST /resume"]);
  expect([double.engine.isPaused, double.engine.isDead, double.engine.weights]).toEqual([false, false, policy.folder]);
});

test("a server that is claimed or paused by another for ever is given up, and left as it is", async () => {
  await control.setWeightVersion("claimed-another");
  const late = { code: "TIMED_OUT", message: expect.stringContaining("keeps it claimed or paused") };
  const mine = { giver: "me", waitSeconds: 0 };
  await expect(giveAmongGivers(control, policy, mine)).rejects.toMatchObject(late);
  expect(await control.weightVersion()).toBe("claimed-another");
  await control.setWeightVersion("default");
  await control.pause();
  await expect(giveAmongGivers(control, policy, mine)).rejects.toMatchObject(late);
  expect([double.engine.isPaused, double.engine.weights]).toEqual([true, undefined]);
});

test("a giver that fails leaves no claim", async () => {
  const mine = { giver: "me", waitSeconds: 10 };
  await expect(giveAmongGivers(control, { ...policy, folder: "/nowhere" }, mine)).rejects.toMatchObject({
    code: "SERVER_SETUP",
  });
  expect(await control.weightVersion()).toBe("default");
});
