#!/usr/bin/env bash
# Installs what plugproof is built from and tested with, on Debian 12. Does nothing where all is there.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache
  libwebsocketpp-dev libasio-dev libssl-dev rapidjson-dev libyaml-cpp-dev libcli11-dev
  libcpp-httplib-dev libcurl4-openssl-dev libkainjow-mustache-dev libarchive-dev
)
if [[ "${1:-}" == "--tests" ]]; then
  packages+=(libgtest-dev libbenchmark-dev libxml2-utils openssl chromium curl proftpd-core proftpd-mod-crypto proftpd-mod-vroot)
  # Node.js comes from Debian unless a newer one is installed already.
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "Please install as root: apt-get install ${missing[*]}" >&2; exit 2; }
  as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
# RUNLEVEL=1: a server among the packages (proftpd) is installed, but no service of it is started now,
# and none at boot where systemd decides that. The tests start it themselves, as an ordinary program.
had_proftpd=$(dpkg-query -W -f='${Status}' proftpd-core 2>/dev/null || true)
"${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
if [[ " ${missing[*]} " == *" proftpd-core "* && "$had_proftpd" != *installed ]] && [[ -d /run/systemd/system ]]; then
  "${as_root[@]}" systemctl disable --now proftpd >/dev/null 2>&1 || true
fi
