#!/usr/bin/env bash
# temporal-dev.sh: a local Temporal server for Muster. Finds or gets the pinned one, starts it tuned and durable,
# registers search attributes and retention, prints where it is. Everything is on loopback.
#
#   ./temporal-dev.sh [options]   starts it detached, or reuses the one that runs
#     --foreground   stays; SIGINT or SIGTERM stops the server    --stop      stops what this home started
#     --ephemeral    in memory, on ports of its own               --status    where it is; exit 3 when not running
#     --untuned      with the server's default settings           --settings  the settings used, KEY=VALUE
# Settings (environment) and their defaults:
#   TEMPORAL_ADDRESS               reuse the server there; on 127.0.0.1, start one there. Else: a server of this home's own
#   MUSTER_HOME                    the nearest .muster/ upward, else ./.muster: temporal.db, .log, .pid, .json
#   MUSTER_TEMPORAL_PORT           7233 when free, else any        MUSTER_TEMPORAL_UI_PORT    8233 when free, else any
#   MUSTER_TEMPORAL_UNTUNED        1 is --untuned                  MUSTER_TEMPORAL_RETENTION  30d (or hours: 720h; also --retention)
#   MUSTER_TEMPORAL_CLI            path of a temporal; else PATH, cache, official download, Go build, in this order
#   MUSTER_TEMPORAL_DOWNLOAD_BASE  the official release; none: no download
#   MUSTER_CACHE_DIR               ~/.cache/muster                 MUSTER_PROGRESS_SECONDS    15, between two progress lines
#   MUSTER_TEMPORAL_PATIENCE       60, seconds without a word or work after which a starting server is given up
# stdout: the lines address=HOST:PORT and ui=URL; all messages go to stderr.
# Exit: 0 ok, 1 failed, 2 usage, 3 not running, 5 the server can't be got or started.

