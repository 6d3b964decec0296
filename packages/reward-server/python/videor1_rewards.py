"""Video-R1's rewards for Python trainers, from a `videor1-rewards serve` near by.

Standard library only, Python 3.8 or later; longer than 250 lines because it is copied as one file. Copy this file, or put its folder on PYTHONPATH. One function (or class) for each
trainer, with the signature that the trainer calls:

    TRL       accuracy_reward, format_reward            reward_funcs=[accuracy_reward, format_reward]
    ms-swift  SwiftAccuracy, SwiftFormat                orms["videor1_accuracy"] = SwiftAccuracy
    verl      verl_compute_score, verl_compute_scores   one sample, or many
    EasyR1    easyr1_compute_score                      reward_type batch or sequential
    AReaL     areal_reward_fn                           RLVRWorkflow(reward_fn=areal_reward_fn, ...)

The environment says where the server is; it is read at each call:

    VIDEOR1_REWARDS_URL           default http://127.0.0.1:8377
    VIDEOR1_REWARDS_TOKEN         the server's token, if it wants one
    VIDEOR1_REWARDS_RULES         safe or video-r1; default: the server's
    VIDEOR1_REWARDS_OPTIONS       of the safe rules, as JSON: {"markup": true, "units": true}; default: the server's
    VIDEOR1_REWARDS_PROBLEM_TYPE  for samples that name none
    VIDEOR1_REWARDS_ON_UNSCORABLE fail, null or refuse, for samples that cannot be scored; default: the server's
    VIDEOR1_REWARDS_THINKING_OPENED  1 if the prompts end in <think>; where a trainer passes the prompts, they are looked at
    VIDEOR1_REWARDS_PATIENCE      seconds to keep trying while the server is away or busy; default 120

Scoring changes nothing on the server, so a request that may or may not have arrived is simply sent again: a server that is
killed and started again costs a pause, not a reward.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
import urllib.parse
import warnings
from typing import Any, Dict, List, Optional, Sequence, Union

__all__ = [
    "RewardServerError",
    "SwiftAccuracy",
    "SwiftFormat",
    "accuracy_reward",
    "areal_reward_fn",
    "easyr1_compute_score",
    "format_reward",
    "score",
    "verl_compute_score",
    "verl_compute_scores",
]

_ITEMS_A_REQUEST = 256
_BYTES_A_REQUEST = 4_000_000  # as JSON; below the server's 8 MiB
_ATTEMPT_SECONDS = 30.0
_TOO_LARGE = 413
_UNSCORABLE = 422
_PASSING = {408, 429, 500, 502, 503, 504}
_END_TOKENS = (
    "<|im_end|> <|endoftext|> <|eot_id|> <|eom_id|> <|eot|> <|end_of_text|> <|end|> <|return|> <|user|> <|END_OF_TURN_TOKEN|> "
    "<｜end▁of▁sentence｜> <｜▁pad▁｜> <|finetune_right_pad_id|> <end_of_turn> <eos> </s> <pad>"
).split()

_local = threading.local()


class RewardServerError(RuntimeError):
    """The server refused a request, or did not answer for as long as patience lasts.

    `status` is the HTTP status, None if there was no answer; `code` and `hint` are the server's.
    """

    def __init__(self, message: str, status: Optional[int] = None, code: Optional[str] = None, hint: Optional[str] = None):
        super().__init__(message if hint is None else f"{message} {hint}")
        self.status = status
        self.code = code
        self.hint = hint


def score(items: Sequence[Dict[str, str]], rules: Optional[str] = None) -> List[Dict[str, Any]]:
    """Scores `items`, each {"completion", "solution", "problemType"}: one result for each, in their order.

    A result has reward, accuracy, format, answer, truth, rule, note and milliseconds. An item that could not be scored has
    rule None and accuracy 0, and its note becomes a warning: an unknown type, a key "problem" that says what is wrong, or an
    item that is by itself larger than the server takes. `thinkingOpened` says that its prompt ends in <think>, `options` has the
    question's options, for {"choices": true}. Raises RewardServerError, and ValueError for VIDEOR1_REWARDS_OPTIONS that is no
    JSON object.
    """
    mistakes = [item.get("mistake") for item in items]
    if mistakes and all(mistakes):
        raise mistakes[0]
    results: List[Dict[str, Any]] = []
    batch: List[str] = []
    size = 0
    for item in items:
        if item.get("problem"):
            if batch:
                results += _scored(batch, rules)
            batch, size = [], 0
            results.append(_failure(item["problem"]))
            continue
        sent = {key: value for key, value in item.items() if key not in ("id", "problem", "mistake")}
        sent["thinkingOpened"] = bool(item.get("thinkingOpened")) or _thinking_opened()
        text = json.dumps(sent)
        if batch and (len(batch) == _ITEMS_A_REQUEST or size + len(text) > _BYTES_A_REQUEST):
            results += _scored(batch, rules)
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        results += _scored(batch, rules)
    for result in results:
        if result["rule"] is None:
            warnings.warn(f"videor1_rewards: not scored: {result['note']}", RuntimeWarning, stacklevel=2)
    return results


# TRL ------------------------------------------------------------------------------------------------------------------


def accuracy_reward(
    completions: Sequence[Any],
    solution: Sequence[Any],
    problem_type: Union[Sequence[Optional[str]], str, None] = None,
    prompts: Optional[Sequence[Any]] = None,
    options: Optional[Sequence[Optional[Sequence[str]]]] = None,
    **_: Any,
) -> List[Optional[float]]:
    """For TRL: accuracy in [0, 1] of each completion, a text or a conversation; None, which TRL skips, where an item failed.

    The answer of a conversation is that of the model's last message with text, not of a tool's. The data set has the columns
    `solution` and, unless one type holds for all, `problem_type`; `options` is read where {"choices": true} is asked for.
    """
    types = [problem_type] * len(completions) if problem_type is None or isinstance(problem_type, str) else problem_type
    nothing = [None] * len(completions)
    columns = _zip(completions, solution, types, nothing if prompts is None else prompts, nothing if options is None else options)
    items = [_item(_text(c), s, t, p, o) for c, s, t, p, o in columns]
    return [None if result["rule"] is None else result["accuracy"] for result in score(items)]


def format_reward(completions: Sequence[Any], prompts: Optional[Sequence[Any]] = None, **_: Any) -> List[float]:
    """For TRL: 1 for each completion that is `<think>...</think><answer>...</answer>`, else 0."""
    asked = [None] * len(completions) if prompts is None else prompts
    items = [_item(_text(c), "", "multiple choice", p) for c, p in _zip(completions, asked)]
    return [result["format"] for result in score(items)]


# ms-swift -------------------------------------------------------------------------------------------------------------


class SwiftAccuracy:
    """For ms-swift: `accuracy_reward` as an entry of `orms`."""

    def __init__(self, args: Any = None, **_: Any):
        pass

    def __call__(self, completions: Sequence[Any], solution: Sequence[Any], **columns: Any) -> List[Optional[float]]:
        return accuracy_reward(completions, solution, **columns)


class SwiftFormat:
    """For ms-swift: `format_reward` as an entry of `orms`."""

    def __init__(self, args: Any = None, **_: Any):
        pass

    def __call__(self, completions: Sequence[Any], **columns: Any) -> List[float]:
        return format_reward(completions, **columns)


# verl -----------------------------------------------------------------------------------------------------------------


def verl_compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Optional[Dict[str, Any]] = None, **_: Any
) -> Dict[str, float]:
    """For verl's `custom_reward_function`: {"score", "acc", "format", "failed"} of one sample.

    `ground_truth` is the solution, or {"solution", "problem_type", "options"} or its JSON text; else `extra_info` has
    `problem_type` (and `options`).
    """
    return verl_compute_scores([data_source], [solution_str], [ground_truth], [extra_info])[0]


def verl_compute_scores(
    data_sources: Sequence[str],
    solution_strs: Sequence[str],
    ground_truths: Sequence[Any],
    extra_infos: Optional[Sequence[Optional[Dict[str, Any]]]] = None,
    **_: Any,
) -> List[Dict[str, float]]:
    """For verl's batch reward managers: the same for many samples in one request."""
    infos = [None] * len(solution_strs) if extra_infos is None else extra_infos
    items = [
        _item(_without_end_tokens(text), truth, (info or {}).get("problem_type"), options=(info or {}).get("options"))
        for text, truth, info in _zip(solution_strs, ground_truths, infos)
    ]
    return [
        {"score": r["reward"], "acc": r["accuracy"], "format": r["format"], "failed": float(r["rule"] is None)}
        for r in score(items)
    ]


