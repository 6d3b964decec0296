"""The benchmarks' own functions as (item, output) -> score, extracted, status; taken out of their files, which import more."""

import ast
import json
import re
from types import SimpleNamespace


def taken(path, wanted, extra=None, source=None):
    """The functions, classes and constants of a file by name, without its imports."""
    tree = ast.parse(source if source is not None else path.read_text())
    names = lambda node: [node.name] if hasattr(node, "name") else [t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)]
    kept = [node for node in tree.body if any(name in wanted for name in names(node))]
    scope = dict(extra or {})
    exec(compile(ast.Module(kept, []), str(path), "exec"), scope)
    return SimpleNamespace(**{name: scope[name] for name in wanted})


def statements(path, function, first, last):
    """Consecutive statements of a loop in a function, from the one that begins with `first` to before `last`."""
    tree = ast.parse(path.read_text())
    body = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function).body
    loop = next(node for node in body if isinstance(node, ast.For) and any(ast.unparse(one).startswith(first) for one in node.body))
    texts = [ast.unparse(one) for one in loop.body]
    start = next(i for i, text in enumerate(texts) if text.startswith(first))
    end = next(i for i, text in enumerate(texts) if text.startswith(last))
    return compile(ast.Module(loop.body[start:end], []), str(path), "exec")


def official_readers(folder):
    import Levenshtein
    import numpy as np

    vsi = taken(
        folder / "thinking-in-space/lmms_eval/tasks/vsibench/utils.py",
        ["MCA_QUESTION_TYPES", "fuzzy_matching", "exact_match", "abs_dist_norm", "mean_relative_accuracy", "to_float"],
        {"np": np},
    )

    def read_vsi(item, output):
        found = vsi.fuzzy_matching(output)
        truth = item["extra"]["ground_truth"]
        if item["extra"]["question_type"] in vsi.MCA_QUESTION_TYPES:
            return vsi.exact_match(found, truth), found
        try:
            score = vsi.mean_relative_accuracy(vsi.to_float(found), vsi.to_float(truth), start=0.5, end=0.95, interval=0.05)
            return float(score), found
        except TypeError:
            return 0, found

    names = "get_multi_choice_info parse_multi_choice_response parse_open_response extract_numbers check_is_number normalize_str eval_multi_choice eval_open"
    mmmu = taken(folder / "VideoMMMU/lmms_eval/tasks/videommmu/utils.py", names.split(), {"np": np, "re": re})

    def read_mmmu(item, output):
        doc = item["extra"]
        is_choice = (doc.get("question_type") or ("" if doc["track"] == "Adaptation" else "multiple-choice")) == "multiple-choice"
        if is_choice:
            index2ans, choices = mmmu.get_multi_choice_info(doc["options"])
            parsed = mmmu.parse_multi_choice_response(output, choices, index2ans)
        else:
            parsed = mmmu.parse_open_response(output)
        if parsed == "API Error":
            return None, parsed, "dropped"
        correct = (mmmu.eval_multi_choice if is_choice else mmmu.eval_open)(doc["answer"], parsed)
        return int(correct), sorted(parsed, key=str) if isinstance(parsed, list) else parsed

    cells = json.loads((folder / "Ask-Anything/video_chat2/mvbench.ipynb").read_text())["cells"]
    cell = next("".join(one["source"]) for one in cells if "def check_ans" in "".join(one["source"]))
    mv = taken("mvbench.ipynb", ["check_ans"], source=cell)

    def read_mv(item, output):
        candidates, answer, index = item["extra"]["candidates"], item["extra"]["answer"], -1
        for i, candidate in enumerate(candidates):
            if candidate == answer:
                index = i
        prediction = "(" + output.strip().split("\n")[0]
        score = int(mv.check_ans(pred=prediction, gt=f"({chr(ord('A') + index)}) {answer}"))
        return score, prediction.lower().split(" ")[0]

    temp = folder / "TempCompass"
    yes_no = taken(temp / "eval_yes_no.py", ["extract_pred"])
    matching = taken(temp / "eval_caption_matching.py", ["eval_rule"])
    choice = taken(temp / "eval_multi-choice.py", ["main"], {"tqdm": lambda x: x, "json": SimpleNamespace(dump=lambda *_args, **_: None), "open": open, "os": __import__("os"), "print_result": lambda _: None})

    def read_temp(item, output):
        task, doc = item["groups"]["task"], item["extra"]
        if task == "captioning":
            return None, None, "judge"
        said = output.replace("</s>", "").strip()
        if task == "yes_no":
            found = yes_no.extract_pred(said)
            return (int(found == doc["answer"]), None) if found else (0, None, "unmatched")
        if task == "caption_matching":
            rating = matching.eval_rule(said, doc["question"], doc["answer"])
            return (0, None, "unmatched") if rating == "fail" else (rating, None)
        results = {}
        choice.main({"v": {"action": [{**doc, "prediction": output}]}}, results, "/dev/null", True)
        result = results["v"]["action"][0]
        return (result["rating"], None) if result["match_success"] else (0, None, "unmatched")

    mme = taken(folder / "parse_answer/eval_your_results.py", ["extract_characters_regex"], {"re": re})

    def read_mme(item, output):
        found = mme.extract_characters_regex(output)
        return (int(found == item["extra"]["answer"]), found) if found else (None, "", "dropped")

    holmes = statements(folder / "Video-Holmes/evaluate.py", "evaluate", "pattern = '<answer>", "if predicted_answer == correct_answer")

    def read_holmes(item, output):
        scope = {"re": re, "predicted_answer": output}
        exec(holmes, scope)
        return int(scope["predicted_answer"] == item["extra"]["Answer"]), scope["predicted_answer"]

    tree = ast.parse((folder / "POPE/evaluate.py").read_text())
    loop = next(node for node in tree.body if isinstance(node, ast.For) and ast.unparse(node.iter) == "answers")
    pope = compile(ast.Module([loop], []), "evaluate.py", "exec")

    def read_pope(item, output):
        answers = [{"answer": output}]
        exec(pope, {"answers": answers})
        found = answers[0]["answer"]
        return int((found == "no") == (item["extra"]["answer"] == "no")), found

    extract = taken(folder / "MathVista/evaluation/extract_answer.py", ["extract_answer", "create_test_prompt"], {"re": re, "demo_prompt": "", "logging": SimpleNamespace(info=lambda _: None)})
    vista = taken(folder / "MathVista/evaluation/calculate_score.py", ["get_most_similar", "normalize_extracted_answer", "safe_equal"], {"re": re, "distance": Levenshtein.distance})

    def read_vista(item, output):
        asked = []

        def respond(user_prompt):
            asked.append(True)
            raise RuntimeError("no judge")

        doc = {"query": "", **item["extra"]}
        doc["choices"] = doc.get("choices") or []
        found = extract.extract_answer(SimpleNamespace(get_response=respond), output, doc)
        keys = ("choices", "question_type", "answer_type", "precision")
        prediction = vista.normalize_extracted_answer(found, *(doc[key] for key in keys))
        return int(vista.safe_equal(prediction, doc["answer"])), prediction, *(["judge"] if asked else [])

    return {
        "vsi-bench": read_vsi,
        "video-mmmu": read_mmmu,
        "mvbench": read_mv,
        "tempcompass": read_temp,
        "video-mme": read_mme,
        "video-holmes": read_holmes,
        "pope": read_pope,
        "mathvista": read_vista,
    }
