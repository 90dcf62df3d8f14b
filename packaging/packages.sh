# shellcheck shell=bash disable=SC2034,SC2154
# The Debian packages that Qt, llama.cpp and the tests need; read by setup.sh.

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
