import { ServedModelError } from "./served-model-error.ts";

/**
 * The key that an environment variable holds, for `apiKey`; a config names the variable, so that no file holds the key.
 *
 * @throws {ServedModelError} OPTIONS, if the variable is not set, or holds what no header can.
 */
export function readApiKey(variable: string, environment: Readonly<Record<string, string | undefined>>): string {
  const key = environment[variable]?.trim() ?? "";
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  const fault = key === "" ? "is not set" : "holds other characters than printable ASCII without spaces";
  const hint = `Set it in the shell that starts the program: export ${variable}=...`;
  throw new ServedModelError("OPTIONS", { problem: `The key's environment variable ${variable} ${fault}`, hint });
}
