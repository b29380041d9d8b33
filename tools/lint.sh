#!/usr/bin/env bash
# clang-format on everything, clang-tidy on what clang 14 can read: units that use coroutines are left out,
# because it does not know libstdc++'s <coroutine>. Usage: tools/lint.sh [build folder with compile_commands.json]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/dev}

mapfile -t files < <(git ls-files '*.cpp' '*.hpp')
clang-format --dry-run --Werror "${files[@]}"

[[ -f $build/compile_commands.json ]] || cmake --preset dev >/dev/null
units=()
for file in "${files[@]}"; do
  [[ $file == *.cpp ]] || continue
  # A unit reads coroutines if it, or a header of the parts that use them, includes task.hpp.
  if g++ -std=c++20 -MM -I. -DASIO_STANDALONE "$file" 2>/dev/null | grep -q 'engine/base/task.hpp\|engine/run/signal.hpp'; then continue; fi
  units+=("$file")
done
printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option
