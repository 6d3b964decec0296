#!/usr/bin/env python3
"""Does transformers' AutoProcessor and from_pretrained get from a folder what run-conversations.ts got from it?

    python3 check_conversations.py FOLDER OUT

Rendered texts, token ids, grids and greedy continuations must be equal, pixel values within 1e-6, logits within 1e-4.
"""
import json
import sys

import torch
from safetensors.torch import load_file
from transformers import AutoProcessor, Qwen2_5_VLForConditionalGeneration


def main():
    torch.set_num_threads(1)
    folder, out = sys.argv[1:]
    ours = load_file(f"{out}.safetensors")
    with open(f"{out}.json") as file:
        facts = json.load(file)
    processor = AutoProcessor.from_pretrained(folder)
    model, report = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    problems = []
    same = lambda what, holds: problems.append(what) if not holds else None
    same("keys", not any(report.values()))

    texts = processor.apply_chat_template(facts["messages"], tokenize=False, add_generation_prompt=True)
    same("texts", texts == facts["texts"])
    clips = [(clip, ours[f"clip.{i}"].permute(0, 3, 1, 2)) for i, clip in enumerate(facts["clips"])]
    images = [rgb[0] for clip, rgb in clips if clip["kind"] == "image"]
    videos = [rgb for clip, rgb in clips if clip["kind"] == "video"]
    metadata = [dict(total_num_frames=len(rgb), fps=clip["fps"], frames_indices=list(range(len(rgb))))
                for clip, rgb in clips if clip["kind"] == "video"]
    inputs = processor(text=texts, images=images, videos=videos, video_metadata=metadata, padding=True, padding_side="left",
                       return_tensors="pt")
    for name in ("input_ids", "attention_mask", "image_grid_thw", "video_grid_thw"):
        same(name, torch.equal(inputs[name].int(), ours[name]))
    seconds = torch.as_tensor(inputs["second_per_grid_ts"])
    same("second_per_grid_ts", torch.allclose(seconds.float(), torch.tensor(facts["secondPerGridTs"])))
    pixels = max((inputs[name] - ours[name]).abs().max().item() for name in ("pixel_values", "pixel_values_videos"))
    same("pixels", pixels <= 1e-6)
    with torch.no_grad():
        logits = (model.eval()(**inputs).logits - ours["logits"])[inputs["attention_mask"] == 1].abs().max().item()
        more = len(facts["greedyIds"][0])
        generated = model.generate(**inputs, max_new_tokens=more, min_new_tokens=more, do_sample=False, eos_token_id=None,
                                   pad_token_id=processor.tokenizer.pad_token_id)[:, inputs["input_ids"].shape[1] :]
    same("logits", logits <= 1e-4)
    same("greedy ids", generated.tolist() == facts["greedyIds"])
    same("greedy texts", processor.batch_decode(generated, skip_special_tokens=True) == facts["greedyTexts"])
    print(f"{folder}: {inputs['input_ids'].numel()} ids, pixels {pixels:.1e}, logits {logits:.1e}; OFF: {', '.join(problems) or 'nothing'}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
