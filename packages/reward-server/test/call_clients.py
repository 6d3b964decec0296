"""Calls the client functions as each trainer calls its reward function; prints what they return as JSON."""

import json
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))

import videor1_rewards as client
from client_members import members

RIGHT = "<think>Two cats, a dog.</think>\n<answer>3</answer>"
WRONG = "<answer>4</answer>"
LABEL = {"solution": "<answer>3</answer>", "problem_type": "numerical"}


def trl():
    # trl/trainer/grpo_trainer.py: prompts, completions, completion_ids, every column, trainer_state, log_extra, log_metric
    extra = {"completion_ids": [[1], [2], [3]], "trainer_state": object(), "log_extra": print, "log_metric": print}
    talk = [[{"role": "assistant", "content": text}] for text in (RIGHT, WRONG, RIGHT)]
    columns = {"solution": ["<answer>3</answer>"] * 3, "problem_type": ["numerical", "numerical", "riddle"], "path": ["a"] * 3}
    calls = dict(prompts=[[{"role": "user", "content": "?"}]] * 3, **columns, **extra)
    return {
        "names": [client.accuracy_reward.__name__, client.format_reward.__name__],
        "accuracy": client.accuracy_reward(completions=talk, **calls),
        "format": client.format_reward(completions=talk, **calls),
        "texts": client.accuracy_reward(completions=[RIGHT, WRONG, RIGHT], **calls),
        "parts": client.accuracy_reward([[{"content": [{"type": "text", "text": RIGHT}]}]], ["3"], "numerical"),
    }


def swift():
    # swift/rlhf_trainers/grpo_trainer.py: the class of orms is made with args, then called with completions and columns
    accuracy, form = client.SwiftAccuracy(args=None), client.SwiftFormat(args=None)
    columns = {"solution": ["3", "3"], "problem_type": ["numerical"] * 2, "messages": [[], []], "trainer_state": None}
    return {"accuracy": accuracy([RIGHT, WRONG], **columns), "format": form([RIGHT, WRONG], **columns)}


def verl():
    # verl's naive and batch reward managers call with these keywords
    info = {"problem_type": "numerical", "index": 1}
    one = partial(client.verl_compute_score, data_source="video", ground_truth="3")
    return {
        "one": one(solution_str=RIGHT + "<|im_end|>", extra_info=info),
        "label": client.verl_compute_score("video", WRONG, json.dumps(LABEL), None, reward_router_address=None),
        "batch": client.verl_compute_scores(
            data_sources=["video"] * 2, solution_strs=[RIGHT, WRONG], ground_truths=["3", LABEL], extra_infos=[info, {}]
        ),
    }


def easyr1():
    # verl/workers/reward/function.py: partial(function, **reward_function_kwargs)(list, or one by one)
    given = [{"response": text, "response_length": 9, "ground_truth": LABEL} for text in (RIGHT, WRONG)]
    bare = {"response": RIGHT, "response_length": 9, "ground_truth": "3"}
    return {
        "batch": client.easyr1_compute_score(given),
        "sequential": partial(client.easyr1_compute_score, problem_type="regression")(bare),
    }


def areal():
    # areal/api/reward_api.py: positional prompt, completion and ids, then the data's fields, in a process pool
    data = {"solution": "3", "problem_type": "numerical", "messages": [], "query_id": "q"}
    with ProcessPoolExecutor(2) as pool:
        calls = [pool.submit(partial(client.areal_reward_fn, "?", text, [1], [2], **data)) for text in (RIGHT, WRONG)]
        return [call.result(timeout=240) for call in calls]


def big():
    items = [{"completion": f"<answer>{i}</answer>", "solution": f"<answer>{i}</answer>", "problemType": "OCR"} for i in range(1000)]
    items += [{"completion": "x" * 600_000, "solution": "y", "problemType": "OCR"} for _ in range(3)]
    items.append({"completion": "<answer>\ud800 é 🎬</answer>", "solution": "<answer>\ud800 é 🎬</answer>", "problemType": "OCR"})
    results = client.score(items)
    return {"count": len(results), "right": sum(r["accuracy"] for r in results), "last": results[-1]["answer"] == "\ud800 é 🎬"}


def turns():
    call = {"role": "assistant", "content": None, "tool_calls": [{"type": "function", "function": {"name": "zoom", "arguments": {}}}]}
    said = {"role": "assistant", "content": RIGHT}
    nothing = [[call], [{"role": "assistant"}], [], [{"role": "assistant", "content": [{"type": "image", "text": None}]}], None]
    parts = [{"role": "assistant", "content": [{"type": "image", "text": None}, {"type": "text", "text": RIGHT}, "!"]}]
    tool = {"role": "tool", "content": "<answer>3</answer>"}
    talks = nothing + [parts, [call, tool], [said, tool], [said, dict(tool, content="ok"), call], [said, dict(said, content=WRONG)]]
    return {
        "accuracy": client.accuracy_reward(talks, ["3"] * len(talks), "numerical"),
        "format": client.format_reward(talks),
        "mixed": client.accuracy_reward([[said], [call], RIGHT], ["3"] * 3, "numerical"),
        "user": client.accuracy_reward([[said, {"role": "user", "content": "<answer>4</answer>"}]], ["4"], "numerical"),
    }


