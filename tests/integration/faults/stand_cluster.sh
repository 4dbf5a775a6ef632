# One broker, a Redis Cluster of three: slots move from server to server, and a server is gone for a while.

FAULTS_cluster=(redis_slots_moved redis_node_killed)
CLUSTER_NODES=(redis node2 node3)

stand_cluster() {
  local ports bus node i addresses=
  read -ra bus < <(free_ports 3)
  for i in 0 1 2; do
    node=${CLUSTER_NODES[i]}
    CLUSTER_OPTIONS[i]="--cluster-enabled yes --cluster-node-timeout 3000 --cluster-port ${bus[i]}"
    cluster_run $i
    addresses+=${addresses:+ }127.0.0.1:$(cat "$SERVICES_DIR/$node/port")
  done
  # The bus has ports of its own, which redis-cli --cluster create does not know.
  for i in 0 1 2; do
    redis_say "${CLUSTER_NODES[i]}" cluster addslotsrange $((i * 5461)) $((i == 2 ? 16383 : i * 5461 + 5460)) >/dev/null
    [ $i = 0 ] || redis_say redis cluster meet 127.0.0.1 "$(cat "$SERVICES_DIR/${CLUSTER_NODES[i]}/port")" "${bus[i]}" \
      >/dev/null
  done
  until_true 30 "the cluster has formed" cluster_is_whole
  SETTLED_TEST_REDIS=${addresses%% *}
  export SETTLED_TEST_REDIS
  kafka_start
  STAND_REDIS="address: \"${addresses// /,}\""
}

declare -a CLUSTER_OPTIONS=()

cluster_run() { # NUMBER
  # shellcheck disable=SC2086
  redis_run "${CLUSTER_NODES[$1]}" ${CLUSTER_OPTIONS[$1]}
}

cluster_is_whole() {
  local node
  for node in "${CLUSTER_NODES[@]}"; do
    redis_say "$node" cluster info | grep -q 'cluster_state:ok' || return 1
    [ "$(redis_say "$node" cluster nodes | grep -c ' connected')" = 3 ] || return 1
  done
}

# Which of the nodes has a partition's slot.
owner_of_slot() { # SLOT
  local node id
  id=$(redis_say redis cluster nodes | awk -v slot="$1" '{
    for (i = 9; i <= NF; i++) { split($i, range, "-"); if (range[2] == "") range[2] = range[1]
      if ($i !~ /^\[/ && slot >= range[1] + 0 && slot <= range[2] + 0) print $1 } }')
  for node in "${CLUSTER_NODES[@]}"; do
    [ "$(redis_say "$node" cluster myid)" != "$id" ] || echo "$node"
  done
}

# slot_move SLOT FROM TO WHILE...: as redis-cli --cluster reshard does it, and with a command in the middle of it.
slot_move() {
  local slot=$1 from=$2 to=$3 from_id to_id node port
  shift 3
  from_id=$(redis_say "$from" cluster myid)
  to_id=$(redis_say "$to" cluster myid)
  port=$(cat "$SERVICES_DIR/$to/port")
  redis_say "$to" cluster setslot "$slot" importing "$from_id" >/dev/null
  redis_say "$from" cluster setslot "$slot" migrating "$to_id" >/dev/null
  "$@"
  SETTLED_TEST_REDIS=127.0.0.1:$(cat "$SERVICES_DIR/$from/port") \
    /usr/bin/python3 "$FAULTS_HERE/../processes/redis_hand.py" migrate "$slot" "$port"
  redis_say "$to" cluster setslot "$slot" node "$to_id" >/dev/null
  for node in "${CLUSTER_NODES[@]}"; do
    redis_say "$node" cluster setslot "$slot" node "$to_id" >/dev/null
  done
}

# Every partition's slot goes to the next server.
fault_redis_slots_moved() {
  local partition slot from to meanwhile=(notices 30 'TRYAGAIN\|ASK')
  for ((partition = 0; partition < PARTITIONS; partition++)); do
    slot=$(redis_say redis cluster keyslot "{$partition}")
    from=$(owner_of_slot "$slot")
    case $from in redis) to=node2 ;; node2) to=node3 ;; *) to=redis ;; esac
    slot_move "$slot" "$from" "$to" "${meanwhile[@]}"
    meanwhile=(true)
  done
}

fault_redis_node_killed() {
  service_kill node2 KILL
  notices 30 '"status":"STORE_UNREACHABLE"'
  cluster_run 1
  until_true 30 "the cluster is whole" cluster_is_whole
}
