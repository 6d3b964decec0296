#!/bin/bash
# sbatch --nodes=2 --ntasks-per-node=8 --gpus-per-node=8 deploy/slurm.sh rl configs/rl/qwen25vl-7b.yaml promptsPerStep=16 gradientAccumulationSteps=16
# Submitted from the repository's folder, which all nodes see. Slurm sends SIGTERM 5 minutes before the time is up: the run keeps a
# checkpoint and ends, and the same line goes on. With --requeue Slurm submits it again by itself after a node has failed.
#SBATCH --job-name=videor1
#SBATCH --signal=TERM@300
#SBATCH --output=videor1-%j.log
set -euo pipefail
app=$1
shift
exec srun --kill-on-bad-exit=1 \
  node --conditions=@videor1/source --import tsx "apps/$app/src/cli.ts" "$@"
