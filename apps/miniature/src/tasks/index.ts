import { count, order } from "./events.ts";
import { describe, direction, distance } from "./motion.ts";
import { color, number, read } from "./stills.ts";
import type { Task } from "./task.ts";

/** All tasks by name. */
export const tasks: Record<string, Task> = Object.fromEntries(
  [direction, order, describe, count, distance, read, color, number].map((task) => [task.name, task]),
);
export type { Item, Task, TaskOptions } from "./task.ts";
