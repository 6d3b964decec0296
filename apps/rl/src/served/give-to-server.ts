import { ServedModelError, type ServerControl } from "@videor1/served-model";
import { type ServedPolicy, weightsLabel } from "./served-policy.ts";

type GivenPolicy = Pick<ServedPolicy, "push" | "model" | "folder">;

/**
 * Makes a server have a policy whose files are written; a server that has it is left alone.
 *
 * Whole weights are read while the server is paused: what it is answering ends with the old weights first, and its caches are
 * cleared.
 *
 * @throws {ServedModelError} As the calls of `ServerControl`.
 */
export async function giveToServer(control: ServerControl, policy: GivenPolicy): Promise<void> {
  if (await hasPolicy(control, policy)) return;
  if (policy.push === "adapter") return await control.loadAdapter(policy.model, policy.folder);
  try {
    await control.pause();
    await control.reloadWeights(policy.folder).catch((error) => {
      throw error instanceof ServedModelError && error.code === "SERVER_FAILED" ? unread(error, policy.folder) : error;
    });
    await control.setWeightVersion(weightsLabel(policy));
  } catch (error) {
    await control.resume().catch(() => {}); // the first error says more
    throw error;
  }
  await control.resume();
}

/** Whether a server has a policy, by its adapters' names or its weights' label. */
export async function hasPolicy(control: ServerControl, policy: GivenPolicy): Promise<boolean> {
  if (policy.push === "weights") return (await control.weightVersion()) === weightsLabel(policy);
  return (await control.models()).some(({ id }) => id === policy.model);
}

const unread = ({ server, status, said }: ServedModelError, folder: string) =>
  new ServedModelError("SERVER_SETUP", {
    server,
    status,
    said,
    problem: `the server could not read weights from ${folder}`,
    hint: "Start it again: its weights may be lost. Does it see rollout.server.folder under that path, or another one (serverFolder)?",
  });
