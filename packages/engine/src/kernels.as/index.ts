export { segmentSum } from "./segment-sum";
