"""The PyTorch side of the check: what the machine has, random weights, and transformers' times.

    python3 bench.py machine
    python3 bench.py weights --size 7b --device cuda:0 --folder F    writes a sharded safetensors checkpoint
    python3 bench.py bench   --size 7b --device cuda:0 --folder F    times transformers on it

A line that starts with "@@ " is a JSON record of the result; everything else is log.
"""

import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser()
parser.add_argument("what", choices=["machine", "weights", "bench"])
parser.add_argument("--size", default="tiny")
parser.add_argument("--device", default="cpu")
parser.add_argument("--folder")
parser.add_argument("--threads", type=int)
args = parser.parse_args()

import torch  # noqa: E402


def record(**fields):
    print("@@ " + json.dumps(fields), flush=True)


def machine():
    cuda = torch.cuda.is_available()
    try:
        import transformers

        version = transformers.__version__
    except ImportError:
        version = None
    record(
        machine={
            "torch": torch.__version__,
            "cuda": torch.version.cuda if cuda else None,
            "gpu": torch.cuda.get_device_name(0) if cuda else None,
            "device": "cuda:0" if cuda else "cpu",
            "transformers": version,
            "cores": os.cpu_count(),
        }
    )


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sizes.json")) as file:
    size = json.load(file)[args.size]
device = torch.device(args.device)
dtype = getattr(torch, size["dtype"])
if args.threads:
    torch.set_num_threads(args.threads)


def sync():
    if device.type == "cuda":
        torch.cuda.synchronize()


def weights():
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    torch.manual_seed(0)
    torch.set_default_dtype(dtype)
    with device:
        model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(**size["config"]))
    model.save_pretrained(args.folder, max_shard_size="4GB")
    files = [os.path.join(args.folder, name) for name in os.listdir(args.folder) if name.endswith(".safetensors")]
    record(weights={"parameters": sum(p.numel() for p in model.parameters()), "files": len(files), "bytes": sum(map(os.path.getsize, files))})


def seconds(run, repetitions):
    """Median after one run to warm up."""
    run()
    sync()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        run()
        sync()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def figure(name, value, unit):
    record(figure=name, value=value, unit=unit)


def inputs(rows, extra, config):
    """`rows` equal prompts of text, a video and text, each followed by `extra` tokens."""
    generator = torch.Generator().manual_seed(1)
    t, h, w = size["grid"]
    words = lambda n: torch.randint(0, size["config"]["text_config"]["vocab_size"] // 2, (n,), generator=generator).tolist()  # noqa: E731
    video = [config.vision_start_token_id] + [config.video_token_id] * (t * h * w // 4) + [config.vision_end_token_id]
    prompt = words(size["textBefore"] - 1) + video + words(size["textAfter"] - 1)
    ids = torch.tensor([prompt + words(extra) for _ in range(rows)], device=device)
    types = torch.zeros_like(ids)
    types[ids == config.video_token_id] = 2
    pixels = torch.randn(t * h * w, 1176, generator=generator).to(device, dtype)
    return {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": types,
        "pixel_values_videos": pixels.repeat(rows, 1),
        "video_grid_thw": torch.tensor([size["grid"]] * rows, device=device),
        "second_per_grid_ts": torch.ones(rows, device=device),
    }


def bench():
    from transformers import Qwen2_5_VLForConditionalGeneration

    start = time.perf_counter()
    model = Qwen2_5_VLForConditionalGeneration.from_pretrained(args.folder, dtype=dtype, attn_implementation="sdpa").to(device)
    sync()
    figure("load", time.perf_counter() - start, "s")
    model.eval()
    prompt = inputs(1, 0, model.config)
    repetitions = size["repetitions"]

    def generate(rows, tokens):
        model.generate(**prompt, num_return_sequences=rows, do_sample=True, top_k=0, max_new_tokens=tokens, min_new_tokens=tokens, pad_token_id=0)

    prompts = inputs(size["batch"], 0, model.config)
    with torch.no_grad():
        shape = " x ".join(map(str, prompts["input_ids"].shape))
        figure(f"forward {shape}", seconds(lambda: model(**prompts, use_cache=False), repetitions), "s")
        figure("prefill of 1 prompt", seconds(lambda: model(**prompt, use_cache=True, logits_to_keep=1), repetitions), "s")
        for rows in size["decode"]["batches"]:
            tokens = size["decode"]["tokens"]
            first, all_ = seconds(lambda: generate(rows, 1), repetitions), seconds(lambda: generate(rows, tokens + 1), repetitions)
            figure(f"generate {tokens + 1} tokens, {rows} rows", all_, "s")
            figure(f"decode, a token of {rows} rows", 1000 * (all_ - first) / tokens, "ms")
    model.train()
    if size["recompute"]:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    whole = inputs(size["batch"], size["completion"], model.config)
    labels = whole["input_ids"].clone()
    labels[:, : -size["completion"]] = -100

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6) if size["optimizer"] else None

    def step():
        model.zero_grad(set_to_none=True)
        model(**whole, labels=labels, use_cache=False).loss.backward()
        if optimizer:
            optimizer.step()

    shape = " x ".join(map(str, whole["input_ids"].shape))
    figure(f"forward + backward{' + AdamW' if optimizer else ''} {shape}", seconds(step, repetitions), "s")

    if device.type == "cuda":
        compiled(model, prompt)


def compiled(model, prompt):
    """generate with a static cache, which transformers compiles: last, because compiling takes most of a minute."""
    model.eval()
    model.gradient_checkpointing_disable()
    rows, tokens = size["decode"]["batches"][-1], size["decode"]["tokens"]

    def generate(count):
        model.generate(
            **prompt, num_return_sequences=rows, do_sample=True, top_k=0, max_new_tokens=count, min_new_tokens=count, pad_token_id=0, cache_implementation="static"
        )
        sync()

    def timed(count):
        start = time.perf_counter()
        generate(count)
        return time.perf_counter() - start

    with torch.no_grad():
        generate(tokens + 1)
        first, all_ = (min(timed(count) for _ in range(2)) for count in (1, tokens + 1))
    figure(f"decode, a token of {rows} rows, static cache compiled", 1000 * (all_ - first) / tokens, "ms")


{"machine": machine, "weights": weights, "bench": bench}[args.what]()
