# One broker, one Redis: the processes themselves, and all that a Redis can answer instead of doing what it is told.

FAULTS_alone=(worker_killed worker_frozen broker_killed redis_killed redis_aof_cut redis_snapshot
  redis_snapshot_fails redis_flushed redis_full redis_readonly redis_loading redis_disk_full redis_password
  topics_grown)

stand_alone() {
  redis_start
  kafka_start
}

waits_for_redis() {
  notices 30 "\"status\":\"STORE_UNREACHABLE\".*$1"
}

fault_worker_killed() {
  settled_kill a
  until_true 20 "more facts come" load_has_grown "$(facts_sent)"
  settled_start a
}

# Frozen for longer than max.poll.interval.ms: the other takes its partitions over, and it wakes up to find that out.
fault_worker_frozen() {
  kill -s STOP "${SETTLED_PID[a]}"
  until_true 60 "b has all partitions" partitions_of b $PARTITIONS
  until_true 20 "b is live" settled_answers b /readyz 200
  say "    b has all partitions"
  kill -s CONT "${SETTLED_PID[a]}"
  until_true 60 "a is heard of again" partitions_of a $((PARTITIONS / 2))
}

# How many partitions the workers for persons have, all together.
partitions_of() { # NAME COUNT
  local sum
  sum=$(curl -s --max-time 2 "http://127.0.0.1:${SETTLED_PORT[$1]}/metrics" |
    awk '/^settled_partitions\{worker="person/ { sum += $2 } END { print sum + 0 }')
  [ "$sum" = "$2" ]
}

fault_broker_killed() {
  kafka_kill 1 KILL
  notices 30 '"status":"KAFKA_UNREACHABLE"'
  kafka_run 1
}

fault_redis_killed() {
  redis_kill KILL
  waits_for_redis 'closed\|refused'
  redis_start
}

# What the disk had not taken yet when the power went: the end of the file, in the middle of a transaction.
fault_redis_aof_cut() {
  redis_kill KILL
  waits_for_redis 'closed\|refused'
  truncate -s -30011 "$SERVICES_DIR"/redis/appendonlydir/*.incr.aof
  redis_start
}

# With the settings that are advised, Redis comes back as it was at its last snapshot.
fault_redis_snapshot() {
  redis_say redis save >/dev/null
  until_true 20 "more facts come" load_has_grown $(($(facts_sent) + 200))
  redis_kill KILL
  redis_comes_back_as_advised
  notices 30 '"to":"recovering"'
  redis_say redis config set appendonly yes >/dev/null
}

redis_comes_back_as_advised() {
  waits_for_redis 'closed\|refused'
  redis_start --include "$SERVICES_ROOT/deploy/redis/settled.conf"
}

# The disk is full when Redis takes its snapshot, with the settings that are advised: nobody waits for it.
fault_redis_snapshot_fails() {
  local changes
  redis_say redis save >/dev/null
  redis_kill KILL
  redis_comes_back_as_advised
  until_true 60 "everybody is live" everybody_is_live
  redis_file_may_grow_to 1024
  redis_say redis bgsave >/dev/null
  until_true 20 "the snapshot fails" redis_persistence_says rdb_last_bgsave_status:err
  changes=$(redis_changes)
  until_true 20 "Redis takes what is settled" redis_has_changed $((changes + 200))
  until_true 20 "more facts come" load_has_grown $(($(facts_sent) + 200))
  everybody_is_live || fail "somebody waits for a snapshot"
  ! anybody_says MISCONF || fail "Redis refused a write"
  redis_file_may_grow_to unlimited
  redis_say redis config set appendonly yes >/dev/null
}

redis_changes() { # since the last snapshot
  redis_say redis info persistence | tr -d '\r' | sed -n 's/^rdb_changes_since_last_save://p'
}

redis_has_changed() { # COUNT
  [ "$(redis_changes)" -gt "$1" ]
}

redis_persistence_says() { # LINE
  redis_say redis info persistence | grep -q "^$1"
}

fault_redis_flushed() {
  redis_forgets
}

redis_forgets() {
  until_true 20 "Redis has something to forget" redis_has_keys 40
  redis_say redis flushall >/dev/null
  notices 30 '"status":"STORE_MOVED_ON"'
}

redis_has_keys() { # COUNT
  [ "$(redis_say redis dbsize)" -ge "$1" ]
}

fault_redis_full() {
  redis_say redis config set maxmemory 1 >/dev/null
  waits_for_redis OOM
  redis_say redis config set maxmemory 0 >/dev/null
}

fault_redis_readonly() {
  redis_say redis replicaof 127.0.0.1 1 >/dev/null
  waits_for_redis READONLY
  redis_say redis replicaof no one >/dev/null
}

# A tenth of a second for each key, as if there were a million of them. Only a file in the short form is loaded so that
# others are answered meanwhile.
fault_redis_loading() {
  redis_say redis bgrewriteaof >/dev/null
  until_true 20 "the file is rewritten" aof_is_rewritten
  redis_kill KILL
  redis_launch redis --key-load-delay 100000 --loading-process-events-interval-bytes 1024
  waits_for_redis LOADING
  redis_say redis config set key-load-delay 0 >/dev/null
  service_wait redis redis_answers redis
}

aof_is_rewritten() {
  [ "$(redis_say redis info persistence | grep -c 'aof_rewrite_\(in_progress\|scheduled\):0')" = 2 ]
}

fault_redis_disk_full() {
  redis_file_may_grow_to 1024
  waits_for_redis MISCONF
  redis_file_may_grow_to unlimited
}

# A file that may not grow is to a writer what a disk without space is.
redis_file_may_grow_to() { # BYTES
  prlimit --pid "$(cat "$SERVICES_DIR/redis.pid")" --fsize="$1:unlimited"
}

# Redis asks for a password: a knows none. b is started with that one, and then it is another.
fault_redis_password() {
  redis_asks_for first
  waits_for_redis NOAUTH
  settled_stop b
  sed -i.without 's/^redis: { /&password: first, /' "$SERVICES_DIR/b.yaml"
  settled_start b
  until_true 30 "b knows the password" settled_answers b /readyz 200
  redis_asks_for second first
  waits_for_redis WRONGPASS
  redis_asks_for '' second
  settled_stop b
  mv "$SERVICES_DIR/b.yaml.without" "$SERVICES_DIR/b.yaml"
  settled_start b
}

redis_asks_for() { # PASSWORD [THE ONE BEFORE]
  redis_say redis ${2:+-a "$2"} config set requirepass "$1" >/dev/null 2>&1
  redis_say redis ${1:+-a "$1"} client kill type normal >/dev/null 2>&1
}

# Somebody gives the persons' topics half as many partitions again. Producers send most records there; persons stay
# where they are, also when all is computed again.
fault_topics_grown() {
  export SETTLED_TEST_FUNDS_WAIT=1 # until somebody gives theirs as many
  PARTITIONS=$((PARTITIONS * 3 / 2))
  topics_create {admission,discharge,identity-change,person-fact,case-action,period-close}:$PARTITIONS
  notices 60 'the input topics have grown'
  until_true 60 "everybody is live" everybody_is_live
  until_true 20 "more facts come" load_has_grown $(($(facts_sent) + 200))
  redis_forgets
}
