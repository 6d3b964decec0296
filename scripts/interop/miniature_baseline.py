#!/usr/bin/env python3
"""CPU seconds of transformers (float32) on the miniature's training step and generation: the peer of time-miniature.ts.

    python3 miniature_baseline.py [--threads 1] [--repetitions 9] [--attention sdpa]

Shapes and work stand in miniature.json. A step is forward, mean negative log-probability of the completion tokens, backward,
clipping at norm 1 and AdamW; generation samples at temperature 1. CPU seconds are those of the process, all threads.
"""
import argparse
import json
import os
import pathlib
import statistics
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--repetitions", type=int, default=9)
parser.add_argument("--attention", default="sdpa")
args = parser.parse_args()
# Before torch is imported: the BLAS of some builds ignores torch.set_num_threads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(args.threads)

import torch  # noqa: E402
import transformers  # noqa: E402

torch.set_num_threads(args.threads)
SPEC = json.loads((pathlib.Path(__file__).parent / "miniature.json").read_text())
START, END, VIDEO = (SPEC["config"][f"{name}_token_id"] for name in ("vision_start", "vision_end", "video"))


def inputs(prompts, each, completion):
    """`prompts` prompts with a video, each `each` times, each followed by `completion` tokens."""
    t, h, w = SPEC["video_grid"]
    words = lambda n: torch.randint(0, SPEC["words"], (prompts, n))
    video = torch.tensor([START] + [VIDEO] * (t * h * w // 4) + [END]).expand(prompts, -1)
    ids = torch.cat([words(SPEC["text_before"]), video, words(SPEC["text_after"])], 1)
    ids = torch.cat([ids.repeat_interleave(each, 0), torch.randint(0, SPEC["words"], (prompts * each, completion))], 1)
    rows = len(ids)
    return dict(input_ids=ids, attention_mask=torch.ones_like(ids), mm_token_type_ids=2 * (ids == VIDEO).int(),
                pixel_values_videos=torch.randn(prompts, t * h * w, 1176).repeat_interleave(each, 0).flatten(0, 1),
                video_grid_thw=torch.tensor([[t, h, w]] * rows), second_per_grid_ts=torch.ones(rows))


def trainer(model, prompts, completions_each, tokens, **_):
    batch = inputs(prompts, completions_each, tokens)
    labels = batch["input_ids"].clone()
    labels[:, :-tokens] = -100
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(**batch, labels=labels, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


def generator(model, prompts, completions_each, tokens, **_):
    batch = inputs(prompts, 1, 0)
    return lambda: model.generate(**batch, num_return_sequences=completions_each, max_new_tokens=tokens, do_sample=True,
                                  temperature=1.0, top_k=0, top_p=1.0, eos_token_id=None, pad_token_id=0)


def cpu_seconds(run):
    run()
    times = []
    for _ in range(args.repetitions):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return dict(best=min(times), median=statistics.median(times))


def main():
    torch.manual_seed(0)
    config = transformers.Qwen2_5_VLConfig(**SPEC["config"])
    model = transformers.Qwen2_5_VLForConditionalGeneration._from_config(config, attn_implementation=args.attention)
    table = {work["name"]: cpu_seconds(trainer(model.train(), **work)) for work in SPEC["train"]}
    with torch.no_grad():
        table[SPEC["generate"]["name"]] = cpu_seconds(generator(model.eval(), **SPEC["generate"]))
    for name, seconds in table.items():
        print(f"{name}: CPU s best {seconds['best']:.4f} median {seconds['median']:.4f}")
    versions = dict(torch=torch.__version__, transformers=transformers.__version__, threads=args.threads)
    print(json.dumps(dict(**versions, cpu_seconds=table)))


if __name__ == "__main__":
    main()
