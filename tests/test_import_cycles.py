"""No module of phonon imports itself through others.

All imports count, wherever they stand: under TYPE_CHECKING, in functions, and calls of
`import_module` with a literal name; import-linter sees none of the last.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import phonon

ROOT = Path(phonon.__file__).parent

# Pairs of modules that may import each other, each with its reason.
ALLOWED = {
    frozenset({"phonon.kernel.compiler", "phonon.kernel.worker"}): "jobs that no worker can import",
    frozenset({"phonon.lang.instruments", "phonon.lang.kit"}): "synths may use the kit's",
    frozenset({"phonon.lang.program", "phonon.lang.statement_lowering"}): "the table of lowerings",
    frozenset(
        {"phonon.session.dry_run", "phonon.session.programs"}
    ): "check() plays the program too",
}

# The one module that imports by names it is given: the functions that a worker compiles.
LOADER = "phonon.kernel.worker"


def syntax_trees(root: Path = ROOT) -> dict[str, ast.Module]:
    """The syntax trees of a package's modules by name."""
    found = {}
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text("utf-8"))
    return found


def dynamic_imports(tree: ast.Module) -> Iterator[object]:
    """The arguments of `import_module` and `__import__`, None where they are not literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else None
            called = function.id if isinstance(function, ast.Name) else called
            if called in {"import_module", "__import__"}:
                first = node.args[0] if node.args else None
                yield first.value if isinstance(first, ast.Constant) else None


def named_loaders(tree: ast.Module) -> Iterator[str]:
    """Every mention of a function or module that can import a module by its name."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                if name in {"import_module", "__import__", "exec_module", "pkgutil", "runpy"}:
                    yield name


def imports(tree: ast.Module, names: set[str]) -> Iterator[str]:
    """The modules among `names` that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                wanted = submodule if submodule in names else node.module
                if wanted in names:
                    yield wanted
    yield from (name for name in dynamic_imports(tree) if name in names)


def import_graph(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """The modules that each module imports."""
    names = set(trees)
    return {name: set(imports(tree, names)) for name, tree in trees.items()}


def circles(graph: dict[str, set[str]]) -> list[frozenset[str]]:
    """Groups of modules that reach each other (Tarjan's strongly connected components)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in order:
                visit(other)
            if other in stack:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == order[name]:
            at = stack.index(name)
            group = frozenset(stack[at:])
            del stack[at:]
            if len(group) > 1 or name in graph[name]:
                found.append(group)

    for name in graph:
        if name not in order:
            visit(name)
    return found


def test_no_module_imports_itself_through_others():
    found = circles(import_graph(syntax_trees()))
    new = [", ".join(sorted(group)) for group in found if group not in ALLOWED]
    assert not new, "modules that import each other:\n" + "\n".join(new)


def test_modules_are_imported_by_computed_names_in_one_place():
    found = {name for name, tree in syntax_trees().items() if any(named_loaders(tree))}
    assert found == {LOADER}


@pytest.mark.parametrize(
    "source",
    [
        "import importlib\nimportlib.import_module('phonon.session')",
        "from importlib import import_module as load",
        "__import__('phonon.session')",
        "import pkgutil",
    ],
)
def test_an_import_by_name_is_recognised_in_any_spelling(source):
    assert any(named_loaders(ast.parse(source)))


def test_imports_in_functions_and_under_type_checking_count():
    sources = {
        "a": "if TYPE_CHECKING:\n    import b",
        "b": "def late():\n    from c import word",
        "c": "import importlib\nimportlib.import_module('d')",
        "d": "from a import thing",
        "e": "import a",
        "p": "",
        "p.q": "from p import r",
        "p.r": "import_module('p.q')",
    }
    graph = import_graph({name: ast.parse(text) for name, text in sources.items()})
    assert set(circles(graph)) == {frozenset("abcd"), frozenset({"p.q", "p.r"})}
