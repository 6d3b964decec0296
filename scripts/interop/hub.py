"""What Python says of the Hub, of archives and of its settings: one command, its arguments in a JSON file, the answer as JSON.

python3 scripts/interop/hub.py COMMAND FILE
"""

import hashlib
import io
import json
import os
import sys
import tarfile
import zipfile
from pathlib import Path


def contents(folder):
    """Every file below a folder, links followed, with the SHA-256 of its content."""
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in files]
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in zip(names, files)
        if not name.startswith((".cache/", ".videor1-unpack/"))
    }


def snapshot(options):
    from huggingface_hub import snapshot_download

    return contents(snapshot_download(**options))


def scan(options):
    from huggingface_hub import scan_cache_dir

    found = scan_cache_dir(**options)
    return {
        "warnings": [str(warning) for warning in found.warnings],
        "repos": [[r.repo_type, r.repo_id, r.nb_files, sorted(r.refs)] for r in found.repos],
    }


def choose(options):
    from huggingface_hub.utils import filter_repo_objects

    return [
        list(filter_repo_objects(options["paths"], allow_patterns=include or None, ignore_patterns=exclude or None))
        for include, exclude in options["patterns"]
    ]


def settings(_):
    from huggingface_hub import constants
    from huggingface_hub.utils._headers import get_token_to_send

    return {
        "endpoint": constants.ENDPOINT,
        "cache": constants.HF_HUB_CACHE,
        "isOffline": constants.is_offline_mode(),
        "token": get_token_to_send(None),
    }


def archives(options):
    """Writes archives in all forms of zipfile and tarfile, and unpacks each itself."""
    folder = Path(options["folder"])
    files = {name: bytes.fromhex(content) for name, content in options["files"].items()}
    written = {}
    for name, compression in [("deflated", zipfile.ZIP_DEFLATED), ("stored", zipfile.ZIP_STORED)]:
        for is_large in [False, True]:
            path = folder / f"{name}{'-zip64' if is_large else ''}.zip"
            with zipfile.ZipFile(path, "w", compression) as archive:
                for file, content in files.items():
                    with archive.open(file, "w", force_zip64=is_large) as entry:
                        entry.write(content)
            written[path.name] = lambda path, to: zipfile.ZipFile(path).extractall(to)
    forms = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
    for name, form in forms.items():
        for mode, ending in [("w", "tar"), ("w:gz", "tar.gz")]:
            path = folder / f"{name}.{ending}"
            with tarfile.open(path, mode, format=form) as archive:
                for file, content in files.items():
                    if form == tarfile.USTAR_FORMAT and len(file) > 90:
                        continue
                    entry = tarfile.TarInfo(file)
                    entry.size = len(content)
                    entry.mtime = 1_700_000_000
                    archive.addfile(entry, io.BytesIO(content))
            written[path.name] = lambda path, to: tarfile.open(path).extractall(to, filter="data")
    trees = {}
    for name, unpack in written.items():
        to = folder / "theirs" / name
        to.mkdir(parents=True)
        unpack(folder / name, to)
        trees[name] = contents(to)
    return trees


if __name__ == "__main__":
    commands = {
        "snapshot": snapshot,
        "scan": scan,
        "choose": choose,
        "settings": settings,
        "archives": archives,
        "contents": lambda options: contents(**options),
    }
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    print(json.dumps(commands[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text()))))
