#!/bin/sh
# Builds the Debian packages around programs that are published already: build.sh ARCH OUT [BIN]
#   ARCH  amd64, arm64 or armhf     OUT  folder for the .deb files     BIN  folder of the programs (default out/bin)
# VERSION overrides the version of Directory.Build.props (tests build a second one). Same input, same bits.
set -eu

fail() { echo "build.sh: $1" >&2; exit 1; }

[ $# -ge 2 ] || fail "usage: build.sh amd64|arm64|armhf OUT [BIN]"
arch=$1
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
bin=${3:-$top/out/bin}

# ELF's e_machine, two bytes little-endian at offset 18.
case $arch in
  amd64) machine=3e00 rid=linux-x64 ;;
  arm64) machine=b700 rid=linux-arm64 ;;
  armhf) machine=2800 rid=linux-arm ;;
  *) fail "architecture '$arch' is none of amd64, arm64, armhf" ;;
esac
for program in host-controller gatewayctl; do
  [ -f "$bin/$program" ] || fail "$bin/$program is not there: make build ARCH=$arch"
  found=$(od -An -tx1 -j18 -N2 "$bin/$program" | tr -d ' ')
  [ "$found" = "$machine" ] || fail "$bin/$program is not built for $arch: make build ARCH=$arch needs the .NET runtime pack for $rid from the package registry; without it only amd64 can be built"
done

version=${VERSION:-$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$top/Directory.Build.props")}
version=$(printf %s "$version" | sed 's/-/~/') # a pre-release sorts before its release
: "${SOURCE_DATE_EPOCH:=$(dpkg-parsechangelog -l "$here/changelog" -S Timestamp)}"
export SOURCE_DATE_EPOCH

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
trap 'exit 130' INT TERM
tree=$stage/gateway-software-management
mkdir -p "$tree/prebuilt"
cp -r "$here" "$tree/debian"
rm "$tree/debian/build.sh"
install -m 0755 "$bin/host-controller" "$bin/gatewayctl" "$tree/prebuilt/"
cp "$top"/docs/formats/schemas/*.schema.json "$tree/prebuilt/"

day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)
sed -i "s/@VERSION@/$version/; s/@DATE@/$day/" "$tree"/debian/*.[18]
if [ "$(dpkg-parsechangelog -l "$here/changelog" -S Version)" != "$version" ]; then
  {
    printf 'gateway-software-management (%s) unstable; urgency=medium\n\n  * New release: see CHANGELOG.md.\n\n' "$version"
    printf ' -- Gateway software management <maintainers@gateway.invalid>  %s\n\n' "$(date -R -u -d "@$SOURCE_DATE_EPOCH")"
    cat "$here/changelog"
  } >"$tree/debian/changelog"
fi
# What every reader needs is readable and not writable by others, whatever the umask of the checkout was.
chmod -R u=rwX,go=rX "$tree"

# -d: for another architecture the build dependencies are asked of that architecture, and nothing is compiled here.
(cd "$tree" && dpkg-buildpackage -b -us -uc -d -a"$arch") >"$stage/log" 2>&1 || { cat "$stage/log" >&2; fail "dpkg-buildpackage failed"; }

debs=
for package in gateway-host-controller gatewayctl; do
  debs="$debs $stage/${package}_${version}_${arch}.deb"
done
lintian=${LINTIAN:-lintian} # LINTIAN=true leaves it out
if command -v "$lintian" >/dev/null; then
  # shellcheck disable=SC2086 # names without spaces
  "$lintian" --fail-on error --tag-display-limit 0 --allow-root $debs || fail "lintian refuses the packages"
else
  echo "build.sh: lintian is not installed: the packages were not checked" >&2
fi
for deb in $debs; do
  mv "$deb" "$out/"
  echo "$out/${deb##*/}"
done
