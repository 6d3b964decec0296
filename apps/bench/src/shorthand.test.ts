import { expect, test } from "vitest";
import { expandShorthands } from "./shorthand.ts";

test.each([
  ["data=VSI-Bench", "data.folder=VSI-Bench"],
  ["data=/a, b", "data.folder=/a, b"],
  ["data={ records: r.json }", "data={ records: r.json }"],
  ["data.records=r.json", "data.records=r.json"],
  ["server=http://127.0.0.1:8000/v1", 'server.urls=["http://127.0.0.1:8000/v1"]'],
  ["server=http://a/v1,http://b/v1", 'server.urls=["http://a/v1","http://b/v1"]'],
  ["server={ urls: [http://a/v1] }", "server={ urls: [http://a/v1] }"],
  ["benchmark=mmvu", "benchmark=mmvu"],
  ["benchmark=mmvu, mvbench", 'benchmark=["mmvu","mvbench"]'],
  ["benchmark=[mmvu, mvbench]", "benchmark=[mmvu, mvbench]"],
  ["compare=reversed,none", 'compare=["reversed","none"]'],
  ["compare=[]", "compare=[]"],
  ["tasks=object_counting", 'tasks=["object_counting"]'],
  ["server=", "server="],
  ["configs/bench/miniature.yaml", "configs/bench/miniature.yaml"],
  ["constructor=1", "constructor=1"],
  ["--list", "--list"],
  ["--emit-batch=batch.jsonl", "emitBatch=batch.jsonl"],
])("%s is %s", (argument, expanded) => {
  expect(expandShorthands([argument])).toEqual([expanded]);
});
