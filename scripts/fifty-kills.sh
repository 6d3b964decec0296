#!/usr/bin/env bash
# bash scripts/fifty-kills.sh [folder]
# The smoke job, then 50 SIGKILLs at random moments over SFT, T-GRPO and the bench of its models and data; each run is
# compared byte for byte with one that was not killed. Ends at the first difference with exit code 1.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/fifty-kills}
smoke=$folder/smoke
npm start -- configs/miniature-smoke.yaml runDir="$smoke" "arms={tgrpo: []}"
verify() { npm run "$1" -- "$smoke/$2/config.yaml" outputDir="$folder/$1" --verify-resume="$3" "${@:4}"; }
verify sft sft 17 data.phases.0.steps=8 data.phases.1.steps=4 batchSize=4 checkpoint.everySteps=2 validation.everySteps=3
verify rl rl/tgrpo 17 maxSteps=6 promptsPerStep=2 checkpoint.everySteps=1 validation.everySteps=2
verify bench bench/tgrpo 16 limit=16 batchSize=4
