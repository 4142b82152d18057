#!/usr/bin/env bash
# Ask and tell by curl and jq alone:  shell_loop.sh [ADDRESS]
# It looks for the level of gzip that makes the smallest file of this folder.
set -euo pipefail
cd "$(dirname "$0")"
address=${1:-http://127.0.0.1:8080}/v1/studies
call() { curl -sS --fail-with-body --retry 5 --retry-connrefused -H 'Content-Type: application/json' "$@"; }

call "$address" -d '{
  "name": "gzip", "model": {"kind": "external"},
  "parameters": {"level": {"type": "integer", "min": 1, "max": 9}},
  "algorithm": {"name": "grid"}, "objective": {"metric": "bytes", "goal": "minimize"}}' >/dev/null

ask=$(jq -n --arg worker "$(hostname)-$$" '{count: 1, worker: $worker, wait_seconds: 30}')
answer=$(call "$address/gzip/suggestions" -d "$ask")
while true; do
  number=$(jq '.items[0].number // empty' <<<"$answer")
  if [ -z "$number" ]; then
    [ "$(jq -r .study_state <<<"$answer")" = running ] || break
    sleep "$(jq '.retry_after_seconds // 1' <<<"$answer")"
    answer=$(call "$address/gzip/suggestions" -d "$ask")
    continue
  fi
  level=$(jq '.items[0].parameters.level' <<<"$answer")
  bytes=$(cat ./*.* | gzip "-$level" | wc -c)
  # The next trial comes with the answer to this one's result.
  answer=$(jq -n --argjson bytes "$bytes" --argjson next "$ask" '{metrics: {bytes: $bytes}, next: ($next + {wait_seconds: 0})}' |
    call "$address/gzip/trials/$number/complete" -d @-)
done
call "$address/gzip/best?count=1" | jq -c '.items[0] | {parameters, value}'
