# SPDX-License-Identifier: MIT
"""mutants.py: the mutants of a C file: every copy of it with one thing changed.

| what stands there                    | what it becomes, one mutant each                         |
|--------------------------------------|----------------------------------------------------------|
| < <= == != >= >                      | its neighbours, and its contrary                         |
| + - * / % << >> & pipe, ++, +=, ...  | its contrary                                             |
| && and the pipes, between A and B    | the other; without A; without B                          |
| ! and the minus before an operand    | nothing                                                  |
| the condition of if, for, while, ?:  | always true (no loop: that would not end), never true    |
| an integer                           | one more, one less, 0                                    |
| a constant with a name               | one more, one less                                       |
| true, false                          | the other                                                |
| HD_HOLDS, HD_BROKEN, HD_NOT_JUDGED   | each of the other two                                    |
| continue, break                      | the other, nothing                                       |

An early return goes with its condition. Comments, strings and directives stay as they are. It reads
tokens and no grammar: some mutants do not compile, and are dropped where that shows.
"""
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""
    (?P<skip>   [ \t\n]+ | //[^\n]* | /\*.*?\*/ | (?:(?<=\n)|^)[ \t]*\#(?:\\\n|[^\n])* )
  | (?P<string> L?"(?:\\.|[^"\\])*" | L?'(?:\\.|[^'\\])*' )
  | (?P<number> \.?[0-9](?:[eEpP][+-]|[0-9A-Za-z_.])* )
  | (?P<name>   [A-Za-z_][A-Za-z_0-9]* )
  | (?P<mark>   <<= | >>= | \.\.\. | -> | \+\+ | -- | << | >> | <= | >= | == | != | && | \|\|
              | [-+*/%&|^]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)

COMPARISONS = {
    "<": ("<=", "!=", "=="), ">": (">=", "!=", "=="), "==": ("!=", "<=", ">="),
    "<=": ("<", "==", ">"), ">=": (">", "==", "<"), "!=": ("==", "<", ">"),
}
CONTRARY = {
    "+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&",
    "++": "--", "--": "++", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "<<=": ">>=",
    ">>=": "<<=", "&=": "|=", "|=": "&=", "true": "false", "false": "true",
}  # fmt: skip
ALSO_UNARY = ("+", "-", "*", "&")
VERDICTS = ("HD_HOLDS", "HD_BROKEN", "HD_NOT_JUDGED")
JUMPS = {"continue": ("break", ""), "break": ("continue", "")}
NAMED_CONSTANT = re.compile(r"(?!PRI[a-zX]|NULL$)(?:[A-Z][A-Z0-9_]{2,}|HD_\w+)$")
INTEGER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)$")
ENDS_OPERAND = {"(", "[", "{", ",", ";", "?", ":", "=", "+=", "-=", "|=", "&=", "return", "case"}


@dataclass(frozen=True)
class Mutant:
    """The text of a file from `start` to `end` is `old`, and becomes `new`."""

    path: str  # of the file, from the project's folder
    line: int
    line_text: str  # without the white space around it
    start: int
    end: int
    change: str  # "OLD to NEW"; " (2nd)" where OLD is changed in two places of the line
    new: str


@dataclass(frozen=True)
class Token:
    text: str
    kind: str
    start: int
    end: int


def tokens_of(source):
    """All but white space, comments and directives."""
    return [
        Token(found.group(), found.lastgroup, found.start(), found.end())
        for found in TOKEN.finditer(source)
        if found.lastgroup != "skip"
    ]


def mutants_of(path, source):
    """Every mutant of the file at `path`, which holds `source`: in order, none of them twice."""
    tokens = tokens_of(source)
    changes = set()  # (start, end, new)
    for i, token in enumerate(tokens):
        for new in replacements(source, tokens, i):
            changes.add((token.start, token.end, new))
        changes.update(changes_around(tokens, i))
    return describe(path, source, sorted(changes))


