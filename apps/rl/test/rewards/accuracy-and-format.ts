import type { RewardFunction } from "../../src/rewards/reward-function.ts";

const reward: RewardFunction = ({ accuracy, format }) => accuracy + format;
export default reward;
