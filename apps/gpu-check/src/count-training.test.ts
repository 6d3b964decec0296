import { expect, test } from "vitest";
import { countTraining, kernelsOf } from "./count-training.ts";

const whyNot = await import("@videor1/tfjs-backend-torch").then(
  () => "",
  (error: Error) => ` (skipped: ${error.message})`,
);
const lengths = [8, 8, 8, 8, 8, 8, 8, 8];

test.skipIf(whyNot)(
  `a pass with gradients launches at most half of the 2,452 kernels that it did, and its backward half writes nothing from the host${whyNot}`,
  async () => {
    const { whole, forward } = await countTraining({ recompute: false, lengths });
    expect(kernelsOf(whole)).toBeLessThanOrEqual(2452 / 2);
    expect(whole.hostWrites).toBe(forward.hostWrites);
    expect(forward.hostWrites).toBeLessThanOrEqual(12);
    const names = whole.kernels.map(({ name }) => name);
    expect(names).toContain("aten::_flash_attention_backward");
    expect(names).not.toContain("aten::scaled_dot_product_attention");
  },
);

test.skipIf(whyNot)(
  `recomputation adds a forward pass and no more; completions of unequal length add nothing to a layer${whyNot}`,
  async () => {
    const { whole, forward } = await countTraining({ recompute: true, lengths: [8, 1, 5, 3, 2, 7, 1, 4] });
    const kept = await countTraining({ recompute: false, lengths });
    expect(whole.hostWrites).toBe(forward.hostWrites);
    expect(kernelsOf(whole)).toBeLessThanOrEqual(kernelsOf(kept.whole) + kernelsOf(forward) + 60);
  },
);