# EasyR1 ---------------------------------------------------------------------------------------------------------------


def easyr1_compute_score(reward_inputs: Any, problem_type: Optional[str] = None) -> Any:
    """For EasyR1: {"overall", "format", "accuracy", "failed"} for each {"response", "ground_truth"}; a dict for a dict.

    `ground_truth` as for verl; or the input has `problem_type`, or `reward_function_kwargs` names one for all.
    """
    if isinstance(reward_inputs, dict):
        return easyr1_compute_score([reward_inputs], problem_type)[0]
    items = [
        _item(
            _without_end_tokens(given["response"]),
            given["ground_truth"],
            given.get("problem_type") or problem_type,
            options=given.get("options"),
        )
        for given in reward_inputs
    ]
    return [
        {"overall": r["reward"], "format": r["format"], "accuracy": r["accuracy"], "failed": float(r["rule"] is None)}
        for r in score(items)
    ]


# AReaL ----------------------------------------------------------------------------------------------------------------


def areal_reward_fn(
    prompt: Any,
    completions: str,
    prompt_ids: Any = None,
    completion_ids: Any = None,
    solution: Any = None,
    answer: Any = None,
    problem_type: Optional[str] = None,
    options: Optional[Sequence[str]] = None,
    **_: Any,
) -> float:
    """For AReaL: the reward of one completion; the data set has `solution` (or `answer`), `problem_type` and maybe `options`."""
    truth = answer if solution is None else solution
    return score([_item(_without_end_tokens(completions), truth, problem_type, prompt, options)])[0]["reward"]


