# Real Apache Kafka and Redis for tests and the demo: to be sourced by bash (set -euo pipefail is fine).
#
#   source tests/services/services.sh
#   services_begin                     a temporary folder; what is started is stopped when the shell ends
#   kafka_start [BROKERS]              one broker, or three: sets SETTLED_TEST_BROKERS. With KAFKA_VIA="PORT TARGET" the
#                                      first listens at TARGET too, and sends who comes there to PORT: a proxy's place
#   redis_start [OPTION...]            sets SETTLED_TEST_REDIS (host:port) and SETTLED_TEST_REDIS_SOCKET
#   redis_run NAME [OPTION...]         one more Redis, its port in $SERVICES_DIR/NAME/port; redis_launch does not wait
#   redis_say NAME COMMAND...          what redis-cli answers; the first one is called redis
#   topics_create NAME:PARTITIONS...   returns when every partition has a leader
#   kafka_kill N [SIGNAL]              TERM when left out; kafka_run N starts broker N again on its port and its data
#   redis_kill [SIGNAL]                redis_start starts it again, likewise
#   services_end                       at once, also by itself on exit, SIGINT and SIGTERM
#
# Everything listens on 127.0.0.1, on ports that were free, keeps its data, its log and its pid (kafka-1.pid, redis.pid)
# in $SERVICES_DIR, and dies with the shell that started it, however that ends. A shell that sets its own EXIT trap
# calls services_end there.
# SETTLED_CACHE: where the jars are kept (~/.cache/settled); SETTLED_BIN: where settled-topics is (build/dev/bin);
# SETTLED_KAFKA_HEAP: 512m; SETTLED_KEEP=1 keeps the folder.

SERVICES_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
KAFKA_VERSION=$(sed -n '/<artifactId>kafka_2.13</,/<version>/s/.*<version>\(.*\)<.*/\1/p' \
  "$SERVICES_ROOT/deploy/kafka/pom.xml")
KAFKA_JARS=${SETTLED_CACHE:-$HOME/.cache/settled}/kafka-$KAFKA_VERSION

