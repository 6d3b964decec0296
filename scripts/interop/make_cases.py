#!/usr/bin/env python3
"""Writes random small Qwen2.5-VL checkpoints and what transformers computes with them.

    python3 make_cases.py OUT [--count 10] [--seed 0]

OUT/<n>/ holds a checkpoint as save_pretrained writes it (even n), or with the Hub's flat config.json (odd n), some sharded,
some BF16, and one batch of rows with several images and videos: `batch.safetensors` (inputs, position ids, logits,
log-probabilities, gradients of the mean negative log-probability of the completions) and `batch.json` (loss, greedy
continuations). "hf5" is transformers' own forward and generate; "classic" is the same forward with the position ids of
transformers 4.49, computed here.
"""
import argparse
import json
import os
import random

import torch
from safetensors.torch import save_file
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

PAD, EOS, VISION_START, VISION_END, IMAGE, VIDEO, FIRST_WORD = 0, 1, 2, 3, 4, 5, 6
HEADS = [(1, 1), (6, 1), (6, 2), (6, 3), (6, 6), (4, 2), (3, 3), (2, 1), (5, 1), (8, 2)]  # query, key-value
WINDOWS = [28, 56, 84, 112, 140]
GREEDY = 8


def parts(rng, total):
    """Three non-negative integers that add up to `total`, the first positive."""
    first = rng.randint(1, total)
    second = rng.randint(0, total - first)
    return [first, second, total - first - second]


def random_config(rng, n):
    heads, kv_heads = HEADS[n % len(HEADS)]
    half = rng.randint(2, 9)
    hidden = 2 * half * heads
    vision_heads = rng.choice([1, 2, 3, 6])
    depth = rng.randint(1, 4)
    window = WINDOWS[n % len(WINDOWS)]
    merge, patch = rng.choice([(m, p) for m, p in ((2, 14), (2, 14), (1, 14), (3, 14), (2, 7), (4, 7)) if m * p <= window])
    return Qwen2_5_VLConfig(
        text_config=dict(
            vocab_size=rng.randint(50, 200), hidden_size=hidden, intermediate_size=rng.randint(9, 90),
            num_hidden_layers=rng.randint(1, 3), num_attention_heads=heads, num_key_value_heads=kv_heads,
            rms_norm_eps=rng.choice([1e-6, 1e-5]), max_position_embeddings=4096,
            rope_parameters=dict(rope_type="default", rope_theta=rng.choice([1e4, 1e6, 5e5]), mrope_section=parts(rng, half)),
            bos_token_id=PAD, eos_token_id=EOS, pad_token_id=rng.choice([None, PAD]),
        ),
        vision_config=dict(
            depth=depth, hidden_size=4 * rng.randint(1, 5) * vision_heads, intermediate_size=rng.randint(9, 60),
            num_heads=vision_heads, in_channels=rng.choice([3, 3, 1]), out_hidden_size=hidden, patch_size=patch,
            spatial_merge_size=merge, temporal_patch_size=rng.choice([2, 2, 1]), window_size=window,
            fullatt_block_indexes=sorted(rng.sample(range(depth), rng.randint(0, depth))), tokens_per_second=rng.choice([1, 2, 3, 4]),
        ),
        image_token_id=IMAGE, video_token_id=VIDEO, vision_start_token_id=VISION_START, vision_end_token_id=VISION_END,
        tie_word_embeddings=n % 3 == 0,
    )


def fill(model, generator):
    """Weights large enough that a wrong one shows: logits of standard deviation about 1, no zero biases, no unit norms."""
    for name, p in model.named_parameters():
        noise = torch.randn(p.shape, generator=generator)
        if p.ndim > 1:
            p.data = noise * p[0].numel() ** -0.5
        else:
            p.data = noise * 0.2 + (1.0 if "norm" in name or "ln_q" in name else 0.0)


