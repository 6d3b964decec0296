"""The step of bench/model.ts in PyTorch, for comparison on the same core: needs torch >= 1.13.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MALLOC_TRIM_THRESHOLD_=1000000000 MALLOC_MMAP_THRESHOLD_=1000000000 \
        python3 packages/engine/bench/peer.py

The two malloc settings keep freed activations mapped; without them each step faults them in again.
"""

import json
import math
import resource

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)

HIDDEN, LAYERS, HEADS, KV_HEADS, INTER, VOCABULARY, ROWS, TOKENS = 128, 3, 4, 2, 320, 130, 32, 62
V_HIDDEN, V_LAYERS, V_HEADS, V_INTER, PATCH, PATCHES, MERGE = 64, 2, 4, 128, 1176, 2048, 4
HEAD_DIM, V_HEAD_DIM = HIDDEN // HEADS, V_HIDDEN // V_HEADS

params = {}


def weight(name, *shape):
    if name not in params:
        params[name] = (torch.randn(*shape) * 0.7 / math.sqrt(shape[-1])).requires_grad_()
    return params[name]


def dense(x, name, in_size, out_size, bias=False):
    return F.linear(x, weight(f"{name}.weight", out_size, in_size), weight(f"{name}.bias", out_size) if bias else None)


def norm(x, name):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * weight(name, x.shape[-1])


def tables(*shape):
    angles = torch.randn(*shape)
    angles = torch.cat([angles, angles], -1)[:, :, None]
    return angles.cos(), angles.sin()


def rotate(x, table):
    half = x.shape[-1] // 2
    return x * table[0] + torch.cat([-x[..., half:], x[..., :half]], -1) * table[1]


pixels = torch.randn(PATCHES, PATCH)
vision_table = tables(1, PATCHES, V_HEAD_DIM // 2)
text_table = tables(ROWS, TOKENS, HEAD_DIM // 2)
ids = torch.randint(0, VOCABULARY, (ROWS * TOKENS,))
image_of = torch.randint(0, PATCHES // MERGE, (ROWS * TOKENS,))
lower = torch.tril(torch.ones(TOKENS, TOKENS, dtype=torch.bool))


def attend(q, k, v, causal):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return (scores.masked_fill(~lower, float("-inf")) if causal else scores).softmax(-1) @ v


def vision_block(x, layer):
    name = f"v{layer}."
    qkv = dense(norm(x, name + "norm1"), name + "qkv", V_HIDDEN, 3 * V_HIDDEN, True)
    q, k, v = qkv.view(1, PATCHES, 3, V_HEADS, V_HEAD_DIM).unbind(2)
    q, k = rotate(q, vision_table), rotate(k, vision_table)
    window = [4, 16][layer % 2]
    q, k, v = (t.reshape(PATCHES // window, window, V_HEADS, V_HEAD_DIM).transpose(1, 2) for t in (q, k, v))
    a = attend(q, k, v, False).transpose(1, 2).reshape(PATCHES, V_HIDDEN)
    h = x + dense(a, name + "proj", V_HIDDEN, V_HIDDEN, True)
    n = norm(h, name + "norm2")
    gate, up = (dense(n, name + part, V_HIDDEN, V_INTER, True) for part in ("gate", "up"))
    return h + dense(F.silu(gate) * up, name + "down", V_INTER, V_HIDDEN, True)


def text_block(x, layer):
    name = f"t{layer}."
    n = norm(x, name + "norm1")
    project = lambda part, heads: dense(n, name + part, HIDDEN, heads * HEAD_DIM, True).view(ROWS, TOKENS, heads, HEAD_DIM)
    q = rotate(project("q", HEADS), text_table).transpose(1, 2)
    k = rotate(project("k", KV_HEADS), text_table).transpose(1, 2).repeat_interleave(HEADS // KV_HEADS, 1)
    v = project("v", KV_HEADS).transpose(1, 2).repeat_interleave(HEADS // KV_HEADS, 1)
    a = attend(q, k, v, True).transpose(1, 2).reshape(ROWS, TOKENS, HIDDEN)
    h = x + dense(a, name + "o", HIDDEN, HIDDEN)
    m = norm(h, name + "norm2")
    return h + dense(F.silu(dense(m, name + "gate", HIDDEN, INTER)) * dense(m, name + "up", HIDDEN, INTER), name + "down", INTER, HIDDEN)


def loss():
    patches = dense(pixels, "patch", PATCH, V_HIDDEN)
    for layer in range(V_LAYERS):
        patches = vision_block(patches, layer)
    merged = dense(patches.reshape(PATCHES // MERGE, V_HIDDEN * MERGE), "merger", V_HIDDEN * MERGE, HIDDEN, True)
    embedded = F.embedding(ids, weight("embedding", VOCABULARY, HIDDEN))
    first = embedded[: PATCHES // MERGE] + merged
    x = (embedded + first[image_of]).view(ROWS, TOKENS, HIDDEN)
    for layer in range(LAYERS):
        x = text_block(x, layer)
    logits = norm(x, "norm").view(-1, HIDDEN) @ params["embedding"].t()
    return -F.log_softmax(logits, -1).gather(1, ids[:, None]).mean()


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1e3 * (usage.ru_utime + usage.ru_stime)


def best_ms(run, rounds=15):
    best = math.inf
    for _ in range(rounds):
        start = cpu_ms()
        run()
        best = min(best, cpu_ms() - start)
    return round(best)


loss()
optimizer = torch.optim.AdamW(params.values(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.01, foreach=True)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss().backward()
    optimizer.step()


@torch.no_grad()
def forward():
    loss()


for _ in range(3):
    step()
print(json.dumps({"torch": torch.__version__, "stepMs": {"forward": best_ms(forward), "step": best_ms(step)}}))