def replacements(source, tokens, i):
    """What the token itself may become."""
    token = tokens[i]
    if token.text in COMPARISONS:
        return COMPARISONS[token.text]
    if token.text in VERDICTS:
        return [verdict for verdict in VERDICTS if verdict != token.text]
    if token.text in JUMPS:
        return JUMPS[token.text]
    if token.text == "!" or (token.text == "-" and not is_binary(source, tokens, i)):
        return [""]
    if token.text in CONTRARY:
        is_operator = token.text not in ALSO_UNARY or is_binary(source, tokens, i)
        return [CONTRARY[token.text]] if is_operator else []
    if token.kind == "number":
        return other_integers(token.text)
    is_call = i + 1 < len(tokens) and tokens[i + 1].text == "("
    if token.kind == "name" and NAMED_CONSTANT.match(token.text) and not is_call:
        return [f"({token.text} + 1)", f"({token.text} - 1)"]
    return []


def is_binary(source, tokens, i):
    """+ - * & between two operands. A space on either side tells `a * b` from `type *b`."""
    before, token = tokens[i - 1], tokens[i]
    after_operand = before.kind in ("name", "number") or before.text in (")", "]")
    spaces = source[token.start - 1].isspace() and source[token.end].isspace()
    return after_operand and before.text not in ENDS_OPERAND and spaces


def other_integers(text):
    found = INTEGER.match(text)
    if found is None:
        return []
    value = int(found.group(1), 16 if text[:2] in ("0x", "0X") else 10)
    others = dict.fromkeys((value + 1, value - 1, 0))
    return [f"{other}{found.group(2)}" for other in others if other != value]


def changes_around(tokens, i):
    """What the operator or the keyword at `i` lets its operands or its condition become."""
    text = tokens[i].text
    if text in ("&&", "||"):
        neutral = "1" if text == "&&" else "0"
        yield tokens[i].start, tokens[i].end, "||" if text == "&&" else "&&"
        for first, last in (operand_before(tokens, i), operand_after(tokens, i)):
            yield tokens[first].start, tokens[last].end, neutral
    elif text == "?":
        first, last = operand_before(tokens, i)
        for forced in ("0", "1"):
            yield tokens[first].start, tokens[last].end, forced
    elif text in ("if", "while", "for"):
        first, last = condition(tokens, i)
        for forced in ("0", "1") if text == "if" else ("0",):
            if first <= last:
                yield tokens[first].start, tokens[last].end, forced


def operand_before(tokens, i):
    """First and last token of the left operand of && || or ?."""
    ends = ENDS_OPERAND | {"&&": {"||", "&&"}, "||": {"||"}, "?": set()}[tokens[i].text]
    depth = 0
    first = i
    while first > 0:
        text = tokens[first - 1].text
        if depth == 0 and text in ends:
            break
        depth += (text in (")", "]")) - (text in ("(", "["))
        first -= 1
    return first, i - 1


def operand_after(tokens, i):
    """First and last token of the right operand of && or ||."""
    ends = {")", "]", "}", ",", ";", "?", ":", "||"} | ({"&&"} if tokens[i].text == "&&" else set())
    depth = 0
    last = i
    while depth > 0 or tokens[last + 1].text not in ends:
        last += 1
        depth += (tokens[last].text in ("(", "[")) - (tokens[last].text in (")", "]"))
    return i + 1, last


def condition(tokens, i):
    """First and last token of the condition of the if, while or for at `i`; last is before first
    when there is none."""
    close = matching(tokens, i + 1)
    if tokens[i].text != "for":
        return i + 2, close - 1
    semicolons = [j for j in range(i + 2, close) if tokens[j].text == ";"]
    return semicolons[0] + 1, semicolons[1] - 1


def matching(tokens, i):
    """The parenthesis that closes the one at `i`."""
    depth = 1
    while depth > 0:
        i += 1
        depth += (tokens[i].text == "(") - (tokens[i].text == ")")
    return i


def describe(path, source, changes):
    """The mutants of (start, end, new), each named so that it is the only one of its line."""
    mutants = []
    places = {}  # line number and old text -> the starts where that is changed
    for start, end, _ in changes:
        starts = places.setdefault((source.count("\n", 0, start), source[start:end]), [])
        if start not in starts:
            starts.append(start)
    for start, end, new in changes:
        line, old = source.count("\n", 0, start), source[start:end]
        starts = places[(line, old)]
        nth = "" if len(starts) == 1 else f" ({ordinal(starts.index(start) + 1)})"
        change = f"{' '.join(old.split())} to {new or 'nothing'}{nth}"
        text = source.splitlines()[line].strip()
        mutants.append(Mutant(path, line + 1, text, start, end, change, new))
    return mutants


def ordinal(n):
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') }"
