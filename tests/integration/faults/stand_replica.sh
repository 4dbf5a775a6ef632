# One broker, a Redis with a replica: failovers, of which one loses what was written last.

FAULTS_replica=(redis_failover redis_failover_back)

stand_replica() {
  redis_start --repl-diskless-sync-delay 0
  redis_run replica --repl-diskless-sync-delay 0
  redis_follow replica redis
  kafka_start
  STAND_REDIS="address: \"127.0.0.1:$(cat "$SERVICES_DIR/replica/port"),$SETTLED_TEST_REDIS\""
}

redis_follow() { # REPLICA PRIMARY
  redis_say "$1" replicaof 127.0.0.1 "$(cat "$SERVICES_DIR/$2/port")" >/dev/null
  until_true 20 "$1 follows $2" redis_is_linked "$1"
}

redis_is_linked() {
  redis_say "$1" info replication | grep -q 'master_link_status:up'
}

# redis_fails_over FROM TO: the replica hears nothing of the last facts, then the primary is gone, then comes back as
# the replica of the other.
redis_fails_over() {
  service_signal "$2" STOP
  until_true 20 "facts that the replica misses" load_has_grown $(($(facts_sent) + 100))
  until_true 20 "they are settled" redis_is_behind "$1" "$2"
  service_kill "$1" KILL
  service_signal "$2" CONT
  notices 30 '"status":"STORE_UNREACHABLE"'
  redis_say "$2" replicaof no one >/dev/null
  SETTLED_TEST_REDIS=127.0.0.1:$(cat "$SERVICES_DIR/$2/port")
  notices 30 '"to":"recovering"'
  redis_run "$1" --repl-diskless-sync-delay 0
  redis_follow "$1" "$2"
}

redis_is_behind() { # PRIMARY REPLICA
  redis_say "$1" info replication | grep -q 'slave0:.*,lag=\([1-9]\)'
}

service_signal() { # NAME SIGNAL
  kill -s "$2" "$(cat "$SERVICES_DIR/$1.pid")"
}

fault_redis_failover() {
  redis_fails_over redis replica
}

fault_redis_failover_back() {
  redis_fails_over replica redis
}
