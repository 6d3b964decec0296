#!/usr/bin/env python3
"""LoRA adapters between PEFT and this repository, on checkpoints of make_cases.py.

    python3 adapters.py make FOLDER...      PEFT writes a random adapter of each, FOLDER/peft, and its logits
    python3 adapters.py check FOLDER...     PEFT loads what compare-adapters.ts saved: FOLDER/ours and FOLDER/merged

Every adapter must move the logits: PEFT passes over keys that it does not know. The exit code is 1 if some logit is off.
"""
import json
import os
import sys
import warnings

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import Qwen2_5_VLForConditionalGeneration

TOLERANCE = 1e-4
LEAVES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def load(folder):
    return Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()


def batch_of(folder):
    name = json.load(open(os.path.join(folder, "cases.json")))[0]
    return load_file(os.path.join(folder, f"{name}.safetensors"))


def logits_of(model, batch):
    names = ["input_ids", "attention_mask", "pixel_values", "pixel_values_videos", "image_grid_thw", "video_grid_thw"]
    inputs = {name: batch[f"in.{name}"] for name in names if f"in.{name}" in batch}
    inputs = {name: x if x.is_floating_point() else x.long() for name, x in inputs.items()}
    with torch.no_grad():
        return model(**inputs, position_ids=batch["pos.classic.position_ids"].long()).logits


def make(folder, n):
    torch.manual_seed(n)
    leaves = LEAVES if n % 2 == 0 else LEAVES[: 1 + n % 7]
    pattern = rf".*language_model\.layers\.\d+\.(self_attn|mlp)\.({'|'.join(leaves)})"
    config = LoraConfig(r=1 + 3 * n, lora_alpha=5, use_rslora=n % 3 == 1, target_modules=pattern, task_type="CAUSAL_LM")
    model = get_peft_model(load(folder), config).eval()
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    model.save_pretrained(os.path.join(folder, "peft"))
    save_file({"logits": logits_of(model, batch_of(folder)).contiguous()}, os.path.join(folder, "peft", "logits.safetensors"))


def check(folder):
    """Largest differences of the logits where there is no padding: our adapter in PEFT, PEFT's merged, ours merged."""
    batch = batch_of(folder)
    seen = batch["in.attention_mask"] == 1
    difference = lambda a, b: (a - b)[seen].abs().max().item()
    ours = load_file(os.path.join(folder, "ours", "logits.safetensors"))["logits"]
    base = load(folder)
    plain = logits_of(base, batch)
    assert difference(plain, ours) > 1e-2, f"{folder}: our adapter moves no logits"
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="(?s).*(missing|unexpected)")  # keys: a warning in PEFT
        adapted = PeftModel.from_pretrained(base, os.path.join(folder, "ours")).eval()
    found = {"adapter": difference(logits_of(adapted, batch), ours)}
    found["merged by PEFT"] = difference(logits_of(adapted.merge_and_unload(), batch), ours)
    found["merged by us"] = difference(logits_of(load(os.path.join(folder, "merged")), batch), ours)
    return found


def main():
    torch.set_num_threads(1)
    command, *folders = sys.argv[1:]
    off = 0
    for n, folder in enumerate(folders):
        if command == "make":
            make(folder, n)
            continue
        for what, difference in check(folder).items():
            holds = difference <= TOLERANCE
            off += not holds
            print(f"{folder}: {what}, logits {difference:.1e}{'' if holds else ' OFF'}")
    if command == "check":
        print(f"{off} are off" if off else "all within tolerance")
    sys.exit(1 if off else 0)


if __name__ == "__main__":
    main()