# An empty variable is an unset one: NAME= in a .env or compose file.
for name in "${!TEMPORAL_@}" "${!MUSTER_@}"; do [[ ${!name} == *[![:space:]]* ]] || unset "$name"; done
set -u
cli_version=1.8.2
server_minor=31 # the pinned CLI holds server 1.31.2; an older one on PATH is not used
search_attributes='MusterClass MusterTenant MusterState MusterSession'
pragmas='journal_mode=WAL synchronous=FULL'
tuned='history.transferProcessorMaxPollRPS=2000 history.timerProcessorMaxPollRPS=2000 history.visibilityProcessorMaxPollRPS=2000
history.timerProcessorMaxTimeShift="10ms" system.enableActivityEagerExecution=true
history.maximumBufferedEventsBatch=10000 history.MaxBufferedQueryCount=1000
matching.numTaskqueueReadPartitions=1 matching.numTaskqueueWritePartitions=1 matching.enableFairness=true
frontend.rps=50000 frontend.namespaceRPS=50000 history.rps=50000 matching.rps=50000'
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) && . "$here/temporal-dev/database.sh" && . "$here/temporal-dev/patience.sh" || exit 1
progress_every=${MUSTER_PROGRESS_SECONDS:-15} patience=${MUSTER_TEMPORAL_PATIENCE:-60}
cache=${MUSTER_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/muster}
download_base=${MUSTER_TEMPORAL_DOWNLOAD_BASE:-https://github.com/temporalio/cli/releases/download/v$cli_version}
ports_pattern='--port ([0-9]+) --ui-port ([0-9]+)'
bin='' version='' server_pid='' launched='' child='' scratch='' locks='' printed=''

say() { printf 'temporal-dev: %s\n' "$*" >&2; }
fail() { # fail CODE WHAT-HAPPENED [WHAT-TO-DO]
  say "$2" && [ -n "${3-}" ] && printf '  Next: %s\n' "$3" >&2
  exit "$1"
}
last_lines() { { grep -m 1 '^panic:' "$1"; tail -n 6 "$1"; } | sed 's/^/  /' >&2; }

# ---- processes, locks, ports ----
# A process's command line; empty when it is gone or a zombie.
command_of() { tr '\0' ' ' <"/proc/$1/cmdline" || ps -ww -o command= -p "$1"; } 2>/dev/null
runs_as() { [[ $1 =~ ^[0-9]+$ && $(command_of "$1") == *"$2"* ]]; } # runs_as PID WORDS: alive, with WORDS in its command line?
spawn() { # starts "$@" as $child in its own process group: Ctrl-C reaches only us, and closing the terminal does not end it
  set -m
  "$@" </dev/null &
  child=$!
  set +m
}
run_child() { # a signal to us ends the wait at once
  spawn "$@"
  { wait "$child" && child=''; } 2>/dev/null
}
# A lock is a symbolic link that names its owner's pid: made in one step, on every system, without flock.
owner_of() { readlink "$1" 2>/dev/null | sed 's/^pid://'; }
stale() { [ -L "$1" ] && ! runs_as "$(owner_of "$1")" temporal-dev; }
take_lock() { # take_lock FILE WHAT-ITS-OWNER-IS-DOING
  local waited=0
  { mkdir -p "${1%/*}" && [ -w "${1%/*}" ]; } 2>/dev/null || fail 5 "can't write to ${1%/*}." "set MUSTER_HOME or MUSTER_CACHE_DIR to another"
  until ln -s "pid:$$" "$1" 2>/dev/null; do
    if stale "$1"; then # only who holds the breaker removes a dead owner's lock, or two could each remove the other's fresh one
      if ln -s "pid:$$" "$1.breaker" 2>/dev/null; then
        stale "$1" && rm -f "$1"
        rm -f "$1.breaker"
      elif stale "$1.breaker"; then rm -f "$1.breaker"; fi
      continue
    fi
    [ $((waited % (progress_every * 5))) -eq 4 ] && say "waiting for pid $(owner_of "$1"), which is $2 ($((waited / 5)) s so far)"
    waited=$((waited + 1))
    sleep 0.2
  done
  locks=$locks$1$'\n'
}
drop_locks() {
  printf '%s' "$locks" | while IFS= read -r lock; do [ "$(owner_of "$lock")" = $$ ] && rm -f "$lock"; done
  locks=''
}
listens() { # listens HOST PORT: does anything accept a connection there, within 3 s?
  (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null &
  for _ in {1..150}; do kill -0 $! 2>/dev/null && sleep 0.02 || break; done
  kill $! 2>/dev/null
  wait $! 2>/dev/null
}
cleanup() {
  trap '' INT TERM HUP
  [ -n "$child" ] && kill -TERM -- "-$child" 2>/dev/null
  [ -n "$launched" ] && [ -z "$printed" ] && terminate && rm -f "$base.pid" "$base.owner"
  [ -n "$scratch" ] && rm -rf "$scratch"
  drop_locks
}
on_signal() { # acts at once: a word for stay could come just before its wait, and never be heard
  [ -n "$printed" ] || exit 130
  [ -z "$foreground" ] || { trap '' INT TERM HUP && leave; exit; }
}

# ---- finding or getting the binary ----
platform() { printf '%s-%s' "$(uname -s | tr '[:upper:]' '[:lower:]')" "$(uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/')"; }
cached() { printf '%s' "$cache/temporal-$cli_version-$(platform)/temporal"; }
version_of() { "$1" --version 2>/dev/null </dev/null | sed -n 's/.*(Server \([0-9][0-9.]*\).*/\1/p'; }
new_enough() { printf '%s' "$1" | awk -F. -v minor=$server_minor '{ exit !($1 > 1 || ($1 == 1 && $2 >= minor)) }'; }
any_binary() { # of any version: enough to ask a server how it is
  for bin in "${MUSTER_TEMPORAL_CLI-}" "$(field binary)" "$(command -v temporal)" "$(cached)"; do [ -x "$bin" ] && return; done
  bin='' && return 1
}
get_binary() {
  local found
  if [ -n "${MUSTER_TEMPORAL_CLI-}" ]; then
    bin=$MUSTER_TEMPORAL_CLI
    [ -n "$(version_of "$bin")" ] && return
    fail 5 "MUSTER_TEMPORAL_CLI=$bin does not run as a Temporal CLI." "set it to a temporal binary, or unset it"
  fi
  if bin=$(command -v temporal); then
    found=$(version_of "$bin")
    new_enough "${found:-0}" && return
    say "passing over $bin: server ${found:-unknown}, Muster needs 1.$server_minor or newer (MUSTER_TEMPORAL_CLI=$bin forces it)"
  fi
  bin=$(cached)
  [ -x "$bin" ] && return
  take_lock "${bin%/*}.lock" "getting the Temporal server"
  [ -x "$bin" ] && return
  scratch=$(mktemp -d "$cache/getting.XXXXXX") || fail 5 "can't write to $cache." "set MUSTER_CACHE_DIR"
  { [ "$download_base" != none ] && download; } || build || fail 5 "there is no Temporal server on this machine, and none could be got." \
    "install Go 1.26.4 or newer, or the Temporal CLI $cli_version, or set MUSTER_TEMPORAL_CLI or TEMPORAL_ADDRESS"
  { mkdir -p "${bin%/*}" && mv -f "$scratch/temporal" "$bin"; } || fail 5 "can't write $bin." "set MUSTER_CACHE_DIR"
  rm -rf "$scratch"
}
fetch() { run_child curl -fsSL --connect-timeout 3 --max-time "$3" --speed-limit 100000 --speed-time 5 -o "$2" "$1" 2>/dev/null; }
sha256_of() { { sha256sum "$1" || shasum -a 256 "$1"; } 2>/dev/null | sed 's/ .*//'; }
passed_over() { say "download: $1; trying the next way" && return 1; }
download() {
  local asset wanted found
  asset=temporal_cli_${cli_version}_$(platform | tr - _).tar.gz
  say "no Temporal server on this machine yet: trying the official download, $download_base/$asset"
  fetch "$download_base/checksums.txt" "$scratch/checksums.txt" 8 || passed_over "checksums.txt can't be fetched" || return
  wanted=$(awk -v f="$asset" '$2 == f || $2 == "*" f { print $1 }' "$scratch/checksums.txt")
  [ -n "$wanted" ] || passed_over "the release has no $asset" || return
  fetch "$download_base/$asset" "$scratch/$asset" 120 || passed_over "$asset did not arrive in time" || return
  found=$(sha256_of "$scratch/$asset")
  [ "$found" = "$wanted" ] || passed_over "refused, the SHA-256 of $asset is ${found:-unknown}, checksums.txt says $wanted" || return
  tar -xzf "$scratch/$asset" -C "$scratch" temporal 2>/dev/null && [ -n "$(version_of "$scratch/temporal")" ] && return
  passed_over "$asset holds no temporal that runs here"
}
build() {
  local log=$scratch/build.log started=$SECONDS shown=0
  command -v go >/dev/null || { say "Go build: there is no go on PATH" && return 1; }
  say "building the Temporal server from source, about 3 minutes, once ($(go version 2>/dev/null))"
  rm -f "$scratch/temporal" && cp "$here/temporal-dev/go.mod" "$here/temporal-dev/go.sum" "$scratch" || return
  # -X: without this stamp the CLI calls itself 0.0.0-DEV. CGO_ENABLED=0 as in the official release.
  spawn env GOWORK=off CGO_ENABLED=0 go build -C "$scratch" -v -trimpath -o "$scratch/temporal" \
    -ldflags="-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=$cli_version" \
    github.com/temporalio/cli/cmd/temporal >"$log" 2>&1
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    [ $((SECONDS - started - shown)) -lt "$progress_every" ] && continue
    shown=$((SECONDS - started))
    say "still building, $shown s, $(grep -c . "$log") packages so far, now $(tail -n 1 "$log")"
  done
  wait "$child" && child='' && say "built in $((SECONDS - started)) s" && return
  say "Go build: failed. It needs Go 1.26.4 or newer and a Go module proxy. Its last lines:"
  last_lines "$log"
  return 1
}

# ---- this home's files, and its server ----
find_home() {
  local folder home
  folder=$(pwd -P)
  until [ -d "$folder/.muster" ] || [ -z "$folder" ]; do folder=${folder%/*}; done
  [ -d "$folder/.muster" ] || folder=.
  home=${MUSTER_HOME:-$folder/.muster}
  [ -d "$home" ] || [ "$command" = start ] || [ -n "$given" ] || { echo 'not running' && exit 3; }
  mkdir -p "$home" 2>/dev/null || fail 5 "can't make $home." "set MUSTER_HOME to a folder that can be written"
  base=$(cd "$home" && pwd -P)/temporal${ephemeral:+-ephemeral} # one spelling, whichever way the home was reached
  profile=(--env default --env-file "$base.env" --disable-config-env --disable-config-file)
  mark="--env-file $base.env " # tells our server's command line from every other
}
field() { sed -n -e "s/^  \"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" -e "s/^  \"$1\": \([^\",]*\),\{0,1\}\$/\1/p" "$base.json" 2>/dev/null; }
write_state() { # write_state STARTED TUNED
  quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }
  { printf '{\n  "address": %s,\n  "uiUrl": %s,\n  "pid": %s,\n' "$(quoted "$address")" "$(quoted "$ui")" "${server_pid:-null}"
    printf '  "started": %s,\n  "binary": %s,\n  "version": %s,\n' "$1" "$(quoted "$bin")" "$(quoted "$version")"
    printf '  "ephemeral": %s,\n  "tuned": %s\n}\n' "${ephemeral:-false}" "$2"; } >"$base.json.$$" && mv -f "$base.json.$$" "$base.json"
}
own_server() { # when the server that this home started is alive: sets server_pid, address, ui, runs_tuned
  server_pid=$(cat "$base.pid" 2>/dev/null) runs_tuned=false
  { runs_as "$server_pid" "$mark" && [[ $(command_of "$server_pid") =~ $ports_pattern ]]; } || { server_pid='' && return 1; }
  address=127.0.0.1:${BASH_REMATCH[1]} ui=http://127.0.0.1:${BASH_REMATCH[2]}
  ! runs_as "$server_pid" "${tuned%%=*}" || runs_tuned=true
}
server_version() { ask operator cluster describe -o json | sed -n 's/.*"serverVersion": "\(.*\)".*/\1/p'; }
# The server's own flags for these do nothing on an existing database, so they are registered each time.
register() { # register NAMESPACE
  local name kept said args=()
  for name in $search_attributes; do args+=(--name "$name" --type Keyword); done # a --name without its --type is dropped silently
  said=$(ask operator search-attribute create -n "$1" "${args[@]}") || say "the search attributes were not registered: $said"
  kept=$(ask operator namespace describe -n "$1" -o json | sed -n 's/.*"workflowExecutionRetentionTtl": "\([0-9]*\)s".*/\1/p')
  [ "${kept:-0}" -eq $((hours * 3600)) ] || { [ -z "$server_pid" ] && [ "${kept:-0}" -gt $((hours * 3600)) ]; } || # not ours: only raised
    said=$(ask operator namespace update -n "$1" --retention "${hours}h") || say "the retention was not set: $said"
}

# ---- starting, reusing, stopping ----
free() { # free PORT [KNOB-THAT-NAMES-IT]
  listens 127.0.0.1 "$1" || return 0
  [ -z "${2-}" ] || fail 5 "port $1 is taken by another program, and $2 names it." "stop that program, or change or unset $2"
  return 1
}
pick_ports() { # sets port and ui_port
  local pairs='' pair
  [ -z "$named_port" ] || free "$named_port" "$named_by"
  [ -z "$named_ui" ] || free "$named_ui" MUSTER_TEMPORAL_UI_PORT
  # State that outlived its server is that of a crash: come back where the clients look for it.
  if [ "$(field started)" = true ]; then
    pair=$(field address) && pairs="${pair##*:}:$(field uiUrl | sed 's/.*://')"
    # A process that was killed just now holds them, and its database, until the system is through with it.
    for _ in {1..50}; do { free "${pairs%:*}" && free "${pairs#*:}"; } && break || sleep 0.1; done
  fi
  [ -n "$named_port" ] && [ "$named_port" -le 64535 ] && pairs="$pairs $named_port:$((named_port + 1000))"
  [ -z "$ephemeral" ] && pairs="$pairs 7233:8233" && RANDOM=$(cksum <<<"$base" | cut -d' ' -f1) # a home's own: its Web UI is found again
  for _ in {1..30}; do pair=$((20000 + RANDOM % 11000)) && pairs="$pairs $pair:$((pair + 1000))"; done # the server's inner ports are above 32767
  for pair in $pairs; do
    port=${named_port:-${pair%:*}} ui_port=${named_ui:-${pair#*:}}
    [ "$port" != "$ui_port" ] && free "$port" && free "$ui_port" && return
  done
  fail 5 "no free pair of ports was found." "name them with MUSTER_TEMPORAL_PORT and MUSTER_TEMPORAL_UI_PORT"
}
launch() {
  local setting args=(--ip 127.0.0.1 --port "$port" --ui-port "$ui_port" --ui-disable-news-fetch)
  [ -z "$ephemeral" ] && args+=(--db-filename "$base.db") && begin_database
  $tune && for setting in $tuned; do args+=(--dynamic-config-value "$setting"); done
  $tune && [ -z "$ephemeral" ] && for setting in $pragmas; do args+=(--sqlite-pragma "$setting"); done
  [ -s "$base.log" ] && mv -f "$base.log" "$base.log.1"
  spawn "$bin" server start-dev "${profile[@]}" "${args[@]}" >"$base.log" 2>&1
  server_pid=$child child='' launched=1 address=127.0.0.1:$port ui=http://127.0.0.1:$ui_port
  printf '%s\n' "$server_pid" >"$base.pid"
}
start_own() { # 1 when the server does not get to serve
  pick_ports
  launch
  patiently serves && database_served || return
  register default
  version=$(version_of "$bin")
  { [ -z "$foreground" ] || echo "$$ $PPID"; } >"$base.owner"
  write_state true $tune
  say "started Temporal server $version (pid $server_pid), $([ -n "$ephemeral" ] && echo 'in memory' || echo "durable in $base.db")"
}
reuse_own() { # 1 when it was about to end, and is gone: killed a moment ago, say
  local owner parent
  any_binary || get_binary
  patiently healthy || alive || { server_pid='' && return 1; }
  [ "$said" = SERVING ] && database_served || fail 5 "this home's server (pid $server_pid) runs, but does not answer at $address: $said" "read $base.log, then $0 --stop"
  register default
  version=$(server_version)
  write_state true "$runs_tuned"
  say "already running: Temporal server $version (pid $server_pid)"
  [ "$runs_tuned" = $tune ] || say "it runs with tuned=$runs_tuned, not with what is asked for now; --stop it first to change that"
  # A foreground start whose parent was killed leaves its server to nobody: the next foreground start takes it over.
  if [ -n "$foreground" ] && read -r owner parent <"$base.owner"; then
    { runs_as "$owner" temporal-dev && kill -0 "$parent" 2>/dev/null; } || echo "$$ $PPID" >"$base.owner"
  fi
}
reuse_given() { # 1 when nothing listens there and we may start ours
  local host=${given%:*} at=${given##*:} loopback=''
  host=${host#\[} host=${host%\]}
  case $host in 127.0.0.1 | localhost) loopback=1 ;; esac
  if ! listens "$host" "$at"; then
    [ -n "$loopback" ] && return 1
    fail 5 "nothing answers at TEMPORAL_ADDRESS=$given." "start a server there, or unset it (one is started on 127.0.0.1 only)"
  fi
  address=$given ui='' server_pid='' profile=()
  listens "$host" $((at + 1000)) 2>/dev/null && ui=http://$host:$((at + 1000))
  if any_binary; then
    healthy_soon || case $said in
      *'does not look like a TLS handshake'*) fail 5 "the server at TEMPORAL_ADDRESS=$given speaks no TLS, which TEMPORAL_API_KEY or a TEMPORAL_TLS setting asks for." "unset TEMPORAL_API_KEY, or set TEMPORAL_TLS=false" ;;
      *) fail 5 "something listens at TEMPORAL_ADDRESS=$given, but it does not answer as a Temporal server: $said" \
        "set TEMPORAL_ADDRESS (and its TLS settings, as TEMPORAL_TLS=true) to a Temporal server, or unset it" ;;
    esac
    version=$(server_version)
    if [ -n "$loopback" ]; then register "${TEMPORAL_NAMESPACE:-default}"; else say "its search attributes and retention are left as they are"; fi
    say "reusing the Temporal server $version at $given"
  else
    say "reusing what listens at $given; with no temporal CLI at hand it was not asked whether it is Temporal"
  fi
  write_state false null
}
start() {
  own_server || mend_database
  [ -n "$server_pid" ] && case $given in '' | "$address" | "localhost:${address##*:}") reuse_own && return; mend_database ;; esac
  for try in 1 2 3 4; do
    [ -n "$given" ] && reuse_given && return
    [ -z "$server_pid" ] || fail 5 "this home's server already runs at $address, TEMPORAL_ADDRESS names $given." "unset it, or $0 --stop"
    get_binary
    start_own && return
    ! runs_as "$server_pid" "$mark" || break
    # Server 1.31 panics, or dies without a word, when it loses a port after its own look. Any other death gets one more try.
    if [ ! -s "$base.log" ] || grep -qE 'address already in use|^panic:' "$base.log"; then
      say "another program was first at port $port or $ui_port, it seems; trying again"
    elif [ "$try" = 1 ]; then
      say "the Temporal server ended before it served; trying once more"
    else break; fi
    launched='' server_pid='' && mend_database # it may have died while it made its schema
  done
  say "the Temporal server did not get healthy. Its last lines:"
  last_lines "$base.log"
  fail 5 "$bin could not serve $base.db" "read $base.log; a database made by a newer server needs that server"
}
terminate() { # SIGTERM to $server_pid: by pid, and only while its command line is ours
  local i=0
  runs_as "$server_pid" "$mark" && kill -TERM "$server_pid" 2>/dev/null
  while runs_as "$server_pid" "$mark"; do [ $((i += 1)) -le 1200 ] && sleep 0.1 || return; done
}
stop() {
  if ! own_server; then
    [ "$(field started)" = false ] || fail 3 "not running ($base)"
    say "the server at $(field address) was only reused: it is left running" && rm -f "$base.json" && return
  fi
  mv -f "$base.pid" "$base.pid.stopping" # tells a foreground start that this end is meant
  if ! terminate; then
    mv -f "$base.pid.stopping" "$base.pid"
    fail 1 "the server (pid $server_pid) got SIGTERM and still runs after two minutes." "read $base.log; kill -9 $server_pid loses nothing acknowledged"
  fi
  rm -f "$base.pid.stopping" "$base.json" "$base.owner"
  say "stopped (pid $server_pid)$([ -n "$ephemeral" ] || echo "; its data stays in $base.db")"
}
status() {
  local started=true
  if ! own_server; then
    started=false runs_tuned=unknown profile=() ui=$(field uiUrl) address=$given
    [ -z "$given" ] && [ "$(field started)" = false ] && address=$(field address)
    { [ -n "$address" ] && listens "${address%:*}" "${address##*:}"; } || { echo 'not running' && exit 3; }
  fi
  if any_binary; then
    healthy_soon || fail 1 "the server at $address does not answer: $said" "read $base.log"
    version=$(server_version)
  fi
  printf '%s\n' "address=$address" "ui=$ui" "pid=$server_pid" "started=$started" "version=$version" "tuned=$runs_tuned" "ephemeral=${ephemeral:-false}"
}
settings() {
  $tune && for setting in $tuned; do echo "$setting"; done
  $tune && [ -z "$ephemeral" ] && for setting in $pragmas; do echo "sqlite.$setting"; done
  printf '%s\n' namespace=default "retention=${hours}h" "searchAttributes=${search_attributes// /,}"
}
stay() {
  while if [ -n "$server_pid" ]; then runs_as "$server_pid" "$mark"; else listens "${address%:*}" "${address##*:}"; fi; do
    if [ -n "$launched" ]; then wait "$server_pid" 2>/dev/null; else run_child sleep 1; fi
  done
  [ -n "$server_pid" ] && { [ ! -e "$base.pid" ] && say "stopped by --stop" && return || last_lines "$base.log"; }
  fail 1 "the Temporal server at $address ended by itself." "read $base.log, then start it again"
}
leave() {
  local owner='' && [ -n "$server_pid" ] && read -r owner _ 2>/dev/null <"$base.owner"
  if [ "$owner" != $$ ]; then say "the server at $address was only reused: it is left running" && return; fi
  take_lock "$base.lock" "stopping this home's server" && { ! own_server || stop; }
}

# ---- the command line ----
usage() { fail 2 "$1" "$0 --help"; }
whole() { case $1 in '' | *[!0-9]* | ??????*) return 1 ;; esac && [ "$1" -ge 1 ] && [ "$1" -le "${2:-65535}" ]; }
command=start foreground='' ephemeral='' tune=true retention=${MUSTER_TEMPORAL_RETENTION:-30d}
case ${MUSTER_TEMPORAL_UNTUNED:-0} in 0 | false) ;; 1 | true) tune=false ;; *) usage "MUSTER_TEMPORAL_UNTUNED is 0 or 1, not $MUSTER_TEMPORAL_UNTUNED" ;; esac
while [ $# -gt 0 ]; do
  case $1 in
    --stop | --status | --settings) command=${1#--} ;;
    --foreground) foreground=1 ;;
    --ephemeral) ephemeral=true ;;
    --untuned) tune=false ;;
    --retention) retention=${2-} && shift ;;
    --help | -h) sed -n -e 1d -e '/^#/!q' -e 's/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit ;;
    *) usage "unknown option $1" ;;
  esac
  shift
