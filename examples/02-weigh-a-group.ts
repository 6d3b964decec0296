/**
 * What the temporal reward makes of one group. T-GRPO's bonus, one constant for all right answers, changes their rewards and
 * cancels in the advantages: they are GRPO's. The bonus of order contrast differs within the group and stays.
 *
 *     npm run example -- 2
 *
 *     p 0.5, p~ 0.5, fired true
 *     tgrpo
 *       bonus      0.300  0.300  0.000  0.000
 *       reward     2.300  2.300  1.000  1.000
 *       advantage  0.866  0.866 -0.866 -0.866
 *     none
 *       bonus      0.000  0.000  0.000  0.000
 *       reward     2.000  2.000  1.000  1.000
 *       advantage  0.866  0.866 -0.866 -0.866
 *     contrast
 *       bonus      0.210  0.022  0.000  0.000
 *       reward     2.210  2.022  1.000  1.000
 *       advantage  1.004  0.715 -0.860 -0.860
 */
import { contrastDefaults, presets, type RolloutGroup, scoreGroup, type TemporalOptions } from "@videor1/tgrpo";

const rollout = (accuracy: number, contrast = 0) => ({
  completionIds: new Int32Array(90),
  accuracy,
  format: 1,
  contrast,
});
const group: RolloutGroup = {
  kind: "video",
  ordered: [rollout(1, 3), rollout(1, 0.5), rollout(0), rollout(0)], // contrast: nats that the order of the frames adds
  shuffled: [rollout(1), rollout(0)], // frames permuted
};
const { p, pShuffled, fired } = scoreGroup(group, presets.neurips).temporal;
console.log(`p ${p}, p~ ${pShuffled}, fired ${fired}`);

const kinds: TemporalOptions[] = [presets.neurips.temporal, { kind: "none" }, contrastDefaults];
for (const temporal of kinds) {
  const score = scoreGroup(group, { ...presets.neurips, temporal });
  const lists = { bonus: score.temporal.bonus, reward: score.rewards, advantage: score.advantages };
  console.log(temporal.kind);
  for (const [name, values] of Object.entries(lists))
    console.log(`  ${name.padEnd(9)} ${values.map((value) => value.toFixed(3).padStart(6)).join(" ")}`);
}