services_begin() {
  SERVICES_DIR=$(mktemp -d "${TMPDIR:-/tmp}/settled.XXXXXX")
  export SERVICES_DIR
  trap services_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

services_end() {
  local pid_file
  [ -n "${SERVICES_DIR:-}" ] || return 0
  for pid_file in "$SERVICES_DIR"/*.pid; do
    # The data is thrown away with the folder: nothing is gained by asking politely.
    [ ! -e "$pid_file" ] || service_kill "$(basename "$pid_file" .pid)" KILL
  done
  [ -n "${SETTLED_KEEP:-}" ] || rm -rf "$SERVICES_DIR"
  unset SERVICES_DIR
}

# service_run NAME COMMAND...: in the background, its pid in NAME.pid, its output in NAME.log.
service_run() {
  local name=$1
  shift
  setpriv --pdeathsig KILL "$@" >>"$SERVICES_DIR/$name.log" 2>&1 </dev/null &
  echo $! >"$SERVICES_DIR/$name.pid"
  disown # or bash would report each kill
}

service_is_alive() {
  kill -0 "$(cat "$SERVICES_DIR/$1.pid")" 2>/dev/null
}

# service_kill NAME [SIGNAL]: returns when it is gone.
service_kill() {
  local name=$1 pid tenths
  pid=$(cat "$SERVICES_DIR/$name.pid")
  kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
  for ((tenths = 0; tenths < 300; tenths++)); do
    kill -0 "$pid" 2>/dev/null || break
    [ $tenths -ne 200 ] || kill -s KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$SERVICES_DIR/$name.pid"
}

# service_wait NAME COMMAND...: until the command succeeds; at most a minute, and no longer than the service lives.
service_wait() {
  local name=$1 tenths
  shift
  for ((tenths = 0; tenths < 600; tenths++)); do
    ! "$@" >/dev/null 2>&1 || return 0
    service_is_alive "$name" || break
    sleep 0.1
  done
  echo "$name did not start; the end of its log:" >&2
  tail -n 20 "$SERVICES_DIR/$name.log" >&2
  return 1
}

# free_ports COUNT: so many different ones that nobody listens on now.
free_ports() {
  python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))' "$1"
}

# --- Redis ---

redis_start() {
  local dir=$SERVICES_DIR/redis
  redis_run redis "$@"
  export SETTLED_TEST_REDIS=127.0.0.1:$(cat "$dir/port") SETTLED_TEST_REDIS_SOCKET=$dir/redis.sock
}

redis_launch() {
  local name=$1 dir=$SERVICES_DIR/$1
  shift
  mkdir -p "$dir"
  [ -e "$dir/port" ] || free_ports 1 >"$dir/port"
  service_run "$name" redis-server --bind 127.0.0.1 --port "$(cat "$dir/port")" --unixsocket "$dir/redis.sock" \
    --dir "$dir" --appendonly yes --save '' --daemonize no "$@"
}

redis_run() {
  redis_launch "$@"
  service_wait "$1" redis_answers "$1"
}

redis_say() {
  local name=$1
  shift
  redis-cli -h 127.0.0.1 -p "$(cat "$SERVICES_DIR/$name/port")" "$@"
}

redis_answers() {
  [ "$(redis_say "$1" ping)" = PONG ]
}

redis_kill() {
  service_kill redis "${1:-TERM}"
}

# --- Kafka ---

# The jars come from Maven Central once; the folder appears whole or not at all.
kafka_install() {
  [ ! -d "$KAFKA_JARS" ] || return 0
  local fresh=$KAFKA_JARS.$$
  mkdir -p "$fresh"
  echo "fetching Apache Kafka $KAFKA_VERSION into $KAFKA_JARS" >&2
  if ! mvn --quiet --batch-mode -f "$SERVICES_ROOT/deploy/kafka/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$fresh" >"$fresh.log" 2>&1; then
    cat "$fresh.log" >&2
    rm -rf "$fresh" "$fresh.log"
    return 1
  fi
  rm -f "$fresh.log"
  mv -T "$fresh" "$KAFKA_JARS" 2>/dev/null || rm -rf "$fresh" # somebody else was faster
}

# kafka_settings N BROKERS PORT...: broker N of a KRaft cluster in which each is controller too. First the brokers'
# ports, then the controllers'.
kafka_settings() {
  local n=$1 brokers=$2 voters= i via=() listens= advertises=
  shift 2
  local ports=("$@")
  if [ "$n" = 1 ] && [ -n "${KAFKA_VIA:-}" ]; then
    read -ra via <<<"$KAFKA_VIA"
    advertises=,VIA://127.0.0.1:${via[0]}
    listens=,VIA://127.0.0.1:${via[1]}
  fi
  for ((i = 1; i <= brokers; i++)); do
    voters+=${voters:+,}$i@127.0.0.1:${ports[brokers + i - 1]}
  done
  cat <<END
process.roles=broker,controller
node.id=$n
listeners=PLAINTEXT://127.0.0.1:${ports[n - 1]},CONTROLLER://127.0.0.1:${ports[brokers + n - 1]}$listens
advertised.listeners=PLAINTEXT://127.0.0.1:${ports[n - 1]}$advertises
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,VIA:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.voters=$voters
log.dirs=$SERVICES_DIR/kafka-$n/data
default.replication.factor=$brokers
min.insync.replicas=$((brokers / 2 + 1))
offsets.topic.replication.factor=$brokers
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$brokers
transaction.state.log.min.isr=$((brokers / 2 + 1))
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=$brokers
share.coordinator.state.topic.min.isr=$((brokers / 2 + 1))
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=4000
auto.create.topics.enable=false
message.max.bytes=4194304
END
}

# kafka_java LEVEL: the command line of a Java machine with Kafka's jars, in KAFKA_JAVA. Level 1 compiles fast, 4 well.
kafka_java() {
  local heap=${SETTLED_KAFKA_HEAP:-512m}
  KAFKA_JAVA=(java "-Xmx$heap" -XX:+UseG1GC "-XX:TieredStopAtLevel=$1" -Xshare:auto
    "-Dlog4j2.configurationFile=$SERVICES_ROOT/deploy/kafka/log4j2.properties" -cp "$KAFKA_JARS/*")
}

kafka_format() {
  local log=$SERVICES_DIR/kafka-$1/format.log
  kafka_java 1
  "${KAFKA_JAVA[@]}" kafka.tools.StorageTool format --cluster-id c2V0dGxlZC10ZXN0cy0wMQ \
    --config "$SERVICES_DIR/kafka-$1/server.properties" >"$log" 2>&1 || { cat "$log" >&2 && return 1; }
}

kafka_start() {
  local brokers=${1:-1} ports formats=() n
  kafka_install
  read -ra ports < <(free_ports $((2 * brokers)))
  SETTLED_TEST_BROKERS=
  for ((n = 1; n <= brokers; n++)); do
    mkdir -p "$SERVICES_DIR/kafka-$n"
    kafka_settings "$n" "$brokers" "${ports[@]}" >"$SERVICES_DIR/kafka-$n/server.properties"
    SETTLED_TEST_BROKERS+=${SETTLED_TEST_BROKERS:+,}127.0.0.1:${ports[n - 1]}
    kafka_format "$n" &
    formats+=($!)
  done
  export SETTLED_TEST_BROKERS
  for n in "${formats[@]}"; do wait "$n"; done
  for ((n = 1; n <= brokers; n++)); do kafka_launch "$n"; done
  for ((n = 1; n <= brokers; n++)); do service_wait "kafka-$n" kafka_has_started "$n"; done
}

kafka_launch() {
  local log=$SERVICES_DIR/kafka-$1.log
  [ ! -e "$log" ] || mv "$log" "$log.before"
  kafka_java 4
  service_run "kafka-$1" "${KAFKA_JAVA[@]}" kafka.Kafka "$SERVICES_DIR/kafka-$1/server.properties"
}

kafka_has_started() {
  grep -q 'Kafka Server started' "$SERVICES_DIR/kafka-$1.log"
}

kafka_run() {
  kafka_launch "$1"
  service_wait "kafka-$1" kafka_has_started "$1"
}

kafka_kill() {
  service_kill "kafka-$1" "${2:-TERM}"
}

topics_create() {
  "${SETTLED_BIN:-$SERVICES_ROOT/build/dev/bin}/settled-topics" "$SETTLED_TEST_BROKERS" "$@"
}
