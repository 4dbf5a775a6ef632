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

# redis_fails_over FROM TO: the replica hears nothing of the last facts, then the primary is gone, and comes back as the
# replica of the other.
redis_fails_over() {
  redis_say "$2" replicaof 127.0.0.1 1 >/dev/null # nobody is there
  until_true 20 "facts that the replica misses" redis_knows_more "$1" "$2"
  service_kill "$1" KILL
  notices 30 'none of the addresses is that of a primary'
  redis_say "$2" replicaof no one >/dev/null
  SETTLED_TEST_REDIS=127.0.0.1:$(cat "$SERVICES_DIR/$2/port")
  notices 30 '"to":"recovering"'
  redis_run "$1" --repl-diskless-sync-delay 0
  redis_follow "$1" "$2"
}

redis_knows_more() { # PRIMARY REPLICA
  [ "$(redis_say "$1" dbsize)" -gt $(($(redis_say "$2" dbsize) + 20)) ]
}

fault_redis_failover() {
  redis_fails_over redis replica
}

fault_redis_failover_back() {
  redis_fails_over replica redis
}
