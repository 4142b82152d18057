#!/usr/bin/env bash
# Tunes svm_train.py by `cairn worker`, two trials at a time:  svm_worker.sh [ADDRESS]
set -euo pipefail
cd "$(dirname "$0")"
address=${1:-http://127.0.0.1:8080}
curl -sS --fail-with-body "$address/v1/studies" -d @svm.json >/dev/null
cairn worker --server "$address" --study svm-digits --slots 2 -- python3 svm_train.py '{c}' '{gamma}'
curl -fsS "$address/v1/studies/svm-digits/best?count=1"
