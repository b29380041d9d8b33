#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. Arguments go to ctest (-R name, -V ...).
set -euo pipefail
cd "$(dirname "$0")"

tools/setup.sh --tests
cmake --preset release -DPLUGPROOF_TESTS=ON >/dev/null
cmake --build --preset release
ctest --preset release -j "$(nproc)" --no-tests=error "$@"
