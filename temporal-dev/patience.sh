# patience.sh: asks a server how it is, and waits for one that starts on a machine that may have much else to do.
# Sourced by temporal-dev.sh. Gives up a server that ended or does nothing, never one that is only slow.

# Our own server is asked without the user's Temporal profile; for one at TEMPORAL_ADDRESS `profile` is empty (TLS, API key).
ask() { "$bin" "$@" --address "$address" --client-connect-timeout 3s --command-timeout 5s ${profile[@]+"${profile[@]}"} </dev/null 2>&1; }
healthy() { said=$(ask operator cluster health) && [ "$said" = SERVING ]; }
healthy_soon() { # it may be starting; one that accepts and stays silent costs 3 s a question
  local until=$((SECONDS + 10))
  until healthy; do [ $SECONDS -lt $until ] && sleep 0.4 || return; done
}
# A zombie has no command line; nor has a living process for the moment in which it becomes another program.
alive() { kill -0 "$server_pid" 2>/dev/null && { [ -n "$(command_of "$server_pid")" ] || [[ $(ps -o stat= -p "$server_pid") == [!Z]* ]]; }; }
progress() { ps -o time= -p "$server_pid" 2>/dev/null && wc -c <"$base.log"; }
# patiently CONDITION: waits until it holds, as long as our server lives and does something; ten minutes at most.
patiently() {
  local was='' now looked=$SECONDS moved=$SECONDS until=$((SECONDS + 600))
  until "$@"; do
    alive && [ $SECONDS -lt $until ] && [ $((SECONDS - moved)) -lt "$patience" ] || return
    [ $SECONDS = "$looked" ] || { looked=$SECONDS now=$(progress) && [ "$now" != "$was" ] && was=$now moved=$SECONDS; }
    sleep 0.05
  done
}
# This line comes after both ports are bound. Health alone could be another server's, on a port that we just lost.
serves() { grep -q '^Temporal Server:' "$base.log" && healthy; }
