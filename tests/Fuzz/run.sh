#!/bin/bash
# Fuzzes one reader with AFL++ for some seconds: run.sh [target] [seconds] [folder for findings].
# Targets: edge (the engine's reader), session (and the engine on what is valid, between guard pages), and the ending of a file
# that the tool reads: onnx, tflite, h5, keras, npz, npy, safetensors, csv, json, yaml. The corpus beside this script is the start.
# Needs AFL++ (Debian: afl++), installed here when root.
set -euo pipefail
target=${1:-edge}
seconds=${2:-600}
out=$(realpath -m "${3:-/tmp/edge-fuzz}")
cd "$(dirname "$0")"
if ! command -v afl-fuzz > /dev/null; then
    [ "$(id -u)" = 0 ] || { echo "skipped: afl-fuzz is not installed and only root can install it"; exit 0; }
    apt-get update -qq && apt-get install -y -qq --no-install-recommends afl++
fi
mkdir -p "$out"
[ -x "$out/tool/sharpfuzz" ] || dotnet tool install --tool-path "$out/tool" SharpFuzz.CommandLine --version 2.3.0
rm -rf "$out/bin" "${out:?}/$target"
dotnet build -c Release -v q -o "$out/bin"
mkdir -p "$out/$target/seeds"
cp "corpus/$target/"* "$out/$target/seeds/"
instrumented="EdgeInference.ModelFormat"
case $target in
    edge) dotnet "$out/bin/Fuzz.dll" corpus "$out/$target/seeds" ;;
    session) dotnet "$out/bin/Fuzz.dll" corpus "$out/$target/seeds"; instrumented="EdgeInference.ModelFormat EdgeInference.Runtime" ;;
    *) instrumented="EdgeInference.ModelFormat EdgeInference.Tool PureHDF YamlDotNet" ;;
esac
for name in $instrumented; do "$out/tool/sharpfuzz" "$out/bin/$name.dll"; done
# The runtime is no instrumented binary, and a core pattern that pipes to a program cannot be changed everywhere.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_FORKSRV_INIT_TMOUT=60000
# Importers read a file by its path: one in memory is faster. Tiered compilation would count the same branches in two ways.
[ -d /dev/shm ] && export TMPDIR=/dev/shm
timeout --signal=INT "$((seconds + 60))" afl-fuzz -V "$seconds" -m none -t 2000 -i "$out/$target/seeds" -o "$out/$target/findings" -- \
    dotnet "$out/bin/Fuzz.dll" run "$target" "$PWD/corpus/companions" > "$out/$target/afl.log" 2>&1 || true
grep -E "execs_done|execs_per_sec|corpus_count|saved_crashes|saved_hangs|edges_found|run_time" "$out/$target/findings/default/fuzzer_stats"
