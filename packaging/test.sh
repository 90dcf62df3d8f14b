#!/usr/bin/env bash
# Installs what is missing and runs all checks and tests, the tests in two processes beside each
# other. Arguments go to pytest, which then runs in one: `bash packaging/test.sh -k catalog`.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$ROOT"

kind="$(engine_kind)"
packages=("${LIBRARY_PACKAGES[@]}" "${FONT_PACKAGES[@]}" "${SCREEN_PACKAGES[@]}")
if [[ $kind == nvidia ]]; then
  packages+=("${NVIDIA_PACKAGES[@]}")
fi
ensure_packages "${packages[@]}"
if is_linux && ! has Xvfb; then
  fail "the tests need Xvfb, a virtual screen." "$(way_out)"
fi

if ! is_ready_for_tests "$kind"; then
  take_lock
  COMPILE_LATER=true
  BASE_EXTRA=dev
  ensure_base || fail "the tests cannot run: phidesk could not be installed."
  require_libraries
  if is_fresh dev; then
    # It takes most of a minute, and reads nothing of what is still to be installed.
    "$VENV_PYTHON" -m mypy >"$STATE/mypy.log" 2>&1 </dev/null 9<&- &
    CHECKER=$!
  fi
  ensure_extras "$kind" dev || fail "the tests cannot run without torch and the checks."
  release_lock
fi
require_libraries
compile_installed # beside the checks

ensure_utf8
export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
if is_linux; then
  open_virtual_screen || fail "the tests have no screen."
fi

failed=()
# check NAME COMMAND...: runs one check, timed, and remembers whether it failed.
check() {
  local name=$1 start=$SECONDS word=passed
  shift
  echo "== $name"
  if ! "$@" </dev/null 8>&-; then
    word=FAILED
    failed+=("$name")
  fi
  echo "== $name $word ($((SECONDS - start)) s)"
}

# What mypy says, which may run since the install.
check_types() {
  local status=0
  if [[ -z $CHECKER ]]; then
    "$VENV_PYTHON" -m mypy
    return
  fi
  wait "$CHECKER" || status=$?
  CHECKER=""
  cat "$STATE/mypy.log"
  return "$status"
}

check "ruff format" "$VENV_PYTHON" -m ruff format --check .
check "ruff check" "$VENV_PYTHON" -m ruff check .
check "mypy" check_types
check "lint-imports" "$VENV_PYTHON" -c \
  'from importlinter.cli import lint_imports_command as main; main()' --no-logo

if ! (($#)); then
  # Each of the two, and what it starts, computes on one core: more threads only wait for others.
  export OMP_NUM_THREADS="${OMP_NUM_THREADS-1}"
  set -- --numprocesses 2 --no-loadscope-reorder --durations 40 --durations-min 5
fi
# Before pytest, to which what the compiler warns of would be an error.
await_compiled
# pytest's own summary is the last line, unless a check failed.
echo "== pytest"
"$VENV_PYTHON" -m pytest "$@" </dev/null 8>&- || failed+=("pytest")
if is_linux; then
  close_virtual_screen
fi
if ((${#failed[@]})); then
  printf -v list '%s, ' "${failed[@]}"
  echo "== failed: ${list%, }"
  exit 1
fi
