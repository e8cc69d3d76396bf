"""Orders buses before their users; in each feedback loop, one use reads the frame before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence


def bus_order(
    uses: Mapping[str, Sequence[str]], roots: Iterable[str]
) -> tuple[list[str], set[tuple[str, str]]]:
    """The buses that `roots` need, inputs first, and the uses (user, used) that close a loop.

    A use that closes a loop reads the frame before, so a feedback loop takes one frame.
    """
    order: list[str] = []
    closing: set[tuple[str, str]] = set()
    state: dict[str, int] = {}  # 1 while a bus is being visited, 2 after
    for root in roots:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(uses[root]))]
        while stack:
            name, rest = stack[-1]
            for used in rest:
                if state.get(used) == 1:
                    closing.add((name, used))
                elif used not in state:
                    state[used] = 1
                    stack.append((used, iter(uses[used])))
                    break
            else:
                state[name] = 2
                order.append(name)
                stack.pop()
    return order, closing


def components(roots: Iterable[int], edges: Callable[[int], Sequence[int]]) -> list[list[int]]:
    """The strongly connected components of a graph (Tarjan 1972), each after those it reaches."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    parts: list[list[int]] = []
    for root in roots:
        if root in index:
            continue
        stack = [(root, iter(edges(root)))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while stack:
            vertex, rest = stack[-1]
            for target in rest:
                if target not in index:
                    index[target] = low[target] = len(index)
                    path.append(target)
                    on_path.add(target)
                    stack.append((target, iter(edges(target))))
                    break
                if target in on_path:
                    low[vertex] = min(low[vertex], index[target])
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[vertex])
                if low[vertex] == index[vertex]:
                    part = [path.pop()]
                    while part[-1] != vertex:
                        part.append(path.pop())
                    on_path.difference_update(part)
                    parts.append(sorted(part))
    return parts