# What they share ------------------------------------------------------------------------------------------------------


def _zip(*lists: Sequence[Any]) -> Any:
    lengths = {len(one) for one in lists}
    if len(lengths) > 1:
        raise ValueError(f"videor1_rewards: columns of different lengths: {[len(one) for one in lists]}")
    return zip(*lists)


def _text(completion: Any) -> str:
    """The text of a completion: itself, or what the model says in the last of its messages that has text; "" if none has."""
    if completion is None or isinstance(completion, str):
        return completion or ""
    messages = completion if isinstance(completion, (list, tuple)) else [completion]
    for message in reversed(messages):
        if not _is_models(message):
            continue
        content = _field(message, "content")
        parts = content if isinstance(content, (list, tuple)) else [content]
        text = "".join(_part_text(part) for part in parts)
        if text.strip():
            return text
    return ""


def _field(message: Any, name: str) -> Any:
    return message.get(name) if isinstance(message, dict) else getattr(message, name, None)


def _is_models(message: Any) -> bool:
    role = _field(message, "role")
    return role is None or str(role).lower() in ("assistant", "model", "gpt")


def _part_text(part: Any) -> str:
    """The text of a part of a message, "" for an image, a call of a tool or its result."""
    if not isinstance(part, str) and (_field(part, "type") or "text") not in ("text", "output_text"):
        return ""
    text = part if isinstance(part, str) else _field(part, "text")
    return text if isinstance(text, str) else ""


def _opens_thinking(prompt: Any) -> bool:
    """Whether a prompt ends inside a thinking: a text, or a conversation whose last message is the model's, to go on."""
    if isinstance(prompt, (list, tuple)) and prompt:
        prompt = _text(prompt[-1]) if _field(prompt[-1], "role") and _is_models(prompt[-1]) else ""
    return isinstance(prompt, str) and prompt.rstrip().endswith("<think>")


