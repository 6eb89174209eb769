# What bin/start and bin/test share: finding out what this machine lacks, and getting it. POSIX sh; needs only a shell.
# Sourced, from the top of the checkout, after `set -eu`.

MISSING=""

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
need() { MISSING="$MISSING $*"; }

have_library() {
  for folder in /usr/lib /usr/lib64 /lib /usr/local/lib /opt/homebrew/lib; do
    for file in "$folder/$1"* "$folder"/*/"$1"*; do
      [ -e "$file" ] && return 0
    done
  done
  return 1
}

# The first Python that will do: 3.11 or newer, able to make a virtual environment.
find_python() {
  for candidate in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    found=$(command -v "$candidate") || continue
    "$found" -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)' >/dev/null 2>&1 || continue
    say "$found"
    return 0
  done
  return 1
}

need_python() { [ -x .venv/bin/python ] || find_python >/dev/null || need python3 python3-venv; }

need_pango() {
  have_library libpango-1.0. && have_library libpangoft2-1.0. && have_library libharfbuzz-subset. ||
    need libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    return 1
  fi
}

# Installs what is missing, or says the one line with which an administrator does. Fails when something stays missing.
system_packages() {
  [ -n "$MISSING" ] || return 0
  if command -v apt-get >/dev/null 2>&1; then
    say "Systeempakketten installeren:$MISSING"
    # The names in MISSING are ours, each a word.
    as_root sh -c "export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && \
      apt-get install -y -qq --no-install-recommends $MISSING" </dev/null >/dev/null && return 0
    complain "Dat lukte niet. Laat een beheerder dit doen: apt-get install --no-install-recommends$MISSING"
  else
    complain "Deze machine mist:$MISSING"
  fi
  return 1
}

checksum() { cat "$@" | cksum | tr -d ' '; }

# Whether step $1 was done before for these files; `done_now` says that it is.
done_before() { [ -e ".venv/.$1-$2" ]; }
done_now() {
  rm -f ".venv/.$1-"*
  : >".venv/.$1-$2"
}

# Networks that inspect TLS: let node and uv trust what the system trusts. (After apt, which may just have brought it.)
trust_system() {
  bundle=/etc/ssl/certs/ca-certificates.crt
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$bundle" ]; then export NODE_EXTRA_CA_CERTS="$bundle"; fi
  export UV_NATIVE_TLS=1
}

# Python packages in .venv, exactly those of the requirements file $1. USE_UV=1 is quicker where it may fetch uv.
packages() {
  sum=$(checksum "$1")
  done_before "$1" "$sum" && return 0
  say "Python-pakketten installeren (de eerste keer een paar minuten)"
  if [ ! -x .venv/bin/python ]; then
    interpreter=$(find_python) || { complain "Python 3.11 of nieuwer met venv is nodig."; return 1; }
    "$interpreter" -m venv .venv
  fi
  pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 .venv/bin/python -m pip install -q"
  if [ -n "${USE_UV:-}" ]; then
    $pip uv
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$1"
  else
    $pip --require-hashes -r "$1"
  fi
  done_now "$1" "$sum"
}

# Styles, script and fonts in static/build, from npm packages.
styles() {
  sum=$(checksum package-lock.json static/build.mjs static/src/* static/themes/*)
  if [ -e static/build/portal.css ] && done_before styles "$sum"; then return 0; fi
  say "Vormgeving bouwen"
  (
    PATH="$PWD/.venv/bin:$PATH"
    lock=$(checksum package-lock.json)
    if [ ! -d node_modules ] || ! done_before npm "$lock"; then
      npm ci --loglevel=error --ignore-scripts --no-audit --no-fund </dev/null >/dev/null
      done_now npm "$lock"
    fi
    npm run -s build
  )
  done_now styles "$sum"
}
