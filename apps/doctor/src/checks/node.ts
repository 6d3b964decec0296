import { codeVersion } from "@videor1/runs";
import type { Finding } from "../finding.ts";

const least = [20, 19] as const;

export function checkNode(version = process.versions.node): Finding {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const isNew = major > least[0] || (major === least[0] && minor >= least[1]);
  const hint = `Install Node.js ${least.join(".")} or newer.`;
  return { name: "Node.js", what: version, ...(isNew ? { state: "ok" } : { state: "wrong", hint }) };
}

export function checkCode(): Finding {
  const { packages, commit, dirty } = codeVersion(import.meta.url);
  const at = commit === null ? "without git" : `commit ${commit.slice(0, 12)}${dirty ? ", with changes" : ""}`;
  return { name: "Video-R1", state: "ok", what: `${packages["@videor1/runs"]}, ${at}` };
}
