# database.sh: tells a database that a killed first start left half-made from one that a server has served.
# Sourced by temporal-dev.sh. Never removes a database: what can't be used is moved aside, what was once served is kept.

# The server makes its schema only in a file that does not exist yet, so a half-made one stays half-made: later starts fail
# with "no such table", or serve without visibility. The marker stands beside a database from before it exists until the
# server was first healthy; a database without it is older than the marker or was served, and is left alone.
making() { [ -e "$base.db.making" ]; }
mend_database() { ! half_made || adopt_server || set_aside; }
begin_database() { [ -e "$base.db" ] || printf 'made by a start that was never healthy\n' >"$base.db.making"; }
database_served() { rm -f "$base.db.making"; }

half_made() {
  [ -e "$base.db" ] || return
  if making; then # a start that was killed between "it serves" and database_served leaves this line in the log
    ! grep -q '^Temporal Server:' "$base.log" 2>/dev/null
  else
    [ ! -s "$base.db" ] # SQLite writes its header first: an empty file holds nothing in its -wal or -journal either
  fi
}
# A start that was killed before it wrote the pid file leaves a server that only its command line tells of.
adopt_server() {
  local pid words
  while read -r pid words; do
    [[ $words == *"$mark"* ]] && printf '%s\n' "$pid" >"$base.pid" && own_server && return
  done <<<"$(ps -A -ww -o pid=,command=)"
  return 1
}
set_aside() {
  local n=1 part
  while [ -e "$base.db.incomplete-$n" ]; do n=$((n + 1)); done
  for part in -wal -shm -journal ''; do # the database last: until it is moved, the next start finishes what this one began
    [ ! -e "$base.db$part" ] || mv "$base.db$part" "$base.db.incomplete-$n$part" || fail 5 "can't move $base.db$part aside."
  done
  say "a start that was killed left $base.db half-made: it is moved to ${base##*/}.db.incomplete-$n, and a new one is made"
}
