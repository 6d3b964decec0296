import type { ServerControl } from "@videor1/served-model";
import type { ServedPolicy } from "./served-policy.ts";

/**
 * Makes a server have a policy whose files are written; a server that has it is left alone.
 *
 * Whole weights are read while the server is paused: what it is answering ends with the old weights first, and its caches are
 * cleared.
 *
 * @throws {ServedModelError} As the calls of `ServerControl`.
 */
export async function giveToServer(control: ServerControl, policy: ServedPolicy): Promise<void> {
  const { model, folder } = policy;
  if (policy.push === "adapter") {
    const loaded = await control.models();
    if (!loaded.some(({ id }) => id === model)) await control.loadAdapter(model, folder);
    return;
  }
  const label = weightsLabel(policy);
  if ((await control.weightVersion()) === label) return;
  await control.pause();
  try {
    await control.reloadWeights(folder);
    await control.setWeightVersion(label);
  } finally {
    await control.resume();
  }
}

/** The server's name for a version of all weights; the folder's name has the run and the version. */
export const weightsLabel = ({ folder }: Pick<ServedPolicy, "folder">): string =>
  folder.slice(folder.lastIndexOf("/") + 1);
