#!/usr/bin/env python3
"""Loads in transformers what compare-cases.ts saved: no key missing or unexpected, and our logits to 1e-4.

    python3 check_saved.py FOLDER...

Each FOLDER is one that was given to compare-cases.ts. The exit code is 1 if some logit is off.
"""
import glob
import os
import sys

import torch
from safetensors.torch import load_file
from transformers import AutoConfig, Qwen2_5_VLForConditionalGeneration

TOLERANCE = 1e-4


def check(folder, batch):
    """Largest difference of the logits where there is no padding."""
    model, report = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    problems = {kind: keys for kind, keys in report.items() if keys}
    assert not problems, f"{folder}: {problems}"
    stored = AutoConfig.from_pretrained(folder).dtype
    assert (stored == torch.bfloat16) == folder.endswith("bf16"), f"{folder}: config.json says {stored}"
    names = ["input_ids", "attention_mask", "pixel_values", "pixel_values_videos", "image_grid_thw", "video_grid_thw"]
    inputs = {name: batch[f"in.{name}"] for name in names if f"in.{name}" in batch}
    inputs = {name: x if x.is_floating_point() else x.long() for name, x in inputs.items()}
    with torch.no_grad():
        logits = model.eval()(**inputs, position_ids=batch["pos.classic.position_ids"].long()).logits
    ours = load_file(os.path.join(folder, "ours.safetensors"))["logits"]
    return (logits - ours)[inputs["attention_mask"] == 1].abs().max().item()


def main():
    torch.set_num_threads(1)
    off = 0
    worst = 0.0
    for folder in sys.argv[1:]:
        batch = load_file(os.path.join(folder, "batch.safetensors"))
        for saved in sorted(glob.glob(os.path.join(folder, "saved", "*"))):
            difference = check(saved, batch)
            holds = difference <= TOLERANCE  # not if it is NaN
            off += not holds
            worst = max(worst, difference)
            print(f"{saved}: logits {difference:.1e}{'' if holds else ' OFF'}")
    print(f"{off} are off" if off else f"all within tolerance, the largest difference {worst:.1e}")
    sys.exit(1 if off else 0)


if __name__ == "__main__":
    main()
