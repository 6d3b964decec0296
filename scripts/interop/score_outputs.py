"""Scores outputs by the real lmms-eval 0.7.3 and VLMEvalKit e8e78f0: CASES/cases.json -> CASES/scores.json.

usage: score_outputs.py CASES LMMS_EVAL VLMEVALKIT   (folders that hold the packages lmms_eval and vlmeval)

Wants numpy, pandas, openpyxl, xlsxwriter, pyyaml, loguru, Levenshtein and num2words; all else that the two import is replaced.
"""

import importlib
import json
import math
import os
import sys
import tempfile
from pathlib import Path

import pandas as pd
from lmms_readers import lmms_readers
from real_packages import Replacer
from vlm_readers import vlm_readers


def through_xlsx(values):
    """What VLMEvalKit's default files make of a column; one text more keeps it from being read as numbers."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/predictions.xlsx"
        options = {"options": {"strings_to_formulas": False}}
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as writer:
            pd.DataFrame({"prediction": [*values, "a text"]}).to_excel(writer, index=False)
        return pd.read_excel(path)["prediction"].tolist()[:-1]


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def cell(read, *arguments):
    try:
        score, extracted, *status = read(*arguments)
        return plain([score, extracted, status[0] if status else "ok"])
    except Exception as error:  # what ends the harness
        return [None, None, f"error:{type(error).__name__}"]


def main(cases, lmms_eval, vlmevalkit):
    given = json.loads((cases / "cases.json").read_text())
    outputs = given["outputs"]
    replies = through_xlsx(outputs)
    sys.meta_path.append(Replacer())
    os.environ.setdefault("HF_HOME", tempfile.gettempdir())
    lmms = lmms_readers(lmms_eval)
    strip = importlib.import_module("lmms_eval.api.reasoning").strip_reasoning_tags
    stripped = [strip(output, [["<think>", "</think>"], ["<analysis>", "</analysis>"]]) for output in outputs]
    vlm = vlm_readers(vlmevalkit)
    scored = []
    for item in given["items"]:
        result = {"id": item["id"], "lmms-eval": [cell(lmms[item["benchmark"]], item, output) for output in outputs]}
        if item["benchmark"] in vlm:
            read = vlm[item["benchmark"]]
            pairs = zip(replies, outputs)
            takes_both = item["benchmark"] == "tempcompass"
            result["vlmevalkit"] = [cell(read, item, *((reply, output) if takes_both else (reply,))) for reply, output in pairs]
        scored.append(result)
    replies = [reply if isinstance(reply, str) else None for reply in replies]
    (cases / "scores.json").write_text(json.dumps({"stripped": stripped, "replies": replies, "scored": scored}))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
