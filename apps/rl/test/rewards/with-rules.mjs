import { wordErrorRate } from "@videor1/rewards";

console.log("imported");
export default async ({ completion, solution }) => 1 - wordErrorRate(solution, completion);