def _thinking_opened() -> bool:
    return os.environ.get("VIDEOR1_REWARDS_THINKING_OPENED", "").strip().lower() in ("1", "true", "yes")


def _reward_options() -> Optional[Dict[str, Any]]:
    """VIDEOR1_REWARDS_OPTIONS; which names and values there are is the server's to say."""
    text = os.environ.get("VIDEOR1_REWARDS_OPTIONS", "").strip()
    if not text:
        return None
    example = 'such as {"markup": true, "units": true}'
    try:
        options = json.loads(text)
    except ValueError as error:
        raise ValueError(f"videor1_rewards: VIDEOR1_REWARDS_OPTIONS is not JSON, {example}: {error}") from None
    if not isinstance(options, dict):
        raise ValueError(f"videor1_rewards: VIDEOR1_REWARDS_OPTIONS is a JSON object, {example}, not {text[:60]}")
    return options


def _without_end_tokens(text: Optional[str]) -> str:
    """The text without the end-of-turn and padding tokens that decoding may have left behind it; "" for None."""
    text = text or ""
    while True:
        shorter = text[:-1] if text.endswith("\n") else text
        token = next((token for token in _END_TOKENS if shorter.endswith(token)), None)
        if token is None:
            return text
        text = shorter[: -len(token)]


def _item(
    completion: str,
    label: Any,
    problem_type: Optional[str],
    prompt: Any = None,
    options: Optional[Sequence[str]] = None,
) -> Dict[str, Any]:
    """The item for a label: a solution, or {"solution", "problem_type", "options"}, or the JSON text of that.

    A label of None or NaN fails the item; a type of None or NaN is none, as Parquet and pandas fill a missing key. So does a
    label of another kind, or an item without a type; as "mistake" it has the error for the case that all of a call are so.
    """
    if isinstance(label, str) and label.lstrip().startswith("{"):
        try:
            label = json.loads(label)
        except ValueError:
            pass
    problem_type = _present(problem_type)
    if isinstance(label, dict) and "solution" in label:
        problem_type = _present(label.get("problem_type")) or problem_type
        options = options if label.get("options") is None else label["options"]
        label = label["solution"]
    if _present(label) is None:
        return {"problem": "the solution is None"}
    if not isinstance(label, str):
        text = f"a solution is text, not {type(label).__name__}: {label!r:.60}. Numbers lose their decimal mark."
        return {"problem": text, "mistake": TypeError(f"videor1_rewards: {text}")}
    problem_type = problem_type or os.environ.get("VIDEOR1_REWARDS_PROBLEM_TYPE")
    if not problem_type:
        text = (
            "a sample names no problem type. Add a column `problem_type`, or put it into the label as "
            '{"solution": ..., "problem_type": ...}, or set VIDEOR1_REWARDS_PROBLEM_TYPE.'
        )
        return {"problem": text, "mistake": ValueError(f"videor1_rewards: {text}")}
    solution = label if "<answer>" in label else f"<answer>{label}</answer>"
    item = {"completion": completion, "solution": solution, "problemType": str(problem_type)}
    if options is not None and len(options) > 0:
        item["options"] = [option if isinstance(option, str) else "" for option in options]
    return dict(item, thinkingOpened=_opens_thinking(prompt))


def _present(value: Any) -> Any:
    """The value; None for NaN, with which pandas fills what is missing."""
    return None if isinstance(value, float) and value != value else value


def _failure(note: str) -> Dict[str, Any]:
    action = os.environ.get("VIDEOR1_REWARDS_ON_UNSCORABLE")
    if action == "refuse":
        raise RewardServerError(f"An item cannot be scored: {note}", _UNSCORABLE, "unscorable")
    texts = {"answer": "", "truth": "", "rule": None, "note": note}
    nothing = None if action == "null" else 0
    return dict(texts, reward=nothing, accuracy=nothing, format=0, milliseconds={"accuracy": 0, "format": 0})


