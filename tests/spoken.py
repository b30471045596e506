"""Every sentence that code can say to a person, found by reading the code.

Sentences arise where an error is raised or something is noted about a row, a file, a message. Some are put together on
the way: a function is handed what is wrong and says of what. So the code is followed: from the places where sentences
end up, back through variables, tables of constants and the functions that build on them, until only values are open.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple, TypeAlias

ENDS = ("message", "reason", "hint", "problem", "because")
"""How members, arguments and keys are called in which whole sentences end up."""

LABELS = ("label",)
"""How properties are called that give words to people."""

_MARKS = ("gettext_noop", "gettext", "gettext_lazy", "_", "cast")
_CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
_MOST = 24  # ways in which one sentence may be put together
_DEEPEST = 8

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Value(NamedTuple):
    """A place in a sentence that takes a value; with `function`, whatever is handed to it as `name`."""

    function: tuple[str, int] | None = None
    name: str = ""


Said: TypeAlias = tuple[str | Value, ...]
_UNKNOWN: Said = (Value(),)


class Sentence(NamedTuple):
    """A sentence with ``{}`` where values go, and where it arises."""

    text: str
    module: str
    line: int


@dataclass(frozen=True)
class _Module:
    name: str
    tree: ast.Module
    parents: Mapping[ast.AST, ast.AST]
    top: Mapping[str, ast.expr]
    functions: Mapping[str, Sequence[Function]]
    imported: Mapping[str, tuple[str, str]]


def spoken(root: Path, packages: Sequence[str]) -> list[Sentence]:
    """The sentences in `packages` of the package at `root`, whose modules are named like ``actions/people``."""
    files = sorted(file for package in packages for file in (root / package).rglob("*.py"))
    return _Reader([_read(root, file) for file in files]).sentences()


def _read(root: Path, file: Path) -> _Module:
    tree = ast.parse(file.read_text("utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    top: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            top[node.targets[0].id] = node.value
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            names = (each.id for each in node.targets[0].elts if isinstance(each, ast.Name))
            top.update(zip(names, node.value.elts, strict=False))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            top[node.target.id] = node.value
    functions: dict[str, list[Function]] = defaultdict(list)
    imported: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, Function):
            functions[node.name].append(node)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("laurea."):
            for alias in node.names:
                place = (node.module or "").removeprefix("laurea.").replace(".", "/")
                imported[alias.asname or alias.name] = (place, alias.name)
    name = file.relative_to(root).with_suffix("").as_posix().removesuffix("/__init__")
    return _Module(name, tree, parents, top, functions, imported)


class _Reader:
    def __init__(self, modules: Sequence[_Module]) -> None:
        self.modules = {module.name: module for module in modules}
        self.keys: dict[Function, tuple[str, int]] = {}
        self.places: dict[tuple[str, int], Function] = {}
        for module in modules:
            for several in module.functions.values():
                for function in several:
                    self.keys[function] = (module.name, function.lineno)
                    self.places[module.name, function.lineno] = function
        self.ends = self._ends_of_classes()

    def sentences(self) -> list[Sentence]:
        """All of them, in the order of modules and lines."""
        found: dict[tuple[Said, str, int], None] = {}
        opened: dict[tuple[str, int], set[Said]] = defaultdict(set)
        waiting = [
            (module.name, node.lineno, said) for module in self.modules.values() for node, said in self._ending(module)
        ]
        calls = self._calls()
        while waiting:
            module, line, said = waiting.pop()
            function = next((piece.function for piece in said if isinstance(piece, Value) and piece.function), None)
            if function is None or not calls.get(function):
                found[_closed(said), module, line] = None
            elif said not in opened[function]:
                opened[function].add(said)
                for caller, call in calls[function]:
                    for more in self._handed(caller, call, function, said):
                        place = (module, line) if _words(more) == _words(said) else (caller.name, call.lineno)
                        waiting.append((*place, more))
        return sorted(
            {
                Sentence("".join(piece if isinstance(piece, str) else "{}" for piece in said), module, line)
                for said, module, line in found
                if _words(said) and not (len(said) == 1 and _CODE.fullmatch(str(said[0])))
            },
            key=lambda sentence: (sentence.module, sentence.line, sentence.text),
        )

    # --- where sentences end up ---------------------------------------------------------------------------------------

    def _ends_of_classes(self) -> dict[tuple[str, str], list[str | None]]:
        """For each class that takes sentences the names of its arguments, None for those that take none."""
        classes = [
            (module, node)
            for module in self.modules.values()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
        ]
        ends: dict[tuple[str, str], list[str | None]] = {}
        count = -1
        while count < len(ends):  # until no class inherits from one that has just been found
            count = len(ends)
            for module, node in classes:
                known = (ends.get(self._home(module, base.id)) for base in node.bases if isinstance(base, ast.Name))
                inherited: list[str | None] = next(filter(None, known), [])
                own = self._arguments(node)
                found = [name if name in ENDS else None for name in own] if set(own) & set(ENDS) else inherited
                if found:
                    ends[module.name, node.name] = found
        return ends

    def _arguments(self, node: ast.ClassDef) -> list[str]:
        for each in node.body:
            if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                return [argument.arg for argument in each.args.args[1:]]
        fields = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
        return [target.id for target in fields if isinstance(target, ast.Name)]

    def _home(self, module: _Module, name: str) -> tuple[str, str]:
        """Where `name` of a module is made, and what it is called there."""
        place = (module.name, name)
        while place[0] in self.modules and place[1] in self.modules[place[0]].imported:
            place = self.modules[place[0]].imported[place[1]]
        return place

    def _meant(self, module: _Module, called: ast.expr) -> tuple[str, str] | None:
        """The class or function that is called, by module and name; None where that cannot be told."""
        if isinstance(called, ast.Name):
            return self._home(module, called.id)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if called.value.id in ("self", "cls"):
                return module.name, called.attr
            package = self.modules.get("/".join(module.imported.get(called.value.id, ())))
            return self._home(package, called.attr) if package else None
        return None

    def _ending(self, module: _Module) -> Iterator[tuple[ast.expr | Function, Said]]:
        for node in ast.walk(module.tree):
            if isinstance(node, Function) and node.name in LABELS:
                for said in self._returned(node, None, 0):
                    yield node, said
            if isinstance(node, ast.Call):
                meant = self._meant(module, node.func)
                ends = self.ends.get(meant, []) if meant else []
                wanted = [value for value, end in zip(node.args, ends, strict=False) if end]
                wanted += [keyword.value for keyword in node.keywords if keyword.arg in ENDS]
            elif isinstance(node, ast.Dict):
                wanted = [
                    value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value in ENDS
                ]
            elif isinstance(node, ast.Assign):
                wanted = [node.value for each in node.targets if isinstance(each, ast.Attribute) and each.attr in ENDS]
            else:
                continue
            for value in wanted:
                for said in self._said(module, value):
                    yield value, said

    def _calls(self) -> dict[tuple[str, int], list[tuple[_Module, ast.Call]]]:
        calls: dict[tuple[str, int], list[tuple[_Module, ast.Call]]] = defaultdict(list)
        for module in self.modules.values():
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call):
                    for function in self._called(module, node):
                        calls[self.keys[function]].append((module, node))
        return calls

    def _called(self, module: _Module, call: ast.Call) -> Sequence[Function]:
        place, name = self._meant(module, call.func) or ("", "")
        return self.modules[place].functions.get(name, ()) if place in self.modules else ()

    def _handed(self, caller: _Module, call: ast.Call, key: tuple[str, int], said: Said) -> Iterator[Said]:
        """`said` with what `call` hands over."""
        function = self.places[key]
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        is_method = bool(names) and names[0] in ("self", "cls")
        given: dict[str, ast.expr | None] = dict(zip(names[is_method:], call.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        home = self.modules[key[0]]
        defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
        defaults |= {
            argument.arg: value
            for argument, value in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            if value is not None
        }
        choices: list[Iterable[Said]] = []
        for piece in said:
            if isinstance(piece, str) or piece.function != key:
                choices.append([(piece,)])
            elif (value := given.get(piece.name)) is not None:
                choices.append(self._said(caller, value))
            elif piece.name in defaults:
                choices.append(self._said(home, defaults[piece.name]))
            else:
                choices.append([_UNKNOWN])
        yield from _joined(choices)

    # --- what an expression says --------------------------------------------------------------------------------------

    def _said(self, module: _Module, node: ast.expr, depth: int = 0) -> list[Said]:
        """Everything that `node` may be, as far as it is words; a value where that cannot be known."""
        if depth > _DEEPEST:
            return [_UNKNOWN]
        found = list(dict.fromkeys(self._all_said(module, node, depth + 1)))
        if _UNKNOWN in found:  # that a name or an address might also be empty makes no other sentence
            found = [said for said in found if said != ("",)]
        if len(found) > _MOST and any(map(_words, found)):
            raise ValueError(f"{module.name}.py:{node.lineno} says more than can be followed: {ast.unparse(node)}")
        return found if 0 < len(found) <= _MOST else [_UNKNOWN]

    def _all_said(self, module: _Module, node: ast.expr, depth: int) -> Iterator[Said]:
        if isinstance(node, ast.Constant):
            yield (node.value,) if isinstance(node.value, str) else _UNKNOWN
        elif isinstance(node, ast.JoinedStr):
            yield from _joined([self._piece(module, piece, depth) for piece in node.values])
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sum_of = list(_joined([self._said(module, node.left, depth), self._said(module, node.right, depth)]))
            yield from sum_of if any(map(_words, sum_of)) else [_UNKNOWN]
        elif isinstance(node, ast.IfExp):
            yield from self._said(module, node.body, depth)
            yield from self._said(module, node.orelse, depth)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                yield from self._said(module, value, depth)
        elif isinstance(node, ast.Name):
            yield from self._named(module, node, depth)
        elif isinstance(node, ast.Attribute):
            home, value = self._constant(module, node)
            yield from [_UNKNOWN] if value is node else self._said(home, value, depth)
        elif isinstance(node, ast.Subscript):
            yield from self._looked_up(module, node.value, depth)
        elif isinstance(node, ast.Call):
            yield from self._answered(module, node, depth)
        else:
            yield _UNKNOWN

    def _piece(self, module: _Module, piece: ast.expr, depth: int) -> list[Said]:
        if not isinstance(piece, ast.FormattedValue):
            return self._said(module, piece, depth)
        if piece.format_spec or piece.conversion > 0:
            return [_UNKNOWN]
        return self._said(module, piece.value, depth)

    def _answered(self, module: _Module, call: ast.Call, depth: int) -> Iterator[Said]:
        if isinstance(call.func, ast.Name) and call.func.id in _MARKS and call.args:
            yield from self._said(module, call.args[-1], depth)
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args:
            yield from self._looked_up(module, call.func.value, depth)
            for default in call.args[1:]:
                yield from self._said(module, default, depth)
        else:
            functions = self._called(module, call)
            found = list(self._returned(functions[0], None, depth)) if len(functions) == 1 else []
            yield from filter(_words, found)
            if not all(map(_words, found)) or not found:
                yield _UNKNOWN

    def _returned(self, function: Function, index: int | None, depth: int) -> Iterator[Said]:
        home = self.modules[self.keys[function][0]]
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self._member(home, node.value, index, depth)

    def _looked_up(self, module: _Module, table: ast.expr, depth: int) -> Iterator[Said]:
        """The values of a table of constants."""
        home, value = self._constant(module, table)
        if isinstance(value, ast.Dict):
            for each in value.values:
                yield from self._said(home, each, depth)
        elif isinstance(value, ast.Tuple | ast.List) and value.elts:
            for each in value.elts:
                yield from self._said(home, each, depth)
        else:
            yield _UNKNOWN

    def _constant(self, module: _Module, node: ast.expr) -> tuple[_Module, ast.expr]:
        place, name = self._meant(module, node) or ("", "")
        if place in self.modules and name in self.modules[place].top:
            return self.modules[place], self.modules[place].top[name]
        return module, node

    def _named(self, module: _Module, node: ast.Name, depth: int) -> Iterator[Said]:
        scope: ast.AST | None = node
        while scope is not None:
            scope = module.parents.get(scope)
            if not isinstance(scope, Function | ast.Lambda):
                continue
            assigned = list(self._assigned(module, scope, node.id, depth))
            arguments = (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs)
            if isinstance(scope, Function) and any(argument.arg == node.id for argument in arguments):
                assigned.append((Value(self.keys[scope], node.id),))
            if assigned:
                yield from assigned
                return
        home, value = self._constant(module, node)
        yield from [_UNKNOWN] if value is node else self._said(home, value, depth)

    def _assigned(self, module: _Module, scope: ast.AST, name: str, depth: int) -> Iterator[Said]:
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    yield from self._from_target(module, target, node.value, name, depth)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                yield from self._from_target(module, node.target, node.value, name, depth)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                yield _UNKNOWN
            elif isinstance(node, ast.For | ast.comprehension):
                yield from self._from_loop(module, node, name, depth)
            elif isinstance(node, ast.withitem | ast.ExceptHandler):
                bound = node.name if isinstance(node, ast.ExceptHandler) else getattr(node.optional_vars, "id", "")
                if bound == name:
                    yield _UNKNOWN

    def _from_target(self, module: _Module, target: ast.expr, value: ast.expr, name: str, depth: int) -> Iterator[Said]:
        if isinstance(target, ast.Name) and target.id == name:
            yield from self._said(module, value, depth)
        elif isinstance(target, ast.Tuple):
            for index, each in enumerate(target.elts):
                if isinstance(each, ast.Name) and each.id == name:
                    yield from self._member(module, value, index, depth)
                elif isinstance(each, ast.Starred) and isinstance(each.value, ast.Name) and each.value.id == name:
                    yield _UNKNOWN

    def _from_loop(self, module: _Module, loop: ast.For | ast.comprehension, name: str, depth: int) -> Iterator[Said]:
        home, table = self._table(module, loop.iter)
        bound = [each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)]
        if name not in bound:
            return
        if not isinstance(table, ast.Tuple | ast.List):
            yield _UNKNOWN
            return
        for each in table.elts:
            yield from self._from_target(home, loop.target, each, name, depth)

    def _table(self, module: _Module, node: ast.expr) -> tuple[_Module, ast.expr]:
        """The constant that a loop goes through; the pairs of a dictionary as a list."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
            home, table = self._constant(module, node.func.value)
            if isinstance(table, ast.Dict):
                pairs = [(key, value) for key, value in zip(table.keys, table.values, strict=True) if key]
                return home, ast.List([ast.Tuple(list(pair), ast.Load()) for pair in pairs], ast.Load())
        return self._constant(module, node)

    def _member(self, module: _Module, value: ast.expr, index: int | None, depth: int) -> Iterator[Said]:
        """What `value` says, or its member at `index`."""
        if index is None:
            yield from self._said(module, value, depth)
        elif isinstance(value, ast.Tuple):
            yield from self._said(module, value.elts[index], depth)
        elif isinstance(value, ast.IfExp):
            yield from self._member(module, value.body, index, depth)
            yield from self._member(module, value.orelse, index, depth)
        elif isinstance(value, ast.Call) and len(functions := self._called(module, value)) == 1 and depth < _DEEPEST:
            yield from self._returned(functions[0], index, depth + 1)
        else:
            yield _UNKNOWN


def _joined(choices: Sequence[Iterable[Said]]) -> Iterator[Said]:
    """All ways to put together one of each."""
    for chosen in islice(product(*choices), _MOST + 1):
        yield _merged([piece for said in chosen for piece in said])


def _merged(pieces: Iterable[str | Value]) -> Said:
    merged: list[str | Value] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return tuple(merged)


def _words(said: Said) -> str:
    """What a sentence says itself, where it says anything."""
    words = "".join(piece for piece in said if isinstance(piece, str))
    return words if any(map(str.isalpha, words)) else ""


def _closed(said: Said) -> Said:
    return tuple(Value() if isinstance(piece, Value) else piece for piece in said)
