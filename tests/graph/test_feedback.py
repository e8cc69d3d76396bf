"""Order of buses, and feedback loops."""

from hypothesis import given
from hypothesis import strategies as st

from phonon.graph.feedback import bus_order, components


def test_buses_come_after_the_buses_they_use():
    order, closing = bus_order({"a": ["b", "c"], "b": ["c"], "c": []}, ["a"])
    assert order == ["c", "b", "a"]
    assert not closing


def test_one_use_closes_a_feedback_loop():
    order, closing = bus_order({"a": ["c"], "b": ["a"], "c": ["b"]}, ["a"])
    assert closing == {("b", "a")}
    assert order == ["b", "c", "a"]


def test_a_bus_that_uses_itself_closes_its_own_loop():
    assert bus_order({"a": ["a"]}, ["a"]) == (["a"], {("a", "a")})


def test_long_chains_do_not_exceed_the_recursion_limit():
    uses = {str(n): [str(n + 1)] for n in range(20_000)} | {"20000": ["0"]}
    order, closing = bus_order(uses, ["0"])
    assert len(order) == 20_001
    assert closing == {("20000", "0")}


graphs = st.integers(1, 12).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size
    )
)


def reachable(graph, start):
    seen, stack = set(), [start]
    while stack:
        for target in graph[stack.pop()]:
            if target not in seen:
                seen.add(target)
                stack.append(target)
    return seen


@given(graphs)
def test_components_are_exactly_the_loops(graph):
    parts = components(range(len(graph)), lambda vertex: graph[vertex])
    assert sorted(vertex for part in parts for vertex in part) == list(range(len(graph)))
    home = {vertex: number for number, part in enumerate(parts) for vertex in part}
    for one in range(len(graph)):
        for other in reachable(graph, one):
            together = one in reachable(graph, other)
            assert (home[one] == home[other]) == (together or one == other)
            assert home[other] <= home[one]


@given(graphs)
def test_without_the_closing_uses_there_is_no_loop(graph):
    uses = {str(n): [str(t) for t in targets] for n, targets in enumerate(graph)}
    order, closing = bus_order(uses, list(uses))
    place = {name: number for number, name in enumerate(order)}
    for user, targets in uses.items():
        for used in targets:
            assert (place[used] < place[user]) != ((user, used) in closing)
