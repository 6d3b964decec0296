import type { Check } from "./check.ts";

export interface StateCase {
  name: string;
  run(check: Check): void | Promise<void>;
}
