"""Which imported names a module uses, by their full name, whatever it calls them itself."""

import ast
from collections.abc import Iterator


def used_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Full name and line of every use of something imported: `datetime.datetime.now`, 12.

    Only the longest dotted form is given: `random.choice`, not also `random`.
    """
    known = _imported(tree)
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            first, *rest = _dotted(node).split(".")
            if first in known:
                yield ".".join([known[first], *rest]), node.lineno


def imported_modules(tree: ast.Module) -> set[str]:
    """Every module that is imported anywhere in the file, relative ones left out."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    from_ = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return plain | from_


def _imported(tree: ast.Module) -> dict[str, str]:
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname or alias.name.split(".")[0]: _bound(alias) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def _bound(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.split(".")[0]


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
