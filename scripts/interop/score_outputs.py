"""Scores outputs by the real lmms-eval 0.7.3 and VLMEvalKit e8e78f0: CASES/cases.json -> CASES/scores.json.

usage: score_outputs.py CASES LMMS_EVAL VLMEVALKIT   (folders that hold the packages lmms_eval and vlmeval)

Wants numpy, pandas, openpyxl, xlsxwriter, pyyaml, loguru, Levenshtein and num2words; all else that the two import is replaced.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import math
import os
import sys
import tempfile
import types
from pathlib import Path
from unittest.mock import MagicMock

import pandas as pd


class Replaced(types.ModuleType):
    """A module that is not installed: any name is something that can be called."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{self.__name__}.{name}")


class Replacer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Replaced(spec.name)

    def exec_module(self, module):
        pass


def bare_package(name, folder):
    """A package without its __init__, which would import half of the world."""
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package


def through_xlsx(values):
    """What VLMEvalKit's default files make of a column; one text more keeps it from being read as numbers."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/predictions.xlsx"
        options = {"options": {"strings_to_formulas": False}}
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as writer:
            pd.DataFrame({"prediction": [*values, "a text"]}).to_excel(writer, index=False)
        return pd.read_excel(path)["prediction"].tolist()[:-1]


def listed(answer):
    return sorted(answer, key=str) if isinstance(answer, list) else answer


RANDOM = "?random"


def load(folder, name):
    return importlib.import_module(name)


def lmms_readers(folder):
    bare_package("lmms_eval", folder / "lmms_eval")
    bare_package("lmms_eval.tasks", folder / "lmms_eval/tasks")
    for replaced in ("lmms_eval.llm_judge", "lmms_eval.verifiers", "lmms_eval.verifiers.extractors", "lmms_eval.verifiers.openai"):
        sys.modules[replaced] = Replaced(replaced)
    task = lambda name: importlib.import_module(f"lmms_eval.tasks.{name}.utils")
    vsi, mme, mv, mmmu, mmvu = task("vsibench"), task("videomme"), task("mvbench"), task("videommmu"), task("mmvu")
    temp, lvb, ego, holmes, pope, vista = (
        task("tempcompass"), task("longvideobench"), task("egoschema"), task("video_holmes"), task("pope"), task("mathvista"),
    )
    asked = []

    def judge(*_args, **_kwargs):
        asked.append(True)
        raise RuntimeError("no judge")

    mmvu._get_pipeline = judge
    mmvu.eval_logger.remove()
    temp.get_eval_result = lambda *_: (asked.append(True), (None, 0))[1]
    vista.mathvista_evaluator.get_chat_response = lambda *_args, **_kwargs: (asked.append(True), "")[1]
    for module in (lvb, ego, holmes):
        module.random.choice = lambda _: RANDOM

    def read_vsi(item, output):
        doc = {**item["extra"]}
        vsi.vsibench_process_results(doc, [output])
        if doc["question_type"] in vsi.MCA_QUESTION_TYPES:
            return doc["accuracy"], vsi.fuzzy_matching(output)
        return float(doc["MRA:.5:.95:.05"]), vsi.extract_number(output)

    def read_mmmu(item, output):
        doc = {**item["extra"]}
        if doc.get("question_type") is None and item["groups"]["task"] != "Adaptation":
            doc["question_type"] = "multiple-choice"
        doc["question_type"] = doc.get("question_type") or "None"
        result = mmmu.videommmu_process_results(doc, [output])["mmmu_acc"]
        if result["parsed_pred"] == "API Error":
            return None, "API Error", "dropped"
        return mmmu.evaluate_videommmu([result])[1]["acc"], listed(result["parsed_pred"])

    def read_mmvu(item, output):
        result = mmvu.mmvu_process_results({**item["extra"], "video_path": item["extra"]["video"]}, [output])["accuracy"]
        return result["correct"], result["pred_answer"]

    def read_mv(item, output):
        score = mv.mvbench_process_results(item["extra"], [output])["mvbench_accuracy"]["score"]
        return (score, None, "dropped") if output == "" else (score, None)

    def read_temp(item, output):
        name = {"multi-choice": "multi_choice"}.get(item["groups"]["task"], item["groups"]["task"])
        record = {**item["extra"], "dim": item["groups"]["aspect"], "video_id": "v"}
        if item["groups"]["task"] == "captioning":
            return -1, None, "judge"
        result = getattr(temp, f"tempcompass_process_results_{name}")(record, [output])
        return result["avg_accuracy"]["rating"], None

    def read_lvb(item, output):
        record = {**item["extra"]}
        record.update({f"option{i}": text for i, text in enumerate((record["candidates"] + ["N/A"] * 5)[:5])})
        result = lvb.longvideobench_process_results(record, [output])["lvb_acc"]
        return int(result["parsed_pred"] == result["answer"]), result["parsed_pred"]

    def read_ego(item, output):
        doc = item["extra"]
        letter, _ = ego.parse_multi_choice_response(output, ego.get_multi_choice_info(doc)[1], ego.get_multi_choice_info(doc)[0])
        result = ego.egoschema_process_results_generation(doc, [output])["score"]
        return int(str(result["pred"]) == str(result["ground_truth"])), RANDOM if letter == RANDOM else result["pred"]

    def read_holmes(item, output):
        options = item["extra"]["Options"]
        letter = holmes.parse_multi_choice_response(output, sorted(options), options)
        score = holmes.video_holmes_process_results(item["extra"], [output])["video_holmes_accuracy"]["score"]
        return score, letter if letter == RANDOM else None

    def read_pope(item, output):
        result = pope.pope_process_results(item["extra"], [output])["pope_accuracy"]
        return result["score"], result["prediction"]

    def read_vista(item, output):
        record = {**item["extra"], "query": "", "choices": item["extra"]["choices"] or []}
        record["precision"] = None if record["precision"] is None else float(record["precision"])
        result = vista.mathvista_process_results(record, [output])["llm_as_judge_eval"]
        return int(result["true_false"]), result["prediction"]

    readers = {
        "vsi-bench": read_vsi,
        "video-mme": lambda item, output: (lambda r: (r["score"], r["pred_answer"]))(
            mme.videomme_process_results(item["extra"], [output])["videomme_perception_score"]
        ),
        "mvbench": read_mv,
        "video-mmmu": read_mmmu,
        "mmvu": read_mmvu,
        "tempcompass": read_temp,
        "longvideobench": read_lvb,
        "egoschema": read_ego,
        "video-holmes": read_holmes,
        "pope": read_pope,
        "mathvista": read_vista,
    }

    def reader(name):
        def read(item, output):
            asked.clear()
            score, extracted, *status = readers[name](item, output)
            if extracted == RANDOM:
                return None, None, "random"
            return score, extracted, status[0] if status else "judge" if asked else "ok"

        return read

    return {name: reader(name) for name in readers}


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
