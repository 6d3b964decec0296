"""CPU seconds and peak memory of one reader that takes evenly spread frames of a video.

usage: read_frames.py decord|torchcodec|pyav|fetch_video:decord|fetch_video:torchcodec FILE NFRAMES

Prints one JSON line: seconds (user and system, of the second of two reads), megabytes (peak of the process) and a hash of the frames.
"""

import hashlib
import json
import os
import resource
import sys

os.environ["OMP_NUM_THREADS"] = "1"
reader, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])

import numpy as np


def spread(total):
    import torch

    return torch.linspace(0, total - 1, count).round().long().tolist()


def with_decord():
    video = decord.VideoReader(path, num_threads=1)
    return video.get_batch(spread(len(video))).asnumpy()


def with_torchcodec():
    video = VideoDecoder(path, num_ffmpeg_threads=1, dimension_order="NHWC")
    return video.get_frames_at(spread(video.metadata.num_frames)).data.numpy()


def with_pyav():
    """One seek a frame. The times are those of a constant rate, which the files of this benchmark have."""
    frames = []
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        start = stream.start_time or 0
        ticks = 1 / (stream.average_rate * stream.time_base)
        for index in spread(stream.frames):
            wanted = start + round(index * ticks)
            container.seek(wanted, stream=stream)
            for frame in container.decode(stream):
                if frame.pts >= wanted:
                    frames.append(frame.to_ndarray(format="rgb24"))
                    break
    return np.stack(frames)


def with_fetch_video():
    """What qwen-vl-utils gives the processor: frames within the pixel limits that Video-R1 trains with."""
    limits = {"min_pixels": 128 * 28 * 28, "max_pixels": 128 * 28 * 28 + 5017}
    return fetch_video({"video": path, "nframes": count, **limits}).numpy()


name, _, backend = reader.partition(":")
if name == "decord":
    import decord
elif name == "torchcodec":
    from torchcodec.decoders import VideoDecoder
elif name == "pyav":
    import av
elif name == "fetch_video":
    os.environ["FORCE_QWENVL_VIDEO_READER"] = backend
    from qwen_vl_utils import fetch_video
import torch

torch.set_num_threads(1)
read = {"decord": with_decord, "torchcodec": with_torchcodec, "pyav": with_pyav, "fetch_video": with_fetch_video}[name]

for _ in range(2):
    before = resource.getrusage(resource.RUSAGE_SELF)
    frames = read()
    after = resource.getrusage(resource.RUSAGE_SELF)
seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
digest = hashlib.sha256(np.ascontiguousarray(frames)).hexdigest()[:12]
print(json.dumps({"seconds": seconds, "megabytes": after.ru_maxrss / 1024, "hash": digest}))