def _scored(batch: List[str], rules: Optional[str]) -> List[Dict[str, Any]]:
    """The results of items that are JSON text already: in halves where the server finds them too large together."""
    try:
        return _request(batch, rules)
    except RewardServerError as error:
        if error.status != _TOO_LARGE:
            raise
        if len(batch) == 1:
            return [_failure(f"larger than the server takes: {error}")]
    half = len(batch) // 2
    return _scored(batch[:half], rules) + _scored(batch[half:], rules)


def _request(batch: List[str], rules: Optional[str]) -> List[Dict[str, Any]]:
    """One `POST /v1/score`, sent again with growing pauses while the server is away or busy."""
    rules = rules or os.environ.get("VIDEOR1_REWARDS_RULES")
    items = ",".join(f'{{"id":{index},{text[1:]}' for index, text in enumerate(batch))
    tail = f',"rules":{json.dumps(rules)}' if rules else ""
    action = os.environ.get("VIDEOR1_REWARDS_ON_UNSCORABLE")
    tail += f',"onUnscorable":{json.dumps(action)}' if action else ""
    options = _reward_options()
    if options:
        tail += f',"rewardOptions":{json.dumps(options)}'
    data = f'{{"items":[{items}]{tail}}}'.encode("ascii")
    patience = float(os.environ.get("VIDEOR1_REWARDS_PATIENCE", "120"))
    end = time.monotonic() + patience
    pause = 0.05
    while True:
        try:
            status, wait, text = _post(data)
            problem = RewardServerError(f"The reward server answers {status}.", status)
            if status == 200:
                return _results(text, len(batch))
            if status not in _PASSING:
                raise _refusal(status, text)
        except (OSError, http.client.HTTPException) as error:
            wait = 0.0
            problem = RewardServerError(
                f"The reward server at {_url()} cannot be reached: {error!r}.",
                hint="Start it with `videor1-rewards serve`, or set VIDEOR1_REWARDS_URL.",
            )
            problem.__cause__ = error
        delay = max(wait, pause * random.uniform(0.5, 1.5))
        if time.monotonic() + delay > end:
            raise problem
        time.sleep(delay)
        pause = min(2 * pause, 5.0)


def _url() -> str:
    return os.environ.get("VIDEOR1_REWARDS_URL", "http://127.0.0.1:8377").rstrip("/")


def _post(data: bytes) -> Any:
    """Status, seconds to wait before the next try, and body. Each thread of each process keeps one connection."""
    url = urllib.parse.urlsplit(_url())
    key = (os.getpid(), url.scheme, url.netloc)
    if getattr(_local, "key", None) != key:
        make = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        _local.connection = make(url.hostname or "", url.port, timeout=_ATTEMPT_SECONDS)
        _local.key = key
    headers = {"content-type": "application/json"}
    token = os.environ.get("VIDEOR1_REWARDS_TOKEN", "").strip() or urllib.parse.unquote(url.password or "")
    if token:
        if not all("!" <= character <= "~" for character in token):
            raise RewardServerError(
                "The token has a character that an Authorization header cannot carry.",
                hint="VIDEOR1_REWARDS_TOKEN, or the password in VIDEOR1_REWARDS_URL, is printable ASCII without spaces.",
            )
        headers["authorization"] = f"Bearer {token}"
    connection = _local.connection
    try:
        connection.request("POST", f"{url.path}/v1/score", body=data, headers=headers)
        response = connection.getresponse()
        text = response.read()
    except BaseException:
        connection.close()
        raise
    wait = response.getheader("retry-after", "")
    return response.status, float(wait) if wait.isdigit() else 0.0, text


def _results(text: bytes, count: int) -> List[Dict[str, Any]]:
    results = json.loads(text)["results"]
    if [result.get("id") for result in results] != list(range(count)):
        raise RewardServerError("The answers are not those of the items that were sent.")
    return results


def _refusal(status: int, text: bytes) -> RewardServerError:
    try:
        error = json.loads(text)["error"]
        return RewardServerError(f"{status}: {error['message']}", status, error["code"], error.get("hint"))
    except (ValueError, KeyError, TypeError):
        return RewardServerError(f"The reward server answers {status}: {text[:200]!r}", status)
