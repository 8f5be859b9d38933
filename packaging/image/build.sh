#!/bin/sh
# build.sh ARCH OUTPUT: builds the supervisor's image into OUTPUT/container-supervisor.tar, a docker archive, from
# nothing and without an engine. Three layers, so that a new version brings little that is new:
#   base     what the program needs of Debian (mmdebstrap)
#   runtime  .NET and the libraries
#   program  our own assemblies
# The same sources and packages give the same bytes.
set -eu
cd "$(dirname "$0")/../.."
arch=$1 output=$2
suite=bookworm
packages=libmosquitto1,gpgv,ca-certificates,libgcc-s1,libstdc++6,zlib1g,tzdata
# VERSION builds as another version: what an update brings is measured with it.
version=${VERSION:-$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)}
epoch=${SOURCE_DATE_EPOCH:-1767225600}
case $arch in
  amd64) rid=linux-x64 goarch=amd64 variant= ;;
  arm64) rid=linux-arm64 goarch=arm64 variant= ;;
  armhf) rid=linux-arm goarch=arm variant='"variant":"v7",' ;;
  *) echo "build.sh: ARCH=$arch: only amd64, arm64 and armhf are supported" >&2; exit 2 ;;
esac
restore=
[ "$arch" = amd64 ] || restore='-p:RestoreLockedMode=false -p:RestorePackagesWithLockFile=false'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# A tar whose bytes depend on the files' names, modes and content alone. Not on the time of the build: a layer that did
# not change must stay the same layer, or every version would bring .NET anew.
pack() { tar --create --directory "$1" --sort=name --mtime=@1767225600 --owner=0 --group=0 --numeric-owner --format=gnu .; }
digest() { sha256sum "$1" | cut -d' ' -f1; }

# -- base ------------------------------------------------------------------------------------------------------------
base_layer() {
  cache=out/cache/base-$suite-$arch-$(printf '%s' "$packages" | cat - "$0" | sha256sum | cut -c1-12).tar
  # Debian's updates come in when the cache is older than a day.
  if [ -n "$(find "$cache" -mtime -1 2>/dev/null)" ]; then
    cp "$cache" "$work/base.tar"
    return
  fi
  echo "Base layer: $packages of Debian $suite ($arch)"
  if ! mmdebstrap --quiet --variant=extract --architectures="$arch" --include="$packages" "$suite" "$work/debian.tar" ${MIRROR:+"$MIRROR"}; then
    [ -e "$cache" ] || { echo "build.sh: Debian's packages could not be had, see above; MIRROR=http://… names another mirror" >&2; exit 1; }
    echo "build.sh: Debian's packages could not be had; going on with the base layer of $(date -r "$cache" +%F)" >&2
    cp "$cache" "$work/base.tar"
    return
  fi
  mkdir "$work/base"
  # Devices are the engine's to give.
  tar --extract --directory "$work/base" --file "$work/debian.tar" --exclude='./dev/*'
  strip_base "$work/base"
  pack "$work/base" >"$work/base.tar"
  mkdir -p out/cache
  rm -f "out/cache/base-$suite-$arch-"*.tar
  cp "$work/base.tar" "$cache"
}

