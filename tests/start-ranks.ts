import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { root } from "./run-cli.ts";

export interface RankEnd {
  /** null if a signal ended it. */
  code: number | null;
  output: string;
}

export interface StartedRanks {
  children: ChildProcess[];
  ended: Promise<RankEnd[]>;
}

/** Starts an app's command line once for each rank, as a launcher does. */
export async function startRanks(app: "sft" | "rl", size: number, args: readonly string[]): Promise<StartedRanks> {
  const port = await freePort();
  const children = Array.from({ length: size }, (_, rank) => {
    const place = { RANK: String(rank), WORLD_SIZE: String(size), LOCAL_RANK: String(rank) };
    const meeting = { MASTER_ADDR: "127.0.0.1", MASTER_PORT: String(port) };
    const command = ["--conditions=@videor1/source", "--import", "tsx", `apps/${app}/src/cli.ts`, ...args];
    return spawn(process.execPath, command, { cwd: root, env: { ...process.env, ...place, ...meeting } });
  });
  return { children, ended: Promise.all(children.map(endOf)) };
}

/** A port that is free now. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

function endOf(child: ChildProcess): Promise<RankEnd> {
  let output = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}
