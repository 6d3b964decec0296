"""lmms-eval 0.7.3's task functions by benchmark, as (item, output) -> score, extracted, status."""

import importlib
import sys

from real_packages import Replaced, bare_package, listed

RANDOM = "?random"


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
