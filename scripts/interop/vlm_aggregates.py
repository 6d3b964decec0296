"""VLMEvalKit e8e78f0's ratings by benchmark, as (items, cells of its readings) -> what it returns; after vlm_readers."""

import importlib
import math

import pandas as pd

TITLES = lambda task: " ".join(word.capitalize() for word in task.split("_"))


def vlm_aggregates():
    part = lambda name: importlib.import_module(f"vlmeval.dataset.{name}")
    vsi, mmmu, mv, temp = part("vsibench"), part("videommmu"), part("utils.mvbench"), part("utils.tempcompass")
    mme, lvb, holmes, yorn, vista = (
        part("utils.videomme"), part("utils.longvideobench"), part("utils.videoholmes"), part("utils.yorn"), part("utils.mathvista"),
    )

    def rated(module, rate, rows):
        module.load = lambda _: pd.DataFrame(rows)
        result = rate("")
        return result.to_dict("records") if isinstance(result, pd.DataFrame) else result

    def of_vsi(items, cells):
        rows = [{"question_type": i["groups"]["task"], "hit": c[0], "MRA:.5:.95:.05": c[0], "type": i["answerType"]} for i, c in zip(items, cells)]
        data = pd.DataFrame(rows)
        result = dict(vsi.VsiBench._aggregate(None, data[data["type"] == "choice"], data[data["type"] != "choice"]))
        return result

    def of_mmmu(items, cells):
        if any(cell[2].startswith("error:") for cell in cells):
            return None
        rows = [
            {
                "id": i["id"],
                "category": i["groups"]["task"],
                "answer": "right",
                "parsed_pred": "API Error" if c[2] == "dropped" else "right" if c[0] == 1 else "wrong",
                "question_type": "multiple-choice",
            }
            for i, c in zip(items, cells)
        ]
        return {name: dict(column) for name, column in mmmu.aggregate_results(rows).items()}

    def of_mv(items, cells):
        rows = [{"task_type": TITLES(i["groups"]["task"]), "score": math.nan if c[0] is None else c[0]} for i, c in zip(items, cells)]
        return rated(mv, mv.get_dimension_rating, rows)

    def of_mme(items, cells):
        rows = [
            {"domain": g["domain"], "sub_category": g["subCategory"], "task_type": g["task"], "duration": g["duration"], "score": c[0]}
            for g, c in zip((item["groups"] for item in items), cells)
        ]
        return rated(mme, mme.get_dimension_rating, rows)

    def of_lvb(items, cells):
        rows = [
            {"question_category": g["task"], "duration_group": int(g["duration"]), "score": c[0]}
            for g, c in zip((item["groups"] for item in items), cells)
        ]
        return {str(name): row for name, row in rated(lvb, lvb.get_dimension_rating, rows).items()}

    def of_holmes(items, cells):
        rows = [{"question_type": i["groups"]["task"], "score": c[0]} for i, c in zip(items, cells)]
        return rated(holmes, holmes.get_dimension_rating, rows)

    def of_pope(items, cells):
        rows = [
            {"category": i["groups"]["task"], "answer": i["extra"]["answer"].capitalize(), "extracted": c[1], "score": bool(c[0])}
            for i, c in zip(items, cells)
        ]
        return sorted(rated(yorn, yorn.POPE_rating, rows), key=lambda row: row["split"])

    def of_vista(items, cells):
        rows = []
        for item, (score, _, status) in zip(items, cells):
            metadata = item["extra"]["metadata"]
            rows.append({"task": metadata["task"], "skills": str(metadata["skills"]), "log": "Prefetch succeed" if status == "ok" else "", "score": score})
        real = vista.post_check
        vista.post_check = lambda line, prefetch=False: line["score"] == 1
        try:
            return rated(vista, vista.MathVista_acc, rows)
        finally:
            vista.post_check = real

    return {
        "vsi-bench": of_vsi,
        "video-mmmu": of_mmmu,
        "mvbench": of_mv,
        "video-mme": of_mme,
        "longvideobench": of_lvb,
        "video-holmes": of_holmes,
        "pope": of_pope,
        "mathvista": of_vista,
    }
