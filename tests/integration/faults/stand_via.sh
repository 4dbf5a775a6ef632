# One broker that the processes reach only through a proxy, which delays, cuts, swallows, and keeps back.

FAULTS_via=(network_slow network_cut network_silent commit_unknown commit_late)

stand_via() {
  redis_start
  read -r DOOR DOOR_TARGET < <(free_ports 2)
  KAFKA_VIA="$DOOR $DOOR_TARGET" kafka_start
  service_run door /usr/bin/python3 "$FAULTS_HERE/proxy.py" "$SERVICES_DIR/door.control" "$DOOR" "$DOOR_TARGET"
  service_wait door door_does pass
  STAND_BROKERS=127.0.0.1:$DOOR
  STAND_PROPERTIES="$STAND_PROPERTIES, socket.timeout.ms: 5000, transaction.timeout.ms: 5000"
}

# door_does WORD...: tells the proxy; prints how many requests it is still to misuse.
door_does() {
  /usr/bin/python3 -c '
import socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect(sys.argv[1])
door.sendall((" ".join(sys.argv[2:]) + "\n").encode())
print(door.recv(100).decode().strip())' "$SERVICES_DIR/door.control" "$@"
}

door_has_done_all() {
  [ "$(door_does ended)" = 0 ]
}

fault_network_slow() {
  door_does delay 300 >/dev/null
  until_true 40 "more facts come" load_has_grown $(($(facts_sent) + 400))
  door_does pass >/dev/null
}

fault_network_cut() {
  door_does refuse >/dev/null
  notices 30 '"status":"KAFKA_UNREACHABLE"'
  door_does pass >/dev/null
}

# Nothing is refused and nothing answered: time-outs have to notice.
fault_network_silent() {
  door_does silence >/dev/null
  notices 60 '"status":"KAFKA_UNREACHABLE"'
  door_does pass >/dev/null
}

# The broker commits; the worker never hears of it.
fault_commit_unknown() {
  door_does lose-end 10 >/dev/null
  until_true 60 "ten commits are swallowed" door_has_done_all
  door_does pass >/dev/null
}

# The request to commit comes to the broker when the worker has long asked again and begun the next transaction.
fault_commit_late() {
  local round
  for round in {1..12}; do
    door_does late-end 1 >/dev/null
    until_true 30 "a commit is kept back" door_has_done_all
    until_true 20 "more facts come" load_has_grown "$(facts_sent)"
    door_does pass >/dev/null
  done
  ! anybody_says 'INVALID_TXN_STATE' || fail "a late request ended the next transaction half way"
}
