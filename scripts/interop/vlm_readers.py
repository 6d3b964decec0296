"""VLMEvalKit e8e78f0's exact matching by benchmark, as (item, reply of its file) -> score, extracted[, status]."""

import importlib
import json
import math
import sys
import types
from unittest.mock import MagicMock

import pandas as pd
from real_packages import Replaced, bare_package, listed


def vlm_readers(folder):
    for name in ("vlmeval", "vlmeval.dataset", "vlmeval.dataset.utils", "vlmeval.dataset.utils.spatial_bench", "vlmeval.smp", "vlmeval.utils"):
        bare_package(name, folder / name.replace(".", "/"))
    smp = sys.modules["vlmeval.smp"]
    misc = importlib.import_module("vlmeval.smp.misc")
    for name in ("cn_string", "process_punctuation", "listinstr", "istype", "d2df"):
        setattr(smp, name, getattr(misc, name, MagicMock()))
    for name in ("load", "dump", "get_logger"):
        setattr(smp, name, MagicMock())
    sys.modules["vlmeval.smp.file"] = Replaced("vlmeval.smp.file")
    sys.modules["vlmeval.smp.log"] = Replaced("vlmeval.smp.log")
    sys.modules["vlmeval.smp.vlm"] = Replaced("vlmeval.smp.vlm")
    sys.modules["vlmeval.dataset.utils.judge_util"] = Replaced("vlmeval.dataset.utils.judge_util")
    sys.modules["vlmeval.dataset.utils.spatial_bench.llm_extract"] = Replaced("llm_extract")
    sys.modules["vlmeval.dataset.utils.spatial_bench.tools.files"] = Replaced("files")
    utils = sys.modules["vlmeval.utils"]
    matching = importlib.import_module("vlmeval.utils.matching_util")
    for name in ("can_infer", "can_infer_lego", "can_infer_option", "can_infer_text"):
        setattr(utils, name, getattr(matching, name))
    utils.track_progress_rich = MagicMock()

    class Base:
        pass

    for name, members in (("video_base", ["VideoBaseDataset"]), ("video_concat_dataset", ["ConcatVideoDataset"])):
        module = types.ModuleType(f"vlmeval.dataset.{name}")
        for member in members:
            setattr(module, member, Base)
        sys.modules[f"vlmeval.dataset.{name}"] = module
    smp.__getattr__ = lambda name: MagicMock(name=name)
    part = lambda name: importlib.import_module(f"vlmeval.dataset.{name}")
    scores, mme, lvb = part("utils.spatial_bench.cal_scores"), part("utils.videomme"), part("utils.longvideobench")
    mv, temp, holmes, yorn = part("utils.mvbench"), part("utils.tempcompass"), part("utils.videoholmes"), part("utils.yorn")
    vista, mmmu = part("utils.mathvista"), part("videommmu")

    def read_vsi(item, reply):
        gold = item["extra"]["ground_truth"]
        row = pd.DataFrame([{"prediction": str(reply), "answer": gold}])
        scored = (scores.compute_mcq_score if item["extra"].get("options") else scores.compute_na_score)(row).iloc[0]
        extracted = scored["pred_extracted"]
        missing = not isinstance(extracted, str) and (extracted is None or "hit" in scored or math.isnan(extracted))
        score = scored["hit"] if "hit" in scored else scored["MRA:.5:.95:.05"]
        return float(score), None if missing else extracted if isinstance(extracted, str) else float(extracted)

    def read_mmmu(item, reply):
        record = {**item["extra"], "options": json.dumps(item["extra"]["options"]), "prediction": reply}
        if record.get("question_type") is None and item["groups"]["task"] != "Adaptation":
            record["question_type"] = "multiple-choice"
        record["question_type"] = record.get("question_type") or "None"
        try:
            parsed = mmmu.process_results(record)["parsed_pred"]
        except AttributeError:
            return None, None, "error:AttributeError"
        if parsed == "API Error":
            return None, "API Error", "dropped"
        text = through_one(str(listed(parsed)) if isinstance(parsed, list) else parsed)
        sample = {**record, "parsed_pred": text}
        return mmmu.evaluate_mmmu([sample])[1]["acc"] / 100, text

    def through_one(text):
        return text  # the list's text has no character that a file changes, and is never empty

    def read_mv(item, reply):
        if not isinstance(reply, str):
            return None, None, "dropped"
        if "Failed to obtain answer via API." in reply:
            return -1, None
        record = item["extra"]
        options, answer = record["candidates"], record["answer"]
        place = max(i for i, option in enumerate(options) if option == answer)
        line = {"prediction": reply, "question": record["question"], "answer": answer}
        for i, option in enumerate(options):
            line[chr(ord("A") + i)] = option
            if option == line["answer"]:
                line["answer"] = chr(ord("A") + i)
        return int(mv.check_ans_with_model(reply, f"({chr(ord('A') + place)}) {answer}", None, line, "MVBench")), None

    def read_temp(item, reply, output):
        record, task = item["extra"], item["groups"]["task"]
        if task == "captioning":
            return None, None, "judge"
        question, *candidates = record["question"].split("\n")
        prediction = reply if isinstance(reply, str) else output
        line = {"prediction": prediction, "answer": record["answer"], "question": question, "candidates": str(candidates), "task_type": task}
        rate = temp.evaluate_tempcompass_YorN if task == "yes_no" else temp.evaluate_tempcompass_mcq
        return rate(None, line)["rating"], None

    def first_letter(module, item, reply, gold):
        text = str(reply)
        letter = module.extract_characters_regex(text)
        if letter == "":
            letter = module.extract_option(None, {"question": item["extra"]["question"], "prediction": reply}, "x")
        return int(letter == gold), None

    def read_vista(item, reply):
        record = item["extra"]
        line = {**record, "prediction": reply, "choices": str(record["choices"]), "answer_option": item["gold"]}
        found = vista.post_check(line, prefetch=True)
        res = found if found else math.nan
        right = vista.post_check({**line, "res": res}, prefetch=False)
        return int(bool(right)), (found or None), "ok" if found else "judge"

    def read_pope(item, reply):
        said = yorn.YOrN_Extraction(str(reply))
        return int(said.lower() == item["extra"]["answer"]), said

    readers = {
        "vsi-bench": read_vsi,
        "video-mme": lambda item, reply: first_letter(mme, item, reply, item["extra"]["answer"]),
        "mvbench": read_mv,
        "video-mmmu": read_mmmu,
        "tempcompass": read_temp,
        "longvideobench": lambda item, reply: first_letter(lvb, item, reply, item["gold"]),
        "video-holmes": lambda item, reply: (int(holmes.extract_option(str(reply)) == item["gold"]), None),
        "pope": read_pope,
        "mathvista": read_vista,
    }
    return readers
