"""What trainers' messages and data sets hold besides text: each as wanted by the client functions."""

import json

import videor1_rewards as client

RIGHT = "<think>Two cats, a dog.</think>\n<answer>3</answer>"
WRONG = "<answer>4</answer>"


def members():
    """What messages and data sets hold besides text: [name, got, wanted] of each that is not as wanted, and how many there are."""
    wrong, count = [], 0

    def check(name, got, wanted):
        nonlocal count
        count += 1
        if got != wanted:
            wrong.append([name, got, wanted])

    class Message:
        role, content = "assistant", RIGHT

    said = lambda content, **more: dict(role="assistant", content=content, **more)
    text = {"type": "text", "text": RIGHT}
    talks = {
        "one message": (said(RIGHT), 1),
        "an object": ([Message()], 1),
        "a tuple": ((said(RIGHT),), 1),
        "a number": ([said(5)], 0),
        "a part alone": ([said(text)], 1),
        "None among parts": ([said([None, text])], 1),
        "output_text": ([said([dict(text, type="output_text")])], 1),
        "a thinking part": ([said([{"type": "thinking", "thinking": WRONG}, text])], 1),
        "a tool_result part": ([said([dict(text, type="tool_result")])], 0),
        "a tool_use part": ([said([dict(text, type="tool_use")])], 0),
        "gpt": ([{"role": "gpt", "content": RIGHT}], 1),
        "Assistant": ([{"role": "Assistant", "content": RIGHT}], 1),
        "a function's": ([said("x"), {"role": "function", "content": RIGHT}], 0),
        "a developer's": ([said("x"), {"role": "developer", "content": RIGHT}], 0),
        "a call alone": ([said("", tool_calls=[{"function": {"name": "z", "arguments": RIGHT}}])], 0),
        "a blank turn behind": ([said(RIGHT), said(" \n")], 1),
        "bytes": (RIGHT.encode(), 0),
    }
    for name, (talk, wanted) in talks.items():
        check(name, client.accuracy_reward([talk], ["3"], "numerical"), [wanted])

    nan, info = float("nan"), {"problem_type": "numerical"}
    right = {"score": 2, "acc": 1, "format": 1, "failed": 0}
    failed = {"score": 0, "acc": 0, "format": 0, "failed": 1}
    label = dict(info, solution="3")
    labels = {
        "NaN": (nan, info, failed),
        "a type of NaN": (dict(label, problem_type=nan), info, right),
        "an empty type": (dict(label, problem_type=""), info, right),
        "an unknown type": (dict(label, problem_type="riddle"), info, failed),
        "a null solution": (json.dumps(dict(label, solution=None)), {}, failed),
        "a null key besides": (dict(label, path=None), {}, right),
        "null options": (dict(label, options=None), {"options": None}, right),
        "no options": (dict(label, options=[]), {}, right),
        "a null option": (dict(label, options=["A. x", None]), {}, right),
    }
    for name, (truth, extra, wanted) in labels.items():
        check(name, client.verl_compute_score("d", RIGHT, truth, extra), wanted)
    check("no completion", client.verl_compute_score("d", None, "3", info), dict(failed, failed=0))
    check("no response", client.easyr1_compute_score({"response": None, "ground_truth": label})["overall"], 0)
    check("nothing said", client.areal_reward_fn("?", None, solution="3", problem_type="numerical"), 0)
    columns = {"nan": ["3", nan], "number": ["3", 3.0], "list": ["3", ["3"]], "dict": ["3", {"answer": "3"}], "None": ["3", None]}
    for name, column in columns.items():
        check(name, client.accuracy_reward([RIGHT] * 2, column, "numerical"), [1, None])
    check("a type missing", client.accuracy_reward([RIGHT] * 2, ["3"] * 2, ["numerical", None]), [1, None])
    for character in ("\U00020000", "\"", "\\", "\n", "\x01", "\u2028", "\ud800"):
        answers = [f"<answer>{character * 3000}</answer>"] * 256
        check(repr(character), sum(client.accuracy_reward(answers, ["B"] * 256, "multiple choice")), 0)
    large = "\u4f60" * 1_500_000
    check("a large truth", client.accuracy_reward([RIGHT] * 3, ["3", large, "3"], "numerical"), [1, None, 1])
    check("large options", client.accuracy_reward([RIGHT] * 2, ["3"] * 2, "numerical", options=[[large], ["A. x"]]), [None, 1])
    client.os.environ["VIDEOR1_REWARDS_ON_UNSCORABLE"] = "null"
    check("null", client.verl_compute_scores("dd", [RIGHT] * 2, ["3", None], [info] * 2)[1]["score"], None)
    check("null by the server", client.verl_compute_score("d", RIGHT, "3", {"problem_type": "riddle"})["score"], None)
    client.os.environ["VIDEOR1_REWARDS_ON_UNSCORABLE"] = "refuse"
    for name, truth, type_name in (("refused", None, "numerical"), ("refused by the server", "3", "riddle")):
        try:
            check(name, client.accuracy_reward([RIGHT], [truth], type_name), None)
        except client.RewardServerError as error:
            check(name, [error.status, error.code], [422, "unscorable"])
    return {"wrong": wrong, "count": count}
