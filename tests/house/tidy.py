#!/usr/bin/env python3
"""The house rules that a machine can read (CONTRIBUTING.md).

tidy.py [ROOT]   prints what breaks one; exit 1 if there is something
tidy.py --prove  shows, on a small tree of sins, that each is seen
"""
import pathlib
import re
import sys
import tempfile

FOLDERS = [".ci", "base", "proto", "policy", "state", "consumers", "producers", "gateway", "cli", "tests", "deploy",
           "docs", "cmake"]
CODE = {".c", ".h", ".def"}
TEXT = CODE | {".py", ".sh", ".md", ".yaml", ".yml", ".json", ".proto", ".cmake", ".txt", ".xml", ".properties", ""}
FUNCTION_LINES = 100
FILE_LINES = 800
COLUMNS = 120
# A flat table or a flat list of cases may be longer; each is named here with the lines it may have.
LONG_FUNCTIONS = {}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
# Somebody's own machine or network: it is nowhere else. Debian and the public registries are reached by their clients.
PRIVATE = re.compile(
    r"(?<![\w.\-}>])/(home|root|work|mnt|Users)/\w"
    r"|\b[\w-]+\.(internal|intranet|corp|lan)\b"
    r"|\b(nexus|artifactory|registry|mirrors?|proxy)\.[a-z0-9-]+\.[a-z]{2,}\b"
    r"|\b(10|192\.168|172\.(1[6-9]|2\d|3[01]))(\.\d{1,3}){2,3}\b")
# Law texts are quoted as they stand, and so is what broke a decoder.
QUOTED = ["tests/golden/", "policy/packs/", "tests/fuzz/found/"]


def functions(lines):
    """(name, first line, length) of every function: its braces stand alone in column one."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            heads = [head for head in lines[max(0, start - 8):start - 1] if re.match(r"\w.*\(", head)]
            name = re.search(r"(\w+)\(", heads[-1])[1] if heads else "?"
            yield name, start, number - start + 1
            start = None


def check_code(path, lines):
    for name, start, length in functions(lines):
        if length > LONG_FUNCTIONS.get(f"{path}:{name}", FUNCTION_LINES):
            yield start, f"{name} has {length} lines; {FUNCTION_LINES} is the limit"
    if len(lines) > FILE_LINES:
        yield len(lines), f"{len(lines)} lines; {FILE_LINES} is the limit"
    if path.endswith(".h") and not (lines and lines[0].startswith("/**")):
        yield 1, "a header begins with what it is for: /** ... */"
    if path.endswith(".h") and "#pragma once" not in lines:
        yield 1, "no #pragma once"


def check_lines(path, lines):
    in_code = pathlib.PurePath(path).suffix in CODE | {".py", ".sh", ".cmake"}
    for number, line in enumerate(lines, 1):
        if in_code and len(line) > COLUMNS:
            yield number, f"{len(line)} columns; {COLUMNS} is the limit"
        if in_code and (line != line.rstrip() or "\t" in line):
            yield number, "a tab, or a space at the end"
        if UNFINISHED.search(line):
            yield number, "unfinished work is done, or written down as an issue"
        if PRIVATE.search(line):
            yield number, "names somebody's own machine or network"


def check_file(path, data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return [(1, "not UTF-8")]
    lines = text.split("\n")
    found = [] if text.endswith("\n") or not text else [(len(lines), "no newline at the end")]
    lines = lines[:-1] if text.endswith("\n") else lines
    if pathlib.PurePath(path).suffix in CODE:
        found += check_code(path, lines)
    return found + list(check_lines(path, lines))


def read_tree(root):
    """The complaints, and how many files were read."""
    complaints, count = [], 0
    files = [file for file in root.iterdir() if file.is_file()]
    for folder in FOLDERS:
        files += sorted((root / folder).rglob("*"))
    for file in files:
        path = file.relative_to(root).as_posix()
        if not file.is_file() or file.suffix not in TEXT or any(path.startswith(quoted) for quoted in QUOTED):
            continue
        count += 1
        complaints += [f"{path}:{line}: {why}" for line, why in check_file(path, file.read_bytes())]
    return complaints, count


def function_of(lines):
    return "int f(void)\n{\n" + "    f();\n" * (lines - 2) + "}\n"


SINS = {
    "base/long.c": function_of(FUNCTION_LINES + 1),
    "base/huge.c": "int a;\n" * (FILE_LINES + 1),
    "base/bare.h": "#pragma once\n",
    "base/twice.h": "/** For what. */\n",
    "base/wide.c": "/* " + "县" * COLUMNS + " */\n",
    "base/tab.c": "\tint a;\n",
    "base/space.c": "int a; \n",
    "base/open.c": "int a;",
    "base/later.c": "/* TO" "DO: more */\n",
    "docs/later.md": "FIX" "ME\n",
    "base/bytes.c": "\udcd1\udcf4\n",
    "README.md": "see /" "home/me/notes\n",
    "deploy/pom.xml": "<url>https://nexus" ".example.com/maven</url>\n",
    "deploy/a.yaml": "brokers: 10" ".1.2.3:9092\n",
}
VIRTUES = {
    "base/edge.c": function_of(FUNCTION_LINES),
    "base/full.c": "int a;\n" * FILE_LINES,
    "base/fine.h": "/** For what. */\n#pragma once\n",
    "base/line.c": "/* " + "县" * (COLUMNS - 6) + " */\n",
    "docs/b.md": "127.0.0.1, ~/.cache/settled, /usr/share, net/work/x, 10.5%\n",
    "base/empty.c": "",
}


def prove():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in {**SINS, **VIRTUES}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode("utf-8", "surrogateescape"))
        complaints, _ = read_tree(root)
    seen = {line.split(":")[0] for line in complaints}
    return [f"not seen: {path}" for path in SINS if path not in seen] + [
        line for line in complaints if line.split(":")[0] in VIRTUES]


def main():
    if sys.argv[1:] == ["--prove"]:
        complaints = prove()
        print(f"{len(SINS)} sins, {len(VIRTUES)} virtues")
    else:
        complaints, count = read_tree(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
        print(f"{count} files read")
        if count == 0:
            complaints.append("nothing read: is this the project's root?")
    print("\n".join(complaints))
    sys.exit(1 if complaints else 0)


main()
