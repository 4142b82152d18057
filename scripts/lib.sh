# Shared by the scripts: says things, finds Swift, installs packages.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
swift_version=6.3.1

say() { printf '%s\n' "$*" >&2; }
die() {
  printf 'cairn: %s\n' "$*" >&2
  exit 1
}

# Runs a command as root; plainly says so when that is not possible.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "needs root to run '$*': run this script as root, or install sudo."
  fi
}

# Installs the Debian or Ubuntu packages that are missing.
install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || die "these packages are missing, and there is no apt-get to install them: ${missing[*]}"
  say "Installing ${missing[*]} …"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
    die "apt-get update failed: is there a network, and is the disk full?"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    die "apt-get could not install ${missing[*]}: is there a network, and room on the disk?"
}

# Free megabytes where the checkout lies.
free_megabytes() { df -Pm "$root" | awk 'NR == 2 { print $4 }'; }

# The toolchain that scripts/setup put aside goes first.
if [ -x "$root/.toolchain/usr/bin/swift" ]; then PATH="$root/.toolchain/usr/bin:$PATH"; fi
