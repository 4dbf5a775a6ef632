#!/usr/bin/env python3
"""Reads every #include of every folder against the arrows of docs/architecture.md.

arrows.py [ROOT]   prints each include that goes the wrong way; exit 1 if there is one
arrows.py --prove  shows, on a small tree of wrong includes, that each is seen
"""
import fnmatch
import pathlib
import re
import sys
import tempfile

CORE = ["base", "policy", "state"]
ALLOWED = {
    "base": ["base"],
    "proto": ["base", "proto"],
    "policy": ["base", "policy"],
    "state": CORE,
    "consumers": CORE + ["proto", "consumers"],
    "producers": CORE + ["proto", "producers"],
    "gateway": CORE + ["proto", "consumers", "producers", "gateway"],
    "cli": CORE + ["proto", "consumers", "producers", "cli"],
    "tests": None,  # tests may look at everything
}
# A stage turns facts into records, so it alone of the consumers knows the producers.
EXCEPTIONS = {"consumers/stage_*.c": ["producers"], "consumers/stage_*_parts.h": ["producers"]}
# What producers make are records of the log: its interface and the list of outputs, and nothing else of the consumers.
HEADER_EXCEPTIONS = {"producers": ["consumers/log.h", "consumers/stage.h"]}
# A library that does I/O is known to the files that are about it and to nobody else.
LIBRARIES = {
    "librdkafka/": ["consumers/log_kafka*.[ch]", "cli/*", "tests/*"],
    "hiredis/": ["state/store_redis*.[ch]", "tests/*"],
    "protobuf-c/": ["proto/*", "consumers/*", "producers/*", "gateway/*", "cli/*", "tests/*"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


def complaint(root, path, quote, header):
    """Why this include may not stand in this file, or None."""
    for prefix, homes in LIBRARIES.items():
        if header.startswith(prefix) and not matches(path, homes):
            return f"only {', '.join(homes)} may know {prefix[:-1]}"
    if quote == "<":
        return None
    folder = path.split("/")[0]
    generated = header.endswith(".pb-c.h")
    target = "proto" if generated else header.split("/")[0]
    allowed = ALLOWED[folder]
    if allowed is None:
        return None
    if target not in ALLOWED:
        return "names no folder of ours; include it from the root, or with <>"
    if not generated and not (root / header).is_file():
        return "no such file"
    if header in HEADER_EXCEPTIONS.get(folder, []):
        return None
    extra = [name for pattern, names in EXCEPTIONS.items() if fnmatch.fnmatch(path, pattern) for name in names]
    return None if target in allowed + extra else f"{folder} may include {', '.join(allowed + extra)} only"


def read_tree(root):
    """The complaints, and how many includes were read."""
    complaints, count = [], 0
    for folder in ALLOWED:
        for file in sorted((root / folder).rglob("*.[ch]")):
            path = file.relative_to(root).as_posix()
            for match in INCLUDE.finditer(file.read_text(encoding="utf-8")):
                count += 1
                why = complaint(root, path, match[1], match[2])
                if why:
                    complaints.append(f"{path}: {match[2]}: {why}")
    return complaints, count


WRONG = {
    "base/a.c": '#include "policy/p.h"',
    "policy/a.c": '#include "state/s.h"',
    "policy/b.c": "#include <librdkafka/rdkafka.h>",
    "policy/c.c": '#include "proto/settled.pb-c.h"',
    "policy/d.c": '# include "policy/gone.h"',
    "policy/e.c": '#include "p.h"',
    "state/a.c": '#include "consumers/c.h"',
    "state/fold.c": "#include <hiredis/hiredis.h>",
    "state/b.c": "#include <protobuf-c/protobuf-c.h>",
    "state/c.c": '#include "google/protobuf/timestamp.pb-c.h"',
    "consumers/a.c": '#include "producers/p.h"',
    "consumers/engine.c": "#include <librdkafka/rdkafka.h>",
    "producers/a.c": '#include "consumers/c.h"',
    "producers/deep/b.c": '#include "cli/c.h"',
    "gateway/a.c": '#include "cli/c.h"',
    "cli/a.c": '#include "gateway/g.h"',
    "cli/b.c": "#include <hiredis/hiredis.h>",
}
RIGHT = {
    "policy/p.h": "", "state/s.h": "", "consumers/c.h": "", "producers/p.h": "", "cli/c.h": "", "gateway/g.h": "",
    "consumers/log.h": "",
    "policy/f.c": '#include "policy/p.h"\n#include <stdint.h>',
    "producers/envelope.c": '#include "consumers/log.h"',
    "state/store_redis.c": '#include "policy/p.h"\n#include <hiredis/hiredis.h>',
    "consumers/log_kafka_producer.c": "#include <librdkafka/rdkafka.h>",
    "consumers/stage_person.c": '#include "producers/p.h"\n#include "proto/settled.pb-c.h"',
    "cli/c.c": '#include "consumers/c.h"\n#include "producers/p.h"\n#include <librdkafka/rdkafka.h>',
    "tests/unit/x.c": '#include "tests/unit/help.h"\n#include <hiredis/hiredis.h>',
}


def prove():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in {**WRONG, **RIGHT}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text + "\n")
        complaints, _ = read_tree(root)
    seen = {line.split(":")[0] for line in complaints}
    return [f"not seen: {path}" for path in WRONG if path not in seen] + [
        f"seen for nothing: {path}" for path in RIGHT if path in seen]


def main():
    if sys.argv[1:] == ["--prove"]:
        complaints = prove()
        print(f"{len(WRONG)} wrong includes, {len(RIGHT)} right files")
    else:
        complaints, count = read_tree(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
        print(f"{count} includes read")
        if count == 0:
            complaints.append("nothing read: is this the project's root?")
    print("\n".join(complaints))
    sys.exit(1 if complaints else 0)


main()
