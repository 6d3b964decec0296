#!/usr/bin/env node
import { describeError } from "@videor1/cli";
import { verbs } from "./verbs.ts";

const [name = "--help", ...argv] = process.argv.slice(2).filter((argument) => argument !== "--");
const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;

if (verb !== undefined) {
  try {
    const { command } = await verb.load();
    await command(argv);
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
} else {
  const longest = Math.max(...Object.keys(verbs).map((verb) => verb.length));
  const lines = Object.entries(verbs).map(([verb, { about }]) => `  ${verb.padEnd(longest)}  ${about}`);
  const usage = `videor1-data: from any video question-answering data to training records.

Usage: videor1-data <verb> [words] [config.yaml] [key=value ...] [--json] [--help]

${lines.join("\n")}`;
  const isHelp = /^(--help|-h)$/.test(name);
  console[isHelp ? "log" : "error"](isHelp ? usage : `No verb "${name}".\n\n${usage}`);
  if (!isHelp) process.exitCode = 1;
}
