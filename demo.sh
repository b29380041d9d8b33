#!/usr/bin/env bash
# From nothing to a report: installs what is missing, builds, runs every applicable case for one certified
# charger against the reference charge point on virtual time, and says where the report lies.
set -euo pipefail
cd "$(dirname "$0")"

tools/setup.sh
cmake --preset release -DPLUGPROOF_TESTS=OFF >/dev/null
cmake --build --preset release --target plugproof

pics=pics/certified/CSC-07A7-1.yaml
echo
./build/release/cli/plugproof run --pics "$pics" --out runs "$@"
