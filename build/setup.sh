#!/bin/sh
# Installs from Debian what a door of the Makefile needs: setup.sh build|image|deb|sandbox|test|e2e|qemu|lint|bench ...
# Asks dpkg first, so that a machine that has it all is not touched. Services that come with a package are
# neither started nor enabled: the demo and the tests run private ones of their own.
set -eu

packages_of() {
  case "$1" in
    build) echo gpg gpg-agent gpgv libmosquitto1 ca-certificates ;;
    image) echo mmdebstrap ca-certificates debian-archive-keyring ;;
    deb) echo debhelper dpkg-dev fakeroot lintian ;;
    sandbox) echo docker-registry mosquitto iproute2 iptables openssl busybox-static procps curl ca-certificates ;;
    test) echo mmdebstrap debian-archive-keyring ansible-core python3 strace ;;
    lint) echo shellcheck ;;
    e2e) echo mmdebstrap debian-archive-keyring dpkg-dev e2fsprogs slirp4netns ;;
    qemu) echo qemu-system-x86 qemu-utils ;;
    bench) echo ansible-core docker-compose mmdebstrap debian-archive-keyring time ;;
    *) echo "setup.sh: no such set '$1'" >&2; exit 64 ;;
  esac
  if [ "$1" = sandbox ]; then
    # An engine that is already here (docker-ce, say) serves as a program; Debian's would conflict with it.
    command -v dockerd >/dev/null 2>&1 || echo docker.io
  fi
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=
for set in "$@"; do
  for package in $(packages_of "$set"); do
    installed "$package" || missing="$missing $package"
  done
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "setup.sh: run as root, or install by hand:$missing" >&2
  exit 1
fi

policy=/usr/sbin/policy-rc.d
made_policy=
cleanup() { [ -z "$made_policy" ] || rm -f "$policy"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 0755 "$policy"
fi

echo "Installing from Debian:$missing"
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none
log=$(mktemp)
# shellcheck disable=SC2086 # a list of package names
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  rm -f "$log"
  echo "setup.sh: apt could not install:$missing" >&2
  exit 1
fi
rm -f "$log"

if [ -d /run/systemd/system ]; then
  for package in $missing; do
    case "$package" in
      docker.io) systemctl disable -q docker.service docker.socket containerd.service 2>/dev/null || true ;;
      docker-registry | mosquitto) systemctl disable -q "$package.service" 2>/dev/null || true ;;
    esac
  done
fi
