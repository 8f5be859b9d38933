# shellcheck shell=sh
# The few Engine API calls the demo needs beside the programs', through curl on the private engine's socket.
# Expects $socket, the path of that socket.

engine() { # engine METHOD PATH [curl argument...]
  engine_method=$1 engine_path=$2
  shift 2
  curl --silent --show-error --fail-with-body --max-time 300 --unix-socket "$socket" -X "$engine_method" "http://localhost$engine_path" "$@"
}

# Pushes an image that the engine has to the private registry; prints its reference with digest.
engine_push() { # engine_push IMAGE REPOSITORY TAG
  engine POST "/images/$1/tag?repo=$registry/$2&tag=$3" >/dev/null
  answer=$(engine POST "/images/$registry/$2/push?tag=$3" -H 'X-Registry-Auth: e30=')
  digest=$(printf '%s' "$answer" | grep -o '"Digest":"sha256:[0-9a-f]\{64\}"' | head -n 1 | cut -d '"' -f 4)
  if [ -z "$digest" ]; then
    echo "demo: the push of $2:$3 failed: $answer" >&2
    return 1
  fi
  echo "$registry/$2:$3@$digest"
}

# Makes an image out of busybox and one script, /app; prints its reference with digest.
engine_image() { # engine_image NAME TAG SCRIPT
  layout=$(mktemp -d "$demo/image.XXXXXX")
  mkdir -p "$layout/bin" "$layout/tmp" "$layout/data"
  cp /bin/busybox "$layout/bin/busybox"
  for applet in sh httpd wget sleep date cat echo hostname; do ln "$layout/bin/busybox" "$layout/bin/$applet"; done
  printf '#!/bin/sh\n%s\n' "$3" >"$layout/app"
  chmod 0755 "$layout/app"
  tar -C "$layout" -c . | engine POST "/images/create?fromSrc=-&repo=$1&tag=$2&changes=ENTRYPOINT%20%5B%22%2Fapp%22%5D" -H 'Content-Type: application/x-tar' -T - >/dev/null
  rm -rf "$layout"
  engine_push "$1:$2" "$1" "$2"
}
