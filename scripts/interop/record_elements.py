"""What qwen-vl-utils makes of message elements: windows, counts, limits of pixels, sizes.

usage: record_elements.py FOLDER_OF_VIDEOS OUT.json

Needs qwen-vl-utils 0.0.14 with decord. Writes one case for each element: the indices and the sampled rate of `fetch_video`, and the
size it resizes to; or the error. Only files of which decord returns the frames asked for take part. Then lists of frames, drawn by
a formula, in a size that the extra resize of single frames to multiples of 56 leaves alone.
"""

import json
import os
import random
import sys
import tempfile
from importlib.metadata import version

os.environ["FORCE_QWENVL_VIDEO_READER"] = "decord"
import numpy as np
from PIL import Image
from qwen_vl_utils.vision_process import _read_video_decord, fetch_video

folder, out = sys.argv[1:]
files = ["h264-bt709.mp4", "odd-444.mp4", "odd-height.webm", "rot90.mp4", "hevc-10bit-bt709.mkv"]
written = [
    {},
    {"nframes": 5},
    {"nframes": 1000},
    {"fps": 4},
    {"fps": 1, "max_frames": 3},
    {"fps": 0.5, "min_frames": 9},
    {"min_frames": 8, "max_frames": 7},
    {"max_frames": 6},
    {"video_start": 1},
    {"video_end": 1},
    {"video_start": 0.52, "video_end": 1.3, "nframes": 4},
    {"video_start": -3, "video_end": 1e6},
    {"video_start": 1e6},
    {"video_start": 0.5, "video_end": 0.53},
    {"video_start": 0, "video_end": 0},
    {"video_start": 0.5, "video_end": 0.61, "nframes": 8},
    {"min_pixels": 3136, "max_pixels": 50176},
    {"max_pixels": 401408},
    {"max_pixels": 50176},
    {"min_pixels": 200704},
    {"min_pixels": 200704, "max_pixels": 200704},
    {"max_pixels": 10_000_000, "min_pixels": 602112},
    {"total_pixels": 2_000_000, "nframes": 16},
    {"total_pixels": 1000, "nframes": 16, "min_pixels": 3136},
    {"total_pixels": 20_000_000, "max_pixels": 151200},
    {"resized_height": 100, "resized_width": 200},
    {"resized_height": 1, "resized_width": 20},
    {"resized_height": 280, "resized_width": 420, "max_pixels": 3136, "min_pixels": 3136},
    {"resized_height": 1, "resized_width": 300},
]
rng = random.Random(15)
for _ in range(40):
    start, end = round(rng.uniform(-0.5, 4.5), 3), round(rng.uniform(0, 5), 3)
    window = rng.choice([{"video_start": start}, {"video_end": end}, {"video_start": start, "video_end": end}])
    written.append({**window, **rng.choice([{}, {"nframes": rng.randrange(2, 24)}, {"fps": round(rng.uniform(0.3, 30), 2)}])})


def case(file, element):
    ele = {"video": os.path.join(folder, file), **element}
    try:
        _read_video_decord(ele)  # fetch_video hides its errors behind those of the reader it tries next
        (video, metadata), sample_fps = fetch_video(ele, return_video_sample_fps=True, return_video_metadata=True)
    except (ValueError, AssertionError) as error:
        return {"file": file, "element": element, "error": str(error)}
    indices = [int(i) for i in metadata["frames_indices"]]
    return {"file": file, "element": element, "indices": indices, "sampleFps": sample_fps, "size": list(video.shape[-2:])}


def draw(frame, height=112, width=168):
    """The value of channel c at (y, x) is 3 x^2 + 7 x y + 5 y^2 + 50 c + 40 frame modulo 251."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((3 * x * x + 7 * x * y + 5 * y * y + 50 * c + 40 * frame) % 251).astype(np.uint8)


def list_case(count, element):
    with tempfile.TemporaryDirectory() as place:
        paths = [os.path.join(place, f"{i}.png") for i in range(count)]
        for i, path in enumerate(paths):
            Image.fromarray(draw(i)).save(path)
        (video, metadata), sample_fps = fetch_video(
            {"video": paths, **element}, return_video_sample_fps=True, return_video_metadata=True
        )
    frames = video.round().to(int).numpy()  # [F, 3, h, w]
    middle = frames[:, :, frames.shape[2] // 2]
    return {
        "count": count,
        "element": element,
        "frames": len(frames),
        "sampleFps": sample_fps,
        "size": list(video.shape[-2:]),
        "middleRows": [row.T.flatten().tolist() for row in middle[[0, -1]]],
    }


lists = [list_case(count, element) for count, element in [(1, {}), (4, {"sample_fps": 1.5}), (5, {"sample_fps": 4, "raw_fps": 25})]]
cases = [case(file, element) for file in files for element in written]
source = {"repo": "QwenLM/Qwen3-VL qwen-vl-utils", "recordedWith": {n: version(n) for n in ("qwen-vl-utils", "decord", "torch", "torchvision")}}
with open(out, "w") as f:
    f.write('{\n"source": ' + json.dumps(source) + ',\n"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n],\n")
    f.write('"lists": [\n' + ",\n".join(json.dumps(c) for c in lists) + "\n]\n}\n")
print(len(cases), "cases,", sum("error" in c for c in cases), "errors")