def random_rows(rng, config):
    """Rows (prompt, completion) of token ids, and grids and seconds of their images and videos in order."""
    merge, vocab = config.vision_config.spatial_merge_size, config.text_config.vocab_size
    words = lambda low, high: [rng.randrange(FIRST_WORD, vocab) for _ in range(rng.randint(low, high))]
    rows, images, videos, seconds = [], [], [], []
    kinds = [["video"], ["image", "video", "image"], [], ["video", "video"]]
    for media in rng.sample(kinds, rng.randint(2, len(kinds))) + [["image"]]:
        prompt = words(0, 4)
        for kind in media:
            grid = [1 if kind == "image" else rng.randint(1, 4), merge * rng.randint(1, 7), merge * rng.randint(1, 7)]
            (images if kind == "image" else videos).append(grid)
            if kind == "video":
                seconds.append(rng.choice([0.5, 0.75, 1.0, 4 / 3, 2.0, 1 / 12, 1 / 3, 2.5]))
            features = grid[0] * grid[1] * grid[2] // merge**2
            prompt += [VISION_START] + [IMAGE if kind == "image" else VIDEO] * features + [VISION_END] + words(0, 3)
        rows.append((prompt + words(1, 5), words(2, 9)))
    return rows, images, videos, seconds


def pad(rows, side):
    length = max(map(len, rows))
    gap = [length - len(row) for row in rows]
    put = lambda row, n, value: [value] * n + row if side == "left" else row + [value] * n
    return (torch.tensor([put(row, n, PAD) for row, n in zip(rows, gap)]),
            torch.tensor([put([1] * len(row), n, 0) for row, n in zip(rows, gap)]))


def classic_positions(ids, mask, grids, seconds, vision):
    """[3, B, L] position ids as in transformers 4.49: float seconds, text goes on after the largest position."""
    images, videos, seconds = iter(grids[IMAGE]), iter(grids[VIDEO]), iter(seconds)
    out = torch.zeros(3, *ids.shape, dtype=torch.long)
    for b, row in enumerate(ids):
        kept = mask[b].nonzero()[:, 0].tolist()
        position, k = 0, 0
        while k < len(kept):
            token = row[kept[k]].item()
            if token not in (IMAGE, VIDEO):
                block = torch.full((3, 1), position)
            else:
                t, h, w = next(images if token == IMAGE else videos)
                h, w = h // vision.spatial_merge_size, w // vision.spatial_merge_size
                second = 0.0 if token == IMAGE else next(seconds)
                times = (torch.arange(t) * torch.tensor(second) * vision.tokens_per_second).long()
                block = torch.stack([times[:, None, None].expand(t, h, w), torch.arange(h)[:, None].expand(t, h, w),
                                     torch.arange(w).expand(t, h, w)]).reshape(3, -1) + position
            out[:, b, kept[k : k + block.shape[1]]] = block
            position = block.max().item() + 1
            k += block.shape[1]
    return out


def greedy_classic(model, ids, mask, position_ids, vision_inputs):
    """Greedy continuation of left padded prompts: each new token comes one after the row's largest position."""
    found = []
    following = position_ids.amax((0, 2))[None, :, None].expand(3, -1, 1)
    step = dict(input_ids=ids, position_ids=position_ids, **vision_inputs)
    cache = None
    for k in range(GREEDY):
        output = model(**step, attention_mask=mask, past_key_values=cache, use_cache=True)
        found.append(output.logits[:, -1].argmax(-1))
        cache, mask = output.past_key_values, torch.cat([mask, torch.ones_like(mask[:, :1])], 1)
        step = dict(input_ids=found[-1][:, None], position_ids=following + 1 + k)
    return torch.stack(found, 1).tolist()


def flatten_config(folder):
    """Rewrites config.json as the Hub's checkpoints have it: text fields at the top, rope_scaling, in_chans."""
    path = os.path.join(folder, "config.json")
    with open(path) as file:
        config = json.load(file)
    text = config.pop("text_config")
    rope = text.pop("rope_parameters")
    del text["layer_types"]
    config["vision_config"]["in_chans"] = config["vision_config"]["in_channels"]
    config = {"torch_dtype": config.pop("dtype"), **text, **config, "rope_theta": rope["rope_theta"],
              "rope_scaling": {"type": "mrope", "mrope_section": rope["mrope_section"]}}
    with open(path, "w") as file:
        json.dump(config, file, indent=2)


