#!/usr/bin/env python3
"""Shows any clock, file, socket, allocator, log call or float that crept into the pure core.

purity.py [--helper ARCHIVE]... ARCHIVE...
    Each ARCHIVE may need only what the archives given define and what is on the list below. A --helper archive
    (base) is there to be called, and may itself need a few things more.
purity.py --prove
    Compiles a snippet for each sin and shows that it is seen.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

# What the core may call beside itself: work on memory it was given. snprintf formats into a buffer; without a float it
# neither allocates nor asks for a locale.
LIST = {
    "memchr", "memcmp", "memcpy", "memmove", "memset",
    "snprintf", "strchr", "strcmp", "strlen", "strncmp",
    "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_",
    "XXH3_64bits", "XXH64",  # a checksum over memory it was given
    "__divti3", "__modti3", "__udivti3", "__umodti3", "__multi3",  # 128-bit products of fen and basis points
}
# What base needs beside that: arena_new maps memory, check_failed says why the program ends.
HELPER_LIST = LIST | {
    "abort", "calloc", "fprintf", "free", "madvise", "mmap", "munmap", "stderr", "vsnprintf",
}
# Not the program's own calls: coverage counters and sanitizers.
INSTRUMENT = re.compile(r"__(gcov|asan|ubsan|tsan|sanitizer)_|__gcov")
# A helper that would give the core what it must not have.
NOT_FOR_THE_CORE = {"arena_new", "arena_free"}
FLOAT = re.compile(
    r"\s(v?(add|sub|mul|div|sqrt|min|max|hadd|round|u?comi|cmp\w*|fn?m(add|sub)\w*)(ss|sd|ps|pd)"  # x86-64 arithmetic
    r"|v?cvt\w+"  # and conversion
    r"|f(i?ld|i?add|i?sub|i?mul|i?div|sqrt|u?comi?p*|istt?p)[a-z]*"  # x87
    r"|f(add|sub|mul|div|n?madd|n?msub|cmpe?|cvt\w+|sqrt)\s+[dsq]\d|[su]cvtf)\b")  # arm64


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout


def symbols(archive, *options):
    """(member, symbol) pairs of an archive or object file."""
    member, found = archive, []
    for line in run("nm", "--format=posix", *options, archive).splitlines():
        if line.endswith(":"):
            member = re.sub(r".*\[(.*)\]:$", r"\1", line)
        elif line:
            found.append((member, line.split()[0].split("@")[0]))
    return found


def base_name(symbol):
    """memcpy for __memcpy_chk, which the compiler may call in its place."""
    match = re.fullmatch(r"__(\w+)_chk", symbol)
    return match[1] if match else symbol


def defined(archives):
    return {name for archive in archives for _, name in symbols(archive, "--defined-only", "--extern-only")}


def foreign_calls(archives, own, allowed):
    return [f"{member}: calls {name}" for archive in archives for member, name in symbols(archive, "--undefined-only")
            if name not in own and base_name(name) not in allowed and not INSTRUMENT.match(name)]


def float_use(archive):
    member, function, found = archive, "", []
    for line in run("objdump", "--disassemble", "--no-show-raw-insn", archive).splitlines():
        if ": " in line and "file format" in line:
            member = line.split(":")[0]
        elif re.match(r"[0-9a-f]+ <", line):
            function = line.split("<")[1].rstrip(">:")
        elif FLOAT.search(line):
            found.append(f"{member}: float in {function}: {' '.join(line.split()[1:])}")
    return found


def judge(archives, helpers):
    core, base = defined(archives), defined(helpers)
    return (foreign_calls(archives, core | base - NOT_FOR_THE_CORE, LIST) + foreign_calls(helpers, base, HELPER_LIST)
            + [line for archive in archives + helpers for line in float_use(archive)])


SINS = {
    "clock": "#include <time.h>\nlong f(void) { return time(0); }",
    "file": "#include <stdio.h>\nvoid *f(void) { return fopen(\"x\", \"r\"); }",
    "socket": "#include <sys/socket.h>\nint f(void) { return socket(1, 1, 0); }",
    "allocator": "#include <stdlib.h>\nvoid *f(void) { return malloc(8); }",
    "own arena": "struct arena *arena_new(unsigned long);\nvoid *f(void) { return arena_new(8); }",
    "log": "#include <stdio.h>\nvoid f(void) { fprintf(stderr, \"x\"); }",
    "global of another": "extern int tzname_count;\nint f(void) { return tzname_count; }",
    "float product": "long f(long a) { return (long)((double)a * 0.7); }",
    "float sum": "float f(float a, float b) { return a + b; }",
    "long double": "long f(long double a) { return (long)(a / 3); }",
    "float compare": "int f(double a, double b) { return a < b; }",
    "math": "#include <math.h>\ndouble f(double a) { return floor(a); }",
}
VIRTUES = {
    "memory": "#include <string.h>\nvoid f(char *a, char *b, int n) { memcpy(a, b, n); memset(a, 0, n); }",
    "wide product": "long f(long a, long b) { return (long)((__int128)a * b / 10000); }",
    "struct copy": "struct s { long a[9]; };\nvoid f(struct s *a, struct s *b) { *a = *b; }",
}


def prove():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for expected, snippets in ((True, SINS), (False, VIRTUES)):
            for name, code in snippets.items():
                for level in ("-O0", "-O2"):
                    source, target = f"{folder}/x.c", f"{folder}/x.o"
                    with open(source, "w", encoding="utf-8") as file:
                        file.write(code + "\n")
                    run("cc", level, "-w", "-c", source, "-o", target)
                    if bool(judge([target], [])) != expected:
                        wrong.append(f"{name} at {level}: {'not seen' if expected else 'seen for nothing'}")
    print(f"{len(SINS)} sins, {len(VIRTUES)} virtues")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--helper", dest="helpers", action="append", default=[])
    parser.add_argument("archives", nargs="*")
    options = parser.parse_args()
    if options.prove:
        complaints = prove()
    elif options.archives:
        complaints = judge(options.archives, options.helpers)
    else:
        parser.error("no archive")
    print("\n".join(complaints))
    sys.exit(1 if complaints else 0)


main()
