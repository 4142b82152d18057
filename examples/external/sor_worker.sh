#!/usr/bin/env bash
# Tunes a C program that nobody may change:  sor_worker.sh [ADDRESS]
set -euo pipefail
cd "$(dirname "$0")"
address=${1:-http://127.0.0.1:8080}
program=$(mktemp)
trap 'rm -f "$program"' EXIT
cc -O2 -o "$program" sor.c -lm
curl -sS --fail-with-body "$address/v1/studies" -d @sor.json >/dev/null
cairn worker --server "$address" --study sor --result-regex 'after ([0-9]+) sweeps' -- "$program" 64 '{omega}'
curl -fsS "$address/v1/studies/sor/best?count=1"