def make_case(folder, seed, n):
    rng = random.Random(1000 * seed + n)
    generator = torch.Generator().manual_seed(1000 * seed + n)
    config = random_config(rng, n)
    model = Qwen2_5_VLForConditionalGeneration(config)
    fill(model, generator)
    stored = torch.bfloat16 if n % 4 == 3 else torch.float32
    model.to(stored).save_pretrained(folder, max_shard_size="40KB" if n % 3 == 1 else "5GB")
    if n % 2:
        flatten_config(folder)
    model, report = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    assert not any(report.values()), report
    model.eval()

    rows, images, videos, seconds = random_rows(rng, config)
    side = rng.choice(["left", "right"])
    ids, mask = pad([prompt + completion for prompt, completion in rows], side)
    prompt_ids, prompt_mask = pad([prompt for prompt, _ in rows], "left")
    labels = torch.full_like(ids, -100)
    for b, (prompt, completion) in enumerate(rows):
        start = (ids.shape[1] - len(prompt) - len(completion) if side == "left" else 0) + len(prompt)
        labels[b, start : start + len(completion)] = torch.tensor(completion)

    vision = config.vision_config
    values = vision.in_channels * vision.temporal_patch_size * vision.patch_size**2
    vision_inputs = {}
    for grids, pixels_name, grid_name in ((images, "pixel_values", "image_grid_thw"), (videos, "pixel_values_videos", "video_grid_thw")):
        if grids:
            patches = sum(t * h * w for t, h, w in grids)
            vision_inputs[pixels_name] = torch.randn(patches, values, generator=generator)
            vision_inputs[grid_name] = torch.tensor(grids)
    second_per_grid = dict(second_per_grid_ts=torch.tensor(seconds)) if videos else {}
    positions = lambda ids, mask: classic_positions(ids, mask, {IMAGE: images, VIDEO: videos}, seconds, vision)
    types = lambda ids: (ids == IMAGE).int() + 2 * (ids == VIDEO).int()
    own = lambda ids: dict(mm_token_type_ids=types(ids), **second_per_grid)

    tensors = {"in.input_ids": ids, "in.attention_mask": mask, "in.labels": labels, "in.prompt_ids": prompt_ids,
               "in.prompt_mask": prompt_mask, "pos.classic.position_ids": positions(ids, mask),
               **{f"in.{name}": value for name, value in {**vision_inputs, **second_per_grid}.items()}}
    facts = {}
    for semantics, extra in (("classic", dict(position_ids=positions(ids, mask))), ("hf5", own(ids))):
        model.zero_grad(set_to_none=True)
        logits = model(input_ids=ids, attention_mask=mask, **vision_inputs, **extra).logits
        logps = logits[:, :-1].log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
        loss = -logps[labels[:, 1:] >= 0].mean()
        loss.backward()
        tensors[f"out.{semantics}.logits"], tensors[f"out.{semantics}.logprobs"] = logits.detach(), logps.detach()
        for name, p in model.named_parameters():
            if p.grad is not None:
                tensors[f"grad.{semantics}.{name}"] = p.grad
        facts[semantics] = dict(loss=loss.item())
    with torch.no_grad():
        facts["classic"]["greedy_ids"] = greedy_classic(model, prompt_ids, prompt_mask, positions(prompt_ids, prompt_mask), vision_inputs)
        generated = model.generate(input_ids=prompt_ids, attention_mask=prompt_mask, **vision_inputs, **own(prompt_ids),
                                   max_new_tokens=GREEDY, min_new_tokens=GREEDY, do_sample=False, eos_token_id=None, pad_token_id=PAD)
        facts["hf5"]["greedy_ids"] = generated[:, prompt_ids.shape[1] :].tolist()
    save_file({name: (x if x.is_floating_point() else x.int()).contiguous() for name, x in tensors.items()},
              os.path.join(folder, "batch.safetensors"))
    for name, value in (("batch", facts), ("cases", ["batch"])):
        with open(os.path.join(folder, f"{name}.json"), "w") as file:
            json.dump(value, file)
    text = config.text_config
    print(f"{n}: heads {text.num_attention_heads}/{text.num_key_value_heads} hidden {text.hidden_size} mrope {text.rope_parameters['mrope_section']} "
          f"window {vision.window_size} merge {vision.spatial_merge_size} patch {vision.patch_size} full {list(vision.fullatt_block_indexes)}/{vision.depth} "
          f"tied {config.tie_word_embeddings} {stored} {'flat' if n % 2 else 'nested'}, pad {side}, images {images}, videos {videos} at {seconds}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for n in range(args.count):
        make_case(os.path.join(args.out, str(n)), args.seed, n)


if __name__ == "__main__":
    main()