strip_base() {
  root=$1
  # ca-certificates' maintainer script is not run: what it would write is written here.
  find "$root/usr/share/ca-certificates/mozilla" -name '*.crt' | LC_ALL=C sort | xargs cat >"$root/etc/ssl/certs/ca-certificates.crt"
  find "$root/usr/share/doc" -mindepth 2 ! -name copyright -delete 2>/dev/null || true
  rm -rf "$root"/usr/share/man "$root"/usr/share/info "$root"/usr/share/locale "$root"/usr/share/lintian "$root"/usr/share/bug \
    "$root"/usr/share/zoneinfo/right "$root"/usr/share/zoneinfo/posix "$root"/usr/lib/*-linux-gnu*/gconv "$root"/usr/share/ca-certificates "$root"/usr/share/gcc "$root"/usr/share/gdb \
    "$root"/var/cache/* "$root"/var/lib/apt "$root"/var/log/* "$root"/etc/apt "$root"/var/lib/dpkg/info/*.md5sums "$root"/tmp/*
  mkdir -p "$root/etc/gateway" "$root/run/gateway" "$root/var/lib/gateway/container-supervisor"
  printf 'root:x:0:0:root:/root:/usr/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\n' >"$root/etc/group"
  mkdir -p "$root/tmp" && chmod 1777 "$root/tmp"
}

# -- runtime and program ---------------------------------------------------------------------------------------------
program_layers() {
  published=out/publish/container-supervisor-image
  rm -rf "$published"
  # As in build/publish.sh: stale trimmed and precompiled files crash at start.
  objects=container-supervisor/Gateway.ContainerSupervisor/obj/Release/net10.0/$rid
  rm -rf "$objects/linked" "$objects/R2R"
  # shellcheck disable=SC2086 # several words on purpose
  dotnet publish container-supervisor/Gateway.ContainerSupervisor -c Release -r "$rid" -o "$published" -p:PublishSingleFile=false -p:Version="$version" \
    --nologo -v quiet -clp:NoSummary $restore
  # A program that does not even start must not become an image.
  if [ "$arch" = "$(dpkg --print-architecture)" ] && [ "$("$published/container-supervisor" --version)" != "$version" ]; then
    echo "build.sh: the published program does not start" >&2
    exit 1
  fi
  app=usr/lib/container-supervisor
  mkdir -p "$work/runtime/$app" "$work/program/$app" "$work/program/usr/bin"
  for file in "$published"/*; do
    case ${file##*/} in
      container-supervisor | container-supervisor.* | Gateway.*) cp "$file" "$work/program/$app/" ;;
      # Debuggers and spare collectors: nobody attaches to a gateway.
      createdump | *.pdb | *.xml | libmscordaccore.so | libmscordbi.so | libcoreclrtraceptprovider.so | libclrgc.so | libclrgcexp.so) ;;
      *) cp "$file" "$work/runtime/$app/" ;;
    esac
  done
  ln -s "/$app/container-supervisor" "$work/program/usr/bin/container-supervisor"
  find "$work/runtime" "$work/program" -type d -exec chmod 755 {} +
  find "$work/runtime" "$work/program" -type f -exec chmod 644 {} +
  chmod 755 "$work/program/$app/container-supervisor"
  pack "$work/runtime" >"$work/runtime.tar"
  pack "$work/program" >"$work/program.tar"
}

# -- the archive -----------------------------------------------------------------------------------------------------
write_config() {
  created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
  cat <<EOF
{"architecture":"$goarch",${variant}"os":"linux","created":"$created",
"config":{"User":"0:0","WorkingDir":"/","StopSignal":"SIGTERM",
"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin","DOTNET_EnableDiagnostics=0","MALLOC_ARENA_MAX=2","SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
"Entrypoint":["/usr/bin/container-supervisor"],"Cmd":["run"],
"Healthcheck":{"Test":["CMD","/usr/bin/container-supervisor","health"],"Interval":15000000000,"Timeout":10000000000,"StartPeriod":60000000000,"StartInterval":2000000000,"Retries":3},
"Labels":{"io.gateway.role":"supervisor","org.opencontainers.image.title":"container-supervisor","org.opencontainers.image.version":"$version","org.opencontainers.image.created":"$created"}},
"rootfs":{"type":"layers","diff_ids":["sha256:$(digest "$work/base.tar")","sha256:$(digest "$work/runtime.tar")","sha256:$(digest "$work/program.tar")"]},
"history":[{"created":"$created","created_by":"Debian $suite: $packages"},{"created":"$created","created_by":".NET runtime and libraries"},{"created":"$created","created_by":"container-supervisor $version"}]}
EOF
}

base_layer
echo "Image container-supervisor $version ($arch)"
program_layers
mkdir "$work/image"
write_config | tr -d '\n' >"$work/config.json"
config=$(digest "$work/config.json").json
mv "$work/config.json" "$work/image/$config"
layers=
for layer in base runtime program; do
  name=$(digest "$work/$layer.tar")
  mkdir "$work/image/$name"
  mv "$work/$layer.tar" "$work/image/$name/layer.tar"
  layers="$layers${layers:+,}\"$name/layer.tar\""
done
printf '[{"Config":"%s","RepoTags":["gateway/container-supervisor:%s"],"Layers":[%s]}]\n' "$config" "$version" "$layers" >"$work/image/manifest.json"
mkdir -p "$output"
pack "$work/image" >"$output/container-supervisor.tar.new"
mv "$output/container-supervisor.tar.new" "$output/container-supervisor.tar"
echo "$output/container-supervisor.tar: $(du -m "$output/container-supervisor.tar" | cut -f1) MB, sha256:${config%.json}"
