#!/bin/bash
# Fuzzes the model reader for some seconds: run.sh [seconds] [folder for findings]. Needs AFL++ (Debian: afl++), installed here when root.
set -euo pipefail
seconds=${1:-600}
out=$(realpath -m "${2:-/tmp/edge-fuzz}")
cd "$(dirname "$0")"
if ! command -v afl-fuzz > /dev/null; then
    [ "$(id -u)" = 0 ] || { echo "skipped: afl-fuzz is not installed and only root can install it"; exit 0; }
    apt-get update -qq && apt-get install -y -qq --no-install-recommends afl++
fi
rm -rf "$out" && mkdir -p "$out"
dotnet build -c Release -v q -o "$out/bin"
[ -x "$out/tool/sharpfuzz" ] || dotnet tool install --tool-path "$out/tool" SharpFuzz.CommandLine --version 2.3.0
dotnet "$out/bin/Fuzz.dll" corpus "$out/corpus"
"$out/tool/sharpfuzz" "$out/bin/ModelFormat.dll"
# The runtime is no instrumented binary, and a core pattern that pipes to a program cannot be changed everywhere.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1
timeout --signal=INT "$((seconds + 60))" afl-fuzz -V "$seconds" -m none -t 1000 -i "$out/corpus" -o "$out/findings" -- dotnet "$out/bin/Fuzz.dll" > "$out/afl.log" 2>&1 || true
grep -E "execs_done|execs_per_sec|corpus_count|saved_crashes|saved_hangs|bitmap_cvg|run_time" "$out/findings/default/fuzzer_stats"
