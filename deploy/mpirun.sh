#!/bin/bash
# One machine: RANKS=8 deploy/mpirun.sh rl configs/rl/qwen25vl-7b.yaml promptsPerStep=8 gradientAccumulationSteps=8
# Several: RANKS=16 HOSTS=node0:8,node1:8 deploy/mpirun.sh rl …   (the repository and the output folder are on all of them)
# --bind-to none: a process that is bound to one core gives BLAS one thread, and other last bits on a CPU.
set -euo pipefail
cd "$(dirname "$0")/.."
app=$1
shift
hosts=()
if [ -n "${HOSTS:-}" ]; then
  first=${HOSTS%%,*}
  hosts=(--host "$HOSTS" -x "MASTER_ADDR=${first%%:*}")
fi
exec mpirun -np "$RANKS" "${hosts[@]}" --bind-to none -x PATH \
  node --conditions=@videor1/source --import tsx "apps/$app/src/cli.ts" "$@"
