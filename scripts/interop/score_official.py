"""Scores outputs by the benchmarks' own code: CASES/cases.json -> CASES/official.json.

usage: score_official.py CASES SOURCES   (a folder that holds thinking-in-space, VideoMMMU, Ask-Anything, TempCompass,
parse_answer, Video-Holmes, POPE and MathVista, checked out). Wants numpy and Levenshtein.
"""

import json
import math
import sys
from pathlib import Path

from official_readers import official_readers


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def cell(read, item, output):
    try:
        score, extracted, *status = read(item, output)
        return plain([score, extracted, status[0] if status else "ok"])
    except Exception as error:  # what ends the script
        return [None, None, f"error:{type(error).__name__}"]


def main(cases, sources):
    given = json.loads((cases / "cases.json").read_text())
    readers = official_readers(sources)
    scored = [
        {"id": item["id"], "official": [cell(readers[item["benchmark"]], item, output) for output in given["outputs"]]}
        if item["benchmark"] in readers
        else {"id": item["id"]}
        for item in given["items"]
    ]
    (cases / "official.json").write_text(json.dumps({"scored": scored}))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
