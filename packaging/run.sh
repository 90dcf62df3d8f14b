#!/usr/bin/env bash
# Installs what is missing and opens phidesk. `bash packaging/run.sh --help` tells more.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() {
  cat <<'TEXT'
Usage: bash packaging/run.sh [--light] [ARGUMENT...]

Installs into .venv what is missing, then opens the window with the starter model.

  --light   only the window, llama.cpp and the starter model: no torch, ready in a minute
  --help    this text
  --        what follows goes to phidesk, as in `run.sh -- --help`

Every other argument goes to phidesk: `run.sh doctor`, `run.sh chat`.
Without a display the window opens on a virtual screen (Xvfb).
TEXT
}

if [[ ${1-} == --help || ${1-} == -h ]]; then
  usage
  exit 0
fi
light=false
arguments=()
while (($#)); do
  case $1 in
    --light) light=true ;;
    --)
      arguments+=("${@:2}")
      break
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
set -- "${arguments[@]}"

# The commands that work in the terminal need neither Qt's libraries nor a screen.
window=true
mapfile -t commands < <(terminal_commands)
for argument; do
  for command in "${commands[@]}" --help -h --version; do
    if [[ $argument == "$command" ]]; then
      window=false
    fi
  done
done

virtual_screen=false
if $window && is_linux && ! has_display && [[ -z ${QT_QPA_PLATFORM-} ]]; then
  virtual_screen=true
fi

kind=none
if ! $light; then
  kind="$(engine_kind)"
fi

packages=("${LIBRARY_PACKAGES[@]}" "${FONT_PACKAGES[@]}")
if [[ $kind == nvidia ]]; then
  packages+=("${NVIDIA_PACKAGES[@]}")
fi
if $virtual_screen; then
  packages+=("${SCREEN_PACKAGES[@]}")
fi
ensure_packages "${packages[@]}"
if $virtual_screen && ! has Xvfb; then
  fail "there is no display here (DISPLAY and WAYLAND_DISPLAY are empty), and no Xvfb." \
    "Start phidesk in a desktop session, or install Xvfb. $(way_out)"
fi

if ! is_fresh base || { ! $light && ! is_fresh "engine $kind"; }; then
  take_lock
  if ! ensure_base; then
    has_older_base || fail "phidesk is not installed yet, and could not be installed now."
    say "going on with what is installed."
  elif ! $light && ! ensure_extras "$kind"; then
    say "going on without the engines that need torch: chats run on llama.cpp. The next start tries"
    say "again; with --light it does not."
  fi
  release_lock
fi

if $window; then
  require_libraries
fi
ensure_utf8
if $virtual_screen; then
  open_virtual_screen || fail "the window has no screen to open on."
  export QT_QPA_PLATFORM=xcb
  picture="XAUTHORITY=$XAUTHORITY import -display $DISPLAY -window root window.png"
  live="x11vnc -auth $XAUTHORITY -display $DISPLAY"
  say "no display here: the window is on the virtual screen $DISPLAY. A picture: $picture; live: $live"
fi
exec "$VENV_PYTHON" -P -m phidesk "$@"
