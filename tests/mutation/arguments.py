# SPDX-License-Identifier: MIT
"""arguments.py: the file of arguments why no test can tell a mutant from the original.

    # a comment
    oracles/NAME.c: OLD to NEW
    oracles/NAME.c: OLD to OTHER
        the line of the source, whole
        The argument, over as many
        lines as it needs.

An entry ends with an empty line. It names mutants as mutate lists them, of one line of one file.
"""
from dataclasses import dataclass


class BadArguments(Exception):
    """The file cannot be read; the text says where."""


@dataclass
class Argument:
    number: int  # of its first line
    mutants: list  # (path, change)
    line_text: str
    argument: str


def read_arguments(path):
    """All entries of the file at `path`."""
    entries, block = [], []
    for number, line in enumerate([*path.read_text().splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append((number, line))
        elif block:
            entries.append(entry_of(path, block))
            block = []
    return entries


def entry_of(path, block):
    number = block[0][0]
    heads = [line.partition(": ") for _, line in block if not line[0].isspace()]
    body = [line.strip() for _, line in block if line[0].isspace()]
    if not heads or not all(change for _, _, change in heads) or len(body) < 2:
        raise BadArguments(f"{path}:{number}: an entry is `FILE: OLD to NEW` once or more, then,"
                           " indented, the line of the source and the argument")  # fmt: skip
    mutants = [(file, change) for file, _, change in heads]
    return Argument(number, mutants, body[0], " ".join(body[1:]))
