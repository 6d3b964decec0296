/** Tokens a second that a server draws for the sampler of `npm run rl`, and what the client costs beside it. */
import { readdirSync, readFileSync } from "node:fs";
import { loadConfig } from "@videor1/cli";
import { readExamples } from "@videor1/data";
import { askServers, halvesOf, openMedia, RlConfig, servedSampler } from "@videor1/rl";
import { serverControl } from "@videor1/served-model";

export interface SamplingOptions {
  url: string;
  /** The server's process group. */
  pid: number;
  /** A config file, and settings. */
  settings: readonly string[];
  /** Folder of a trained adapter. */
  adapter: string;
  report: (holds: boolean, line: string) => void;
}

const prompts = 64;

/** Asks the first questions of the run once, all at a time; the client is this process, and does nothing else meanwhile. */
export async function measureSampling({ url, pid, settings, adapter, report }: SamplingOptions): Promise<void> {
  const [file, ...rest] = settings as [string, ...string[]];
  const config = loadConfig(RlConfig, file, rest);
  const control = serverControl(url);
  await control.loadAdapter("sampling-v0", adapter);
  const policy = {
    version: 0,
    push: "adapter" as const,
    model: "sampling-v0",
    folder: adapter,
    servers: [control.server],
    endTokenIds: [2],
  };
  const examples = (await readExamples(config.data.records)).slice(0, prompts);
  const { load, mediaOf, close } = await openMedia(config);
  const jobs = await Promise.all(
    examples.map(async (example, i) => {
      const media = mediaOf(await load(example), { example, seed: i }, config.tgrpo);
      return { id: `${i}`, example, media: async () => media, seed: i };
    }),
  );
  await close();
  const sample = servedSampler(config, askServers(config.rollout.server!, {}));
  await sample(jobs.slice(0, 2), policy);
  const [serverBefore, clientBefore, began] = [cpuSecondsOf(pid), process.cpuUsage(), performance.now()];
  const samples = await sample(jobs, policy);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(clientBefore);
  const client = (user + system) / 1e6;
  const server = cpuSecondsOf(pid) - serverBefore;
  await control.unloadAdapter("sampling-v0");
  const halves = halvesOf(samples);
  const completions = halves.flatMap(({ completions }) => completions);
  const tokens = completions.reduce((sum, { completionIds }) => sum + completionIds.length, 0);
  const share = client / (client + server);
  report(
    share < 0.03,
    `sampling: ${prompts} questions, ${completions.length} completions, ${tokens} tokens in ${seconds.toFixed(1)} s: ${Math.round(tokens / seconds)} tokens a second; CPU seconds: client ${client.toFixed(2)}, server ${server.toFixed(1)}, the client's share ${(100 * share).toFixed(1)} %`,
  );
}

/** User and system time of all processes of a group, from /proc. */
function cpuSecondsOf(group: number): number {
  const ticks = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ");
        return Number(fields[2]) === group ? Number(fields[11]) + Number(fields[12]) : 0;
      } catch {
        return 0; // it has ended
      }
    });
  return ticks.reduce((sum, value) => sum + value, 0) / 100;
}
