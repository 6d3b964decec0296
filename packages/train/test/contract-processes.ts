import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GroupStore } from "@videor1/engine";
import type { ContractGroup } from "../src/collective-contract.ts";
import type { MemberReply, MemberRequest } from "./contract-process.ts";

/** Processes that the groups of a test file share, since each takes seconds to start; one that died is started anew. */
export function contractProcesses(kind: GroupStore["kind"]) {
  const folder = mkdtempSync(join(tmpdir(), "videor1-groups-"));
  const processes: ChildProcess[] = [];
  let groups = 0;
  let port = 0;

  function processOf(rank: number): ChildProcess {
    const known = processes[rank];
    if (known?.connected && known.exitCode === null) return known;
    const path = fileURLToPath(new URL("contract-process.ts", import.meta.url));
    const execArgv = ["--conditions=@videor1/source", "--import", "tsx"];
    processes[rank] = fork(path, { execArgv, serialization: "advanced" });
    return processes[rank];
  }

  /** @throws {Error} If the process ends first. */
  async function ask(rank: number, request: MemberRequest): Promise<unknown> {
    const member = processOf(rank);
    const reply = new Promise<unknown>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`the process of rank ${rank} ended with ${code}`));
      member.once("exit", onExit);
      member.once("message", (message: MemberReply) => {
        member.off("exit", onExit);
        if ("error" in message) reject(new Error(message.error));
        else resolve(message.value);
      });
    });
    member.send(request);
    return reply;
  }

  return {
    async start(size: number, { timeoutSeconds }: { timeoutSeconds: number }): Promise<ContractGroup> {
      port ||= await freePort();
      const prefix = `contract/0/${groups++}`;
      const ranks = Array.from({ length: size }, (_, rank) => rank);
      const store = (rank: number): GroupStore =>
        kind === "tcp"
          ? { kind, host: "localhost", port, isServer: rank === 0 }
          : { kind, path: join(folder, "store") };
      const member = (rank: number) => ({ store: store(rank), prefix, rank, size, timeoutSeconds });
      await Promise.all(ranks.map((rank) => ask(rank, { open: member(rank) })));
      return {
        run: (name) => Promise.allSettled(ranks.map((rank) => ask(rank, { run: name }))),
        close: async () =>
          void (await Promise.allSettled(ranks.map((rank) => ask(rank, { leave: "the test is over" })))),
      };
    },
    async close(): Promise<void> {
      const alive = processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      for (const member of alive) member.disconnect();
      await Promise.all(alive.map((member) => once(member, "exit")));
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
