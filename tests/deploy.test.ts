/** The manifests of deploy/: their fields that matter, and the ranks that a process gets from the environment they make. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRanks } from "@videor1/launch";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "./run-cli.ts";

const text = (name: string): string => readFileSync(join(root, "deploy", name), "utf8");

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { fieldRef: { fieldPath: string } };
}

test("JobSet: one GPU and one rank a pod, which find rank 0 by its name", () => {
  const { apiVersion, kind, metadata, spec } = parse(text("jobset.yaml"));
  expect([apiVersion, kind]).toEqual(["jobset.x-k8s.io/v1alpha2", "JobSet"]);
  const [{ name, replicas, template }] = spec.replicatedJobs;
  const job = template.spec;
  expect([replicas, job.completionMode, job.backoffLimit]).toEqual([1, "Indexed", 0]);
  expect(job.completions).toBe(job.parallelism);
  const [container] = job.template.spec.containers;
  expect(container.resources.limits["nvidia.com/gpu"]).toBe(1);
  const ranks = Array.from({ length: job.completions as number }, (_, index) => {
    const fields: Record<string, string> = {
      "metadata.annotations['batch.kubernetes.io/job-completion-index']": String(index),
    };
    const variables = (container.env as Variable[]).map(({ name, value, valueFrom }) => [
      name,
      value ?? fields[valueFrom!.fieldRef.fieldPath],
    ]);
    return readRanks(Object.fromEntries(variables));
  });
  expect(ranks.map((found) => found?.rank)).toEqual([...Array(job.completions).keys()]);
  for (const found of ranks)
    expect(found).toMatchObject({
      size: job.completions,
      localRank: 0,
      master: { host: `${metadata.name}-${name}-0-0.${metadata.name}`, port: 29500 },
    });
  expect(container.args).toContain(`gradientAccumulationSteps=${job.completions}`);
});

test("TrainJob: torchrun reads what Trainer sets; without it the process is refused", () => {
  const { apiVersion, kind, spec } = parse(text("trainjob.yaml"));
  expect([apiVersion, kind]).toEqual(["trainer.kubeflow.org/v1alpha1", "TrainJob"]);
  const { numNodes, numProcPerNode, command, args, resourcesPerNode } = spec.trainer;
  expect(command.slice(0, 3)).toEqual(["torchrun", "--no-python", "node"]);
  expect(resourcesPerNode.limits["nvidia.com/gpu"]).toBe(numProcPerNode);
  expect(args).toContain(`gradientAccumulationSteps=${numNodes * numProcPerNode}`);
  const env = { PET_NNODES: String(numNodes), PET_NPROC_PER_NODE: String(numProcPerNode), PET_NODE_RANK: "0" };
  expect(() => readRanks(env)).toThrow("PET_NNODES=2, PET_NPROC_PER_NODE=8 ask for more");
});

test("SkyPilot: the line of its manifest is the one that a refused process prints", () => {
  const { num_nodes, resources, run } = parse(text("skypilot.yaml"));
  const gpus = Number(resources.accelerators.split(":")[1]);
  const env = {
    SKYPILOT_NUM_NODES: String(num_nodes),
    SKYPILOT_NUM_GPUS_PER_NODE: String(gpus),
    SKYPILOT_NODE_RANK: "0",
  };
  let hint = "";
  try {
    readRanks(env);
  } catch (error) {
    ({ hint } = error as { hint: string });
  }
  const line = (/torchrun .*--no-python/s.exec(run)?.[0] ?? "none").replaceAll(/\s*\\\n\s*/g, " ");
  expect(hint).toContain(line);
  expect(run).toContain(`gradientAccumulationSteps=${num_nodes * gpus}`);
});

test("every file is in the table, with what was run of it", () => {
  const files = readdirSync(join(root, "deploy")).filter((name) => name !== "README.md");
  for (const name of files) expect(text("README.md")).toContain(`[${name}](${name})`);
});
