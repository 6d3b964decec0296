"""Reads what `videor1-data convert` wrote as others do: pyarrow, pandas and datasets, and the readers of ms-swift and LLaMA-Factory.

    check_converted.py RECORDS OUT [SWIFT FACTORY]

RECORDS is the JSON Lines file of records that was converted to OUT/records.parquet, OUT/sharegpt.json and OUT/llava.json; SWIFT and FACTORY
are folders that hold the packages `swift` and `llamafactory`, as their unpacked wheels.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import datasets
import pandas
import pyarrow.parquet

records, out = Path(sys.argv[1]), Path(sys.argv[2])
ours = [json.loads(line) for line in records.read_text().split("\n") if line]
faults = []


def check(name, count, wrong):
    print(f"{name}: {count} records, {len(wrong)} differ")
    faults.extend(wrong)


def present(value):
    """Without the nulls that a table puts everywhere; JSON columns parsed."""
    if isinstance(value, dict):
        return {name: present(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [present(held) for held in value]
    return value


def as_record(row, texts):
    held = present(row)
    return {name: json.loads(value) if name in texts and isinstance(value, str) else value for name, value in held.items()}


def expected(record, ids_are_texts):
    return {**present(record), **({"problem_id": str(record["problem_id"])} if ids_are_texts else {})}


def compare_tables():
    path = str(out / "records.parquet")
    table = pyarrow.parquet.read_table(path)
    file = pyarrow.parquet.ParquetFile(path)
    texts = {c.path for c in (file.schema.column(i) for i in range(len(file.schema))) if str(c.logical_type) == "JSON"}
    ids_are_texts = table.schema.field("problem_id").type == "string"
    wanted = [expected(record, ids_are_texts) for record in ours]
    hub = datasets.load_dataset("parquet", data_files=path, split="train", cache_dir=str(out / "cache"))
    parsed = {name for name, feature in hub.features.items() if type(feature).__name__ == "Json"}  # by datasets itself
    readers = {
        "pyarrow": table.to_pylist(),
        "pandas": json.loads(pandas.read_parquet(path, dtype_backend="pyarrow").to_json(orient="records", double_precision=15)),
        "datasets": list(hub),
    }
    for name, rows in readers.items():
        found = [as_record(row, texts - parsed if name == "datasets" else texts) for row in rows]
        wrong = [(a, b) for a, b in zip(found, wanted, strict=True) if a != b]
        check(f"{name}, {len(table.schema)} columns", len(rows), wrong)


def media_of(record, kind):
    listed = record.get(f"{kind}s") or []
    if not listed and record.get("data_type") == kind:
        path = record["path"]
        listed = path if isinstance(path, list) and kind == "image" else [path]
    return [entry[kind] if isinstance(entry, dict) else entry for entry in listed]


def compare_conversation(name, found, wanted=ours):
    """What a reader made of each row: images, videos, question and answer."""
    wrong = []
    for (images, videos, question, answer), record in zip(found, wanted, strict=True):
        is_right = (
            images == media_of(record, "image")
            and videos == media_of(record, "video")
            and question.count("<image>") == len(images)
            and question.count("<video>") == len(videos)
            and record["problem"].strip() in question
            and all(option in question for option in record.get("options") or [])
            and answer.endswith(record["solution"])
            and (record.get("process") or "") in answer
        )
        wrong += [] if is_right else [(images, videos, question, answer, record)]
    check(name, len(found), wrong)


def swift(folder):
    sys.path.insert(0, folder)
    from swift.dataset.preprocessor.core import AutoPreprocessor

    rows = datasets.load_dataset("json", data_files=str(out / "sharegpt.json"), split="train", cache_dir=str(out / "cache"))
    reader = AutoPreprocessor()._get_preprocessor(rows)
    rows = type(reader).safe_rename_columns(rows, {name: to for name, to in reader.columns.items() if name in rows.features})
    found = []
    for row in rows:
        made = reader.preprocess(dict(row))
        reader._cast_mm_data(made)
        reader._check_messages(made)
        user, assistant = made["messages"]
        images = [image["path"] for image in made.get("images") or []]
        found.append((images, made.get("videos") or [], user["content"], assistant["content"]))
    compare_conversation("ms-swift", found)


def factory(folder):
    sys.path.insert(0, folder)
    from llamafactory.data.converter import SharegptDatasetConverter
    from llamafactory.data.parser import DatasetAttr

    attr = DatasetAttr("file", "sharegpt.json", formatting="sharegpt")
    attr.join({"columns": {"messages": "conversations", "images": "images", "videos": "videos"}})
    reader = SharegptDatasetConverter(attr, SimpleNamespace(media_dir="nowhere"))
    found = []
    rows = datasets.load_dataset("json", data_files=str(out / "sharegpt.json"), split="train", cache_dir=str(out / "cache"))
    for row in rows:
        made = reader(row)
        [user], [assistant] = made["_prompt"], made["_response"]
        found.append((made["_images"] or [], made["_videos"] or [], user["content"], assistant["content"]))
    compare_conversation("LLaMA-Factory", found)


def llava():
    """LLaVA reads a plain JSON list: `image` or `video` is a path or a list of them."""
    found = []
    for row in json.loads((out / "llava.json").read_text()):
        user, assistant = row["conversations"]
        assert (user["from"], assistant["from"]) == ("human", "gpt") and isinstance(row["id"], str)
        images, videos = ([held] if isinstance(held, str) else held or [] for held in (row.get("image"), row.get("video")))
        found.append((images, videos, user["value"], assistant["value"]))
    wanted = [record for record in ours if not (media_of(record, "image") and media_of(record, "video"))]
    compare_conversation("LLaVA's shape", found, wanted)


compare_tables()
llava()
if len(sys.argv) > 3:
    from real_packages import Replacer, bare_package

    for name, folder in (("swift", sys.argv[3]), ("swift.dataset", sys.argv[3] + "/swift/dataset"), ("swift.dataset.preprocessor", sys.argv[3] + "/swift/dataset/preprocessor")):
        bare_package(name, folder if name != "swift" else folder + "/swift")
    for name in ("llamafactory", "llamafactory.data"):
        bare_package(name, sys.argv[4] + "/" + name.replace(".", "/"))
    sys.meta_path.append(Replacer())
    swift(sys.argv[3])
    factory(sys.argv[4])
for fault in faults[:3]:
    print(fault)
sys.exit(1 if faults else 0)
