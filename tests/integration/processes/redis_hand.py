#!/usr/bin/env python3
"""redis_hand.py dump DATABASE          every key and value, a line each, in hexadecimal digits, sorted
redis_hand.py damage STAGE [NUMBER]  changes a bit in NUMBER values, each of another partition; prints the keys
redis_hand.py delete STAGE           deletes one value, and leaves it in the index; prints the key
redis_hand.py lacks all|keys FILE    fails when a word of the file, a line each, stands in Redis, in any spelling
redis_hand.py migrate SLOT PORT      the keys of a slot of a Cluster go to the server at that port

Speaks to SETTLED_TEST_REDIS without a client library. A hand that reaches into Redis behind the processor's back."""
import base64
import os
import socket
import sys
import urllib.parse


class Redis:
    def __init__(self):
        host, port = os.environ["SETTLED_TEST_REDIS"].rsplit(":", 1)
        self.file = socket.create_connection((host, int(port))).makefile("rwb")

    def ask(self, *words):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.file.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        self.file.flush()
        return self.answer()

    def answer(self):
        line = self.file.readline()[:-2]
        kind, rest = line[:1], line[1:]
        if kind == b"-":
            sys.exit(rest.decode())
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.answer() for _ in range(int(rest))]
        return rest

    def keys(self, pattern="*"):
        cursor, found = b"0", set()
        while True:
            cursor, keys = self.ask("SCAN", cursor, "MATCH", pattern, "COUNT", 10000)
            found.update(keys)
            if cursor == b"0":
                return sorted(found)

    def everything(self, database):
        self.ask("SELECT", database)
        for key in self.keys():
            if self.ask("TYPE", key) == b"zset":
                yield key, b" ".join(self.ask("ZRANGE", key, 0, -1))
            else:
                yield key, self.ask("GET", key) or b""


def partition_of(key):
    return key[key.index(b"{"):key.index(b"}")]


def choose(redis, stage, count):
    """Values of as many partitions as are asked for."""
    chosen = {}
    for key in redis.keys(f"settled:{stage}:{{*}}:v:*"):
        chosen.setdefault(partition_of(key), key)
    return [chosen[partition] for partition in sorted(chosen)[:count]]


def damage(redis, stage, count=1):
    for key in choose(redis, stage, int(count)):
        value = bytearray(redis.ask("GET", key))
        value[len(value) // 2] ^= 4
        redis.ask("SET", key, bytes(value))
        print(key[-16:].hex())


def spellings(word):
    """As bytes that a program may make of a text."""
    yield from (word.encode(), word.encode("gb18030"), word.encode("utf-16-le"), word.encode().hex().encode())
    yield urllib.parse.quote(word).encode()
    for before in range(3):  # base64 of a text around it: what does not depend on the neighbours
        text = base64.b64encode(b"\0" * before + word.encode())
        yield text[(before * 4 + 2) // 3 + 1:len(text) // 4 * 4 - 4]


def lacks(redis, where, path):
    with open(path, encoding="utf-8") as file:
        words = sorted({line.strip() for line in file if line.strip()})
    text = b"\n".join(key + (b"\n" + value if where == "all" else b"") for key, value in redis.everything(0))
    for word in words:
        if any(spelling in text for spelling in spellings(word)):
            sys.exit(f"a word of {len(word)} letters stands in {where} of Redis")
    print(f"{len(words)} words, {len(text)} bytes")


def migrate(redis, slot, port):
    while keys := redis.ask("CLUSTER", "GETKEYSINSLOT", slot, 100):
        redis.ask("MIGRATE", "127.0.0.1", port, "", 0, 5000, "KEYS", *keys)


def main():
    redis, command, arguments = Redis(), sys.argv[1], sys.argv[2:]
    if command == "dump":
        for key, value in redis.everything(arguments[0]):
            print(key.hex(), value.hex())
    elif command == "damage":
        damage(redis, *arguments)
    elif command == "delete":
        key = choose(redis, arguments[0], 1)[0]
        redis.ask("DEL", key)
        print(key[-16:].hex())
    elif command == "lacks":
        lacks(redis, *arguments)
    elif command == "migrate":
        migrate(redis, *arguments)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
