"""lmms-eval 0.7.3's aggregation by benchmark, as (items, outputs) -> what it returns and prints; after lmms_readers."""

import importlib
from collections import defaultdict

NAMES = {"multi-choice": "multi_choice"}


def lmms_aggregates():
    task = lambda name: importlib.import_module(f"lmms_eval.tasks.{name}.utils")
    vsi, mme, mv, mmmu, mmvu = task("vsibench"), task("videomme"), task("mvbench"), task("videommmu"), task("mmvu")
    temp, lvb, ego, holmes, pope, vista = (
        task("tempcompass"), task("longvideobench"), task("egoschema"), task("video_holmes"), task("pope"), task("mathvista"),
    )

    def logged(module, aggregate, results):
        lines = []
        module.eval_logger = type("Logger", (), {"info": lambda _self, line: lines.append(line)})()
        return aggregate(results), lines

    def by_task(items, results):
        groups = defaultdict(list)
        for item, result in zip(items, results):
            groups[item["groups"]["task"]].append(result)
        return groups

    def of_vsi(items, outputs):
        docs = [vsi.vsibench_process_results({**item["extra"]}, [output]) for item, output in zip(items, outputs)]
        named = {name: getattr(vsi, f"vsibench_aggregate_{name.removeprefix('vsibench_')}") for name in docs[0]}
        return {name: aggregate([doc[name] for doc in docs]) for name, aggregate in named.items()}

    def of_mme(items, outputs):
        results = [mme.videomme_process_results(i["extra"], [o])["videomme_perception_score"] for i, o in zip(items, outputs)]
        overall, lines = logged(mme, mme.videomme_aggregate_results, results)
        return {"overall": overall, "log": lines}

    def of_mv(items, outputs):
        results = [mv.mvbench_process_results(i["extra"], [o])["mvbench_accuracy"] for i, o in zip(items, outputs)]
        return {name: mv.mvbench_aggregate_results(group) for name, group in by_task(items, results).items()}

    def of_mmmu(items, outputs):
        def result(item, output):
            doc = {**item["extra"]}
            default = "None" if item["groups"]["task"] == "Adaptation" else "multiple-choice"
            doc["question_type"] = doc.get("question_type") or default
            return mmmu.videommmu_process_results(doc, [output])["mmmu_acc"]

        results = [result(i, o) for i, o in zip(items, outputs)]
        return {name: mmmu.videommmu_aggregate_results(group) for name, group in by_task(items, results).items()}

    def of_mmvu(items, outputs):
        results = [mmvu.mmvu_process_results({**i["extra"], "video_path": i["extra"]["video"]}, [o])["accuracy"] for i, o in zip(items, outputs)]
        return {"accuracy": mmvu.mmvu_aggregate_results_val(results)}

    def of_temp(items, outputs):
        groups = defaultdict(lambda: defaultdict(list))
        for item, output in zip(items, outputs):
            name = item["groups"]["task"]
            doc = {**item["extra"], "dim": item["groups"]["aspect"], "video_id": "v"}
            if name == "captioning":
                rating = {"rating": -1}
                result = {"avg_accuracy": rating, doc["dim"] + "_accuracy": rating}
            else:
                result = getattr(temp, f"tempcompass_process_results_{NAMES.get(name, name)}")(doc, [output])
            for metric, rating in result.items():
                groups[name][metric].append(rating)
        return {n: {m: temp.tempcompass_aggregate_rating(r, None) for m, r in metrics.items()} for n, metrics in groups.items()}

    def of_lvb(items, outputs):
        results = []
        for item, output in zip(items, outputs):
            record = {**item["extra"]}
            record.update({f"option{i}": text for i, text in enumerate((record["candidates"] + ["N/A"] * 5)[:5])})
            results.append(lvb.longvideobench_process_results(record, [output])["lvb_acc"])
        overall, (table,) = logged(lvb, lvb.longvideobench_aggregate_results, results)
        return {"overall": overall, "table": {str(name): row for name, row in table.items()}}

    def of_ego(items, outputs):
        results = [ego.egoschema_process_results_generation(i["extra"], [o])["score"] for i, o in zip(items, outputs)]
        return {"score": ego.egoschema_aggregate_score(results, None)}

    def of_holmes(items, outputs):
        results = [holmes.video_holmes_process_results(i["extra"], [o]) for i, o in zip(items, outputs)]
        aggregate = lambda name: getattr(holmes, f"video_holmes_aggregate_{name.removeprefix('video_holmes_')}")
        return {name: aggregate(name)([result[name] for result in results]) for name in results[0]}

    def of_pope(items, outputs):
        results = [pope.pope_process_results(i["extra"], [o]) for i, o in zip(items, outputs)]
        table = lambda group: {
            name: getattr(pope, f"pope_aggregate_{name.removeprefix('pope_')}")([result[name] for result in group]) for name in group[0]
        }
        return {"all": table(results), **{name: table(group) for name, group in by_task(items, results).items()}}

    def of_vista(items, outputs):
        results = []
        for item, output in zip(items, outputs):
            record = {**item["extra"], "query": "", "choices": item["extra"]["choices"] or []}
            record["precision"] = None if record["precision"] is None else float(record["precision"])
            results.append(vista.mathvista_process_results(record, [output])["llm_as_judge_eval"])
        return {"accuracy": vista.mathvista_aggregate_results(results, None)}

    return {
        "vsi-bench": of_vsi,
        "video-mme": of_mme,
        "mvbench": of_mv,
        "video-mmmu": of_mmmu,
        "mmvu": of_mmvu,
        "tempcompass": of_temp,
        "longvideobench": of_lvb,
        "egoschema": of_ego,
        "video-holmes": of_holmes,
        "pope": of_pope,
        "mathvista": of_vista,
    }
