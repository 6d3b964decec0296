#!/usr/bin/env bash
# Builds the addon against this machine's PyTorch and checks and times it. Needs python3 with torch, and g++; no Node, no npm,
# no network. For transformers' times: python3 with transformers. Another python3 than the PATH's: PYTHON=/its/path.
#   bash run.sh [--part 1|2] [--size 7b|small|tiny] [--device cuda:0|cpu] [--minutes 8] [--weights FOLDER] [--out FOLDER]
set -eu
cd "$(dirname "$0")"
if [ ! -x ./node ]; then
  "${PYTHON:-python3}" -c 'import lzma, shutil; shutil.copyfileobj(lzma.open("node.xz"), open("node.part", "wb"))'
  chmod +x node.part
  mv node.part node
fi
exec ./node check.mjs "$@"
