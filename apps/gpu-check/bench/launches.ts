// What a pass with gradients would launch on a GPU, by op, counted without one: npm run launches --workspace apps/gpu-check
import { renderTable } from "@videor1/cli";
import { countTraining, kernelsOf } from "../src/count-training.ts";

const lengths = new Array<number>(8).fill(64);
const counted = [
  await countTraining({ recompute: true, lengths }),
  await countTraining({ recompute: false, lengths }),
].flatMap(({ whole, forward }) => [whole, forward]);
const names = [...new Set(counted.flatMap(({ kernels }) => kernels.map(({ name }) => name)))];
const countOf = (name: string) => counted.map(({ kernels }) => kernels.find((row) => row.name === name)?.count ?? 0);
const rows = names.map((name) => [name, ...countOf(name)]).sort((a, b) => (b[1] as number) - (a[1] as number));
rows.push(["all kernels", ...counted.map(kernelsOf)]);
rows.push(["arrays from the host", ...counted.map(({ hostWrites }) => hostWrites)]);
rows.push(["their bytes", ...counted.map(({ hostBytes }) => hostBytes)]);
const head = ["", "with recomputation", "its forward pass", "without", "its forward pass"];
console.log(
  renderTable(
    head,
    rows.map((row) => row.map(String)),
  ),
);
