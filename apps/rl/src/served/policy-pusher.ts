import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { writeFolder } from "@videor1/runs";
import { readApiKey, type ServerControl, serverControl } from "@videor1/served-model";
import type { RlConfig } from "../config.ts";
import { giveToServer } from "./give-to-server.ts";
import { pushOf, type RolloutServer } from "./rollout-server.ts";
import type { ServedPolicy } from "./served-policy.ts";

export interface PolicyPusherOptions {
  config: RlConfig;
  server: RolloutServer;
  environment: Readonly<Record<string, string | undefined>>;
  /** Writes the policy as it stands: an adapter, or a whole model. */
  write(folder: string): Promise<void>;
  endTokenIds: readonly number[];
}

/**
 * Gives versions of the policy to the servers: each in a folder and under a name of its own, which no other run and no other
 * start of this run has. Of the older ones so many stay that requests under way can end; an adapter is unloaded from every
 * server before its folder is deleted.
 */
export function policyPusher({ config, server, environment, write, endTokenIds }: PolicyPusherOptions) {
  const { urls, apiKeyVariable, pushSeconds, folder: root, serverFolder = root, maxAdapters, model: base } = server;
  const apiKey = apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, environment);
  const controls = urls.map((url) => serverControl(url, { apiKey, timeoutSeconds: pushSeconds }));
  const push = pushOf(config);
  const run = runName(config.outputDir);
  const session = randomBytes(3).toString("hex");
  const kept: ServedPolicy[] = [];

  async function retire(count: number): Promise<void> {
    while (kept.length > count) {
      const { model, folder } = kept.shift()!;
      if (push === "adapter") await Promise.all(controls.map((control) => control.unloadAdapter(model)));
      rmSync(join(root, posix.basename(folder)), { recursive: true, force: true });
    }
  }

  /** Adapters that an earlier start of this run left on a server, which ended before it could unload them. */
  async function unloadLeftovers(control: ServerControl): Promise<void> {
    for (const { id } of await control.models()) if (id.startsWith(`${run}-`)) await control.unloadAdapter(id);
  }

  let isFirst = true;
  return {
    controls,
    /** Writes the policy as it stands and gives it to every server. */
    async push(version: number): Promise<ServedPolicy> {
      if (isFirst && push === "adapter") await Promise.all(controls.map(unloadLeftovers));
      isFirst = false;
      const name = `${run}-${session}-v${version}`;
      const policy: ServedPolicy = {
        version,
        push,
        model: push === "adapter" ? name : base,
        folder: posix.join(serverFolder, name),
        endTokenIds,
      };
      await writeFolder(join(root, name), write);
      await retire(push === "adapter" ? maxAdapters - 1 : 1);
      await Promise.all(controls.map((control) => giveToServer(control, policy)));
      kept.push(policy);
      return policy;
    },
  };
}

/** The last name of a run's folder, as servers take it, and a few digits that tell it from others of that name. */
export function runName(outputDir: string): string {
  const digits = createHash("sha256").update(outputDir).digest("hex").slice(0, 6);
  return `${basename(outputDir).replace(/[^\w.-]/g, "_")}-${digits}`;
}
