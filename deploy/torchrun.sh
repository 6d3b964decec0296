#!/bin/bash
# One machine: deploy/torchrun.sh rl configs/rl/qwen25vl-7b.yaml promptsPerStep=8 gradientAccumulationSteps=8
# Two machines, on each: NODES=2 NODE=<0 or 1> MASTER=<host of node 0> deploy/torchrun.sh rl …
# GPUS: processes on each machine, default one for each GPU. RESTARTS: how often all start again when one fails.
set -euo pipefail
cd "$(dirname "$0")/.."
app=$1
shift
gpus=${GPUS:-$(nvidia-smi --list-gpus | wc -l)}
meeting=(--standalone)
if [ "${NODES:-1}" -gt 1 ]; then
  meeting=(--nnodes="$NODES" --node-rank="$NODE" --master-addr="$MASTER" --master-port="${PORT:-29500}")
fi
exec torchrun "${meeting[@]}" --nproc-per-node="$gpus" --max-restarts="${RESTARTS:-0}" --no-python \
  node --conditions=@videor1/source --import tsx "apps/$app/src/cli.ts" "$@"