done
hours=${retention%[dh]}
[ "$hours" != "$retention" ] && whole "$hours" 36500 || usage "the retention is days or hours, as 30d or 720h, not $retention"
[ "$retention" = "${hours}d" ] && hours=$((hours * 24))
for knob in MUSTER_TEMPORAL_PORT MUSTER_TEMPORAL_UI_PORT MUSTER_PROGRESS_SECONDS MUSTER_TEMPORAL_PATIENCE; do
  [ -z "${!knob-}" ] || whole "${!knob}" || usage "$knob is a number from 1 to 65535, not ${!knob}"
done
given=${TEMPORAL_ADDRESS-} named_ui=${MUSTER_TEMPORAL_UI_PORT-} named_port=${MUSTER_TEMPORAL_PORT-} named_by=MUSTER_TEMPORAL_PORT
if [ -n "$ephemeral" ]; then given=''; elif [[ $given && $given != *[:/[:space:]]* ]]; then given+=:7233; fi
[ -n "$given" ] && named_port=${given##*:} named_by=TEMPORAL_ADDRESS
[[ -z $given || $given =~ ^.+:[0-9]+$ ]] || usage "TEMPORAL_ADDRESS is HOST:PORT, not $given"

[ "$command" = settings ] && settings && exit
find_home
[ "$command" = status ] && status && exit
trap cleanup EXIT
trap on_signal INT TERM HUP
take_lock "$base.lock" "starting or stopping this home's server"
[ "$command" = stop ] && stop && exit
start
printed=1 && drop_locks
printf '%s\n' "address=$address" "ui=$ui"
[ -z "$foreground" ] || stay
