"""The work of bench/index.ts in PyTorch with Hugging Face transformers, SDPA.

    python3 apps/gpu-check/bench/peer.py small --threads 1 --dtype bfloat16

Prints one JSON object: for each figure the least wall and CPU seconds of the repetitions. Needs torch and transformers 5.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # else waiting threads count as CPU time

import argparse  # noqa: E402
import json  # noqa: E402
import time  # noqa: E402

import torch  # noqa: E402
import transformers  # noqa: E402
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("size", nargs="?", default="small")
parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--repetitions", type=int, default=3)
parser.add_argument("--sizes", default=os.path.join(os.path.dirname(__file__), "../src/sizes.json"))
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(0)
with open(args.sizes) as file:
    size = json.load(file)[args.size]

model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(**size["config"])).to(getattr(torch, args.dtype))
config = model.config


def inputs(rows, extra):
    words = lambda n: torch.randint(0, config.text_config.vocab_size // 2, (n,)).tolist()  # noqa: E731
    patches = size["grid"][0] * size["grid"][1] * size["grid"][2]
    video = [config.video_token_id] * (patches // 4)
    start, end = config.vision_start_token_id, config.vision_end_token_id
    prompt = words(size["textBefore"] - 1) + [start] + video + [end] + words(size["textAfter"] - 1)
    ids = torch.tensor([prompt + words(extra) for _ in range(rows)])
    types = torch.zeros_like(ids)
    types[ids == config.video_token_id] = 2
    return {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": types,
        "pixel_values_videos": torch.randn(patches, 1176).to(model.dtype).repeat(rows, 1),
        "video_grid_thw": torch.tensor([size["grid"]] * rows),
        "second_per_grid_ts": torch.ones(rows),
    }


def timed(run, repetitions=args.repetitions):
    run()
    best = {"seconds": float("inf"), "cpuSeconds": float("inf")}
    for _ in range(repetitions):
        start, cpu = time.perf_counter(), time.process_time()
        run()
        best["cpuSeconds"] = min(best["cpuSeconds"], time.process_time() - cpu)
        best["seconds"] = min(best["seconds"], time.perf_counter() - start)
    return best


rows, tokens = size["batch"], size["decode"]["tokens"]
figures = {}
model.eval()
with torch.no_grad():
    for count in (1, rows):
        prompts = inputs(count, 0)
        figures[f"forward of {count}"] = timed(lambda: model(**prompts, use_cache=False))
    options = {"max_new_tokens": tokens, "min_new_tokens": tokens, "do_sample": False, "pad_token_id": 0}
    figures[f"generate {rows} x {tokens}"] = timed(lambda: model.generate(**prompts, **options))
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
whole = inputs(rows, size["completion"])
labels = whole["input_ids"].clone()
labels[:, : -size["completion"]] = -100


def step():
    optimizer.zero_grad(set_to_none=True)
    model(**whole, labels=labels, use_cache=False).loss.backward()
    optimizer.step()


figures[f"training step of {rows}"] = timed(step)
versions = f"torch {torch.__version__}, transformers {transformers.__version__}"
print(json.dumps({"size": args.size, "dtype": args.dtype, "engine": versions, "threads": args.threads, "figures": figures}))