def nulls():
    untyped = {"solution": "3", "problem_type": None}
    info = {"problem_type": "numerical"}
    return {
        "verl": client.verl_compute_score("d", RIGHT, untyped, info),
        "trl": client.accuracy_reward([RIGHT] * 3, [untyped, "3", None], ["numerical"] * 3),
        "easyr1": client.easyr1_compute_score([{"response": RIGHT, "ground_truth": json.dumps(untyped)}], "numerical"),
        "failed": client.verl_compute_score("d", RIGHT, None, info),
    }


def opened():
    text = "t</think>\n<answer>3</answer>"
    prompts = ["user: ?\nassistant: <think>\n", [{"role": "user", "content": "?"}, {"role": "assistant", "content": "<think>"}], "?"]
    given = dict(prompts=prompts, completions=[text] * 3)
    cut = client.accuracy_reward(["so <answer>3</answer> or"], ["3"], "numerical", prompts=prompts[:1])
    areal = client.areal_reward_fn(prompts[0], text, solution="3", problem_type="numerical")
    seen = {"format": client.format_reward(**given), "cut": cut, "areal": areal}
    client.os.environ["VIDEOR1_REWARDS_THINKING_OPENED"] = "1"
    return dict(seen, verl=client.verl_compute_score("d", text, "3", {"problem_type": "numerical"})["format"])


def large():
    def accuracies(text, count):
        answers = [f"<answer>{text}</answer>"] * count
        return sum(client.accuracy_reward(answers, ["B"] * count, "multiple choice"))

    alone = client.accuracy_reward(["\u4f60" * 1_500_000, "<answer>B</answer>", "😀" * 710_000], ["B"] * 3, "multiple choice")
    counts = [(3000, 256), (90_000, 8)]
    return {"wrong": [accuracies("😀" * length, count) for length, count in counts], "alone": alone}


def options():
    items = json.load(sys.stdin)
    said, truths = [item["completion"] for item in items], [item["solution"] for item in items]
    types, shown = [item["problemType"] for item in items], [item["options"] for item in items]
    infos = [{"problem_type": t, "options": o} for t, o in zip(types, shown)]
    given = [dict(info, response=text, ground_truth=truth) for info, text, truth in zip(infos, said, truths)]
    return {
        "trl": client.accuracy_reward(said, truths, types, options=shown),
        "verl": [one["acc"] for one in client.verl_compute_scores([""] * len(said), said, truths, infos)],
        "easyr1": [one["accuracy"] for one in client.easyr1_compute_score(given)],
        "areal": [
            client.areal_reward_fn("?", text, solution=truth, problem_type=info["problem_type"], options=info["options"])
            for text, truth, info in zip(said, truths, infos)
        ],
    }


def warned():
    return [client.areal_reward_fn("?", RIGHT, [], [], solution="3", problem_type="riddle") for _ in range(3)]


def errors():
    def told(function, *args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as error:
            return {"type": type(error).__name__, "text": str(error), "status": getattr(error, "status", None)}

    client.os.environ["VIDEOR1_REWARDS_TOKEN"], kept = "schl\u00fcssel", client.os.environ["VIDEOR1_REWARDS_TOKEN"]
    token = told(client.areal_reward_fn, "?", RIGHT, solution="3", problem_type="numerical")
    client.os.environ["VIDEOR1_REWARDS_TOKEN"] = kept + "\n"
    return {
        "token": token,
        "rules": told(client.score, [{"completion": "", "solution": "", "problemType": "OCR"}], rules="kind"),
        "type": told(client.accuracy_reward, [RIGHT], ["3"]),
        "number": told(client.accuracy_reward, [RIGHT], [3.0], "numerical"),
        "lengths": told(client.accuracy_reward, [RIGHT, RIGHT], ["3"], "numerical"),
        "empty": told(client.score, []),
    }


def crowd():
    """64 threads, each with items of its own, until standard input is closed. Says when one waits for the server."""
    over = threading.Event()
    sleep = time.sleep

    def say_and_sleep(seconds):
        sys.stdout.write("pause\n")
        sys.stdout.flush()
        sleep(seconds)

    client.time.sleep = say_and_sleep

    def work(thread):
        done = wrong = 0
        while not over.is_set() or done == 0:
            answers = [f"{thread}-{done}-{i}" for i in range(8)]
            items = [
                {"completion": f"<answer>{a}</answer>", "solution": f"<answer>{a}</answer>", "problemType": "multiple choice"}
                for a in answers
            ]
            wrong += [(r["answer"], r["accuracy"]) for r in client.score(items)] != [(a, 1) for a in answers]
            done += 1
        return done, wrong

    with ThreadPoolExecutor(64) as pool:
        threads = [pool.submit(work, thread) for thread in range(64)]
        sys.stdin.read()
        over.set()
        ended = [thread.result() for thread in threads]
    return {"batches": sum(done for done, _ in ended), "wrong": sum(wrong for _, wrong in ended)}


if __name__ == "__main__":
    warnings.simplefilter("ignore" if sys.argv[1] != "warned" else "default")
    print(json.dumps(globals()[sys.argv[1]]()))
