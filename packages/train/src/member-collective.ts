import type { Collective } from "./collective.ts";
import { joinGroup } from "./join-group.ts";
import type { Member } from "./member.ts";
import type { EngineOptions } from "./options.ts";
import { processCollective } from "./process-collective.ts";
import { threadCollective } from "./thread-collective.ts";

/** Joins the group of a run's workers. A member joins once. */
export async function memberCollective(
  member: Member,
  { timeoutSeconds }: Pick<EngineOptions, "timeoutSeconds">,
): Promise<Collective> {
  if ("ports" in member) return threadCollective(member, { timeoutSeconds });
  return processCollective(await joinGroup(member.ranks, "worker", { timeoutSeconds, isFirst: false }));
}
