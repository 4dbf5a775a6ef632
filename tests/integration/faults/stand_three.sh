# Three brokers: the leader of a partition is killed, and all of them go one after the other and at once.

FAULTS_three=(leader_killed brokers_rolled brokers_killed)

stand_three() {
  redis_start
  SETTLED_KAFKA_HEAP=384m kafka_start 3
}

# Of the first partition of the discharges, as kcat's list has it: "partition 0, leader 2, ...".
leader_of() { # TOPIC
  kcat -L -b "$SETTLED_TEST_BROKERS" -t "$1" 2>/dev/null | sed -n 's/^ *partition 0, leader \([0-9]*\),.*/\1/p'
}

leads_elsewhere() { # TOPIC BROKER
  local leader
  leader=$(leader_of "$1")
  [ -n "$leader" ] && [ "$leader" -gt 0 ] && [ "$leader" != "$2" ]
}

fault_leader_killed() {
  local leader
  leader=$(leader_of discharge)
  kafka_kill "$leader" KILL
  until_true 30 "another broker leads" leads_elsewhere discharge "$leader"
  until_true 60 "facts go on" load_has_grown $(($(facts_sent) + 80))
  kafka_run "$leader"
}

# As when they are upgraded: one after the other, each whole again before the next.
fault_brokers_rolled() {
  local broker
  for broker in 1 2 3; do
    kafka_kill $broker
    kafka_run $broker
    until_true 30 "all replicas are in sync again" replicas_are_in_sync
  done
}

replicas_are_in_sync() {
  ! kcat -L -b "$SETTLED_TEST_BROKERS" 2>/dev/null | grep 'partition.*isrs' |
    grep -qvE 'isrs: [0-9]+,[0-9]+,[0-9]+'
}

fault_brokers_killed() {
  local broker
  for broker in 1 2 3; do kafka_kill $broker KILL; done
  notices 30 '"status":"KAFKA_UNREACHABLE"'
  for broker in 1 2 3; do kafka_launch $broker; done
  for broker in 1 2 3; do service_wait kafka-$broker kafka_has_started $broker; done
}
