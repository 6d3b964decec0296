export { RunFileError } from "@videor1/runs";
