# shellcheck shell=bash disable=SC2034,SC2154
# A virtual screen where there is none; read by setup.sh.

has_display() { [[ -n ${DISPLAY-} || -n ${WAYLAND_DISPLAY-} ]]; }

# Starts a virtual screen, for this user alone, and sets DISPLAY and XAUTHORITY. It lives as long
# as file number 8 is open in this process or in the one that it becomes with `exec`: a watcher
# reads the other end. So it goes away however that process ends.
open_virtual_screen() {
  local folder number="" server
  folder="$(mktemp -d "${TMPDIR:-/tmp}/phidesk-screen.XXXXXX")"
  (
    umask 077
    # A cookie for any address and any display, as xauth would write it.
    printf '\377\377\0\0\0\0\0\022MIT-MAGIC-COOKIE-1\0\020' >"$folder/auth"
    head -c 16 /dev/urandom >>"$folder/auth"
  )
  # In a session of its own: Ctrl+C must reach the app, not its screen.
  exec 7< <(exec setsid Xvfb -displayfd 6 -screen 0 1600x1000x24 -nolisten tcp -noreset \
    -auth "$folder/auth" 6>&1 >"$folder/log" 2>&1 </dev/null)
  server=$!
  read -rt 30 -u 7 number || true
  exec 7<&-
  if [[ -z $number ]]; then
    kill "$server" 2>/dev/null || true
    say "Xvfb does not start:" && tail -n 5 "$folder/log" | sed 's/^/    /' >&2
    rm -rf "$folder"
    return 1
  fi
  # shellcheck disable=SC2016  # the words are for the other shell
  exec 8> >(exec setsid bash -c 'read -r; kill "$1"; rm -rf "$2"' \
    screen-watcher "$server" "$folder" >/dev/null 2>&1)
  export DISPLAY=":$number" XAUTHORITY="$folder/auth"
  unset WAYLAND_DISPLAY
}
close_virtual_screen() { exec 8>&-; }

# Qt wants UTF-8, and a bare environment says nothing about it.
ensure_utf8() {
  is_linux || return 0
  local charset="${LC_ALL:-${LC_CTYPE:-${LANG:-}}}"
  [[ ${charset,,} == *utf8* || ${charset,,} == *utf-8* ]] || export LC_ALL=C.UTF-8
}
