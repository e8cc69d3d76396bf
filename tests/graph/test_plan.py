"""Laws of plans: order, feedback loops, channels, rates, buffers, seeds."""

import pytest

from phonon.dsp.registry import Unit, find
from phonon.errors import Fault
from phonon.graph.collect import Patch
from phonon.graph.node import Bus, Const, Control, Curve, Held, Mix, Node, SharedSignal, Stream
from phonon.graph.ops import Fill, Guard, Loop, Output, Plan, Run, RunVoices
from phonon.graph.plan import make_plan
from phonon.kernel.form import audio, number, read, state
from phonon.patterns import pure


def add(x: audio, y: audio):
    """A sum."""
    return x + y


def mul(x: audio, y: audio):
    """A product."""
    return x * y


def saw(freq: number(0, 20_000), *, s: state):
    """A source."""
    s = s + freq
    return s * 1.0


def lpf(x: audio, cutoff: number(0, 20_000), *, s: state):
    """A filter."""
    s = s + x * cutoff
    return s * 1.0


def pan(x: audio, position: number(0, 1)):
    """One channel becomes two."""
    return x * position, x


def width(left: audio, right: audio, *, s: state):
    """A pair becomes a pair."""
    s = left
    return left + s, right


def room(left: audio, right: audio, *, s: state):
    """For mixes only."""
    s = left
    return left + s, right


UNITS = {}
for function in (add, mul, saw, lpf, pan, width, room):
    form = read(function)
    UNITS[form.name] = Unit(
        form.name,
        function,
        form.inputs,
        form.parameters,
        form.states,
        "mix" if function is room else "voice",
    )


def finder(name: str) -> Unit:
    known = UNITS.get(name) or find(name)
    if known is None:
        raise Fault(f"there is no unit {name!r}")
    return known


def plan_of(outputs, buses=None, patches=()) -> Plan:
    return make_plan(outputs, buses, patches, finder)


def n(unit, *inputs, key=""):
    return Node(
        unit, tuple(Const(float(i)) if isinstance(i, int | float) else i for i in inputs), (), key
    )


def kinds(plan: Plan) -> list[str]:
    return [type(op).__name__ for op in plan.ops]


def test_runs_come_after_their_inputs():
    plan = plan_of({"o1": n("lpf", n("saw", 110), 800)})
    assert [run.unit for run in plan.runs()] == ["saw", "lpf"]
    assert plan.ops[1].inputs[0] == plan.ops[0].outputs[0]
    assert plan.ops[1].rates == "ak"


def test_equal_nodes_are_computed_once():
    plan = plan_of({"o1": n("add", n("lpf", n("saw", 110), 8), n("lpf", n("saw", 110), 9))})
    assert [run.unit for run in plan.runs()] == ["saw", "lpf", "lpf", "add"]


def test_equal_nodes_with_different_keys_are_computed_separately():
    plan = plan_of({"o1": n("add", n("saw", 110, key="a"), n("saw", 110, key="b"))})
    assert [run.unit for run in plan.runs()] == ["saw", "saw", "add"]


def test_constants_fold():
    plan = plan_of({"o1": n("saw", n("add", n("mul", 2, 50), 10))})
    assert [run.unit for run in plan.runs()] == ["saw"]
    assert plan.constants == [110.0]


def test_buses_that_no_output_needs_are_left_out():
    plan = plan_of({"o1": n("saw", 110)}, {"unused": n("lpf", n("saw", 5), 9)})
    assert [run.unit for run in plan.runs()] == ["saw"]


def test_a_mono_unit_runs_twice_on_stereo():
    plan = plan_of({"o1": n("lpf", n("pan", n("saw", 110), 0.2), 800)})
    assert [run.unit for run in plan.runs()] == ["saw", "pan", "lpf", "lpf"]
    left, right = plan.runs()[2:]
    assert (left.inputs[0], right.inputs[0]) == plan.runs()[1].outputs
    assert left.key != right.key


def test_pan_of_a_stereo_signal_is_a_balance():
    plan = plan_of({"o1": n("pan", n("pan", n("saw", 1), 0.2), 0.7)})
    first, left, right = plan.runs()[1:]
    assert (left.inputs[0], right.inputs[0]) == first.outputs
    output = plan.ops[-1]
    assert isinstance(output, Output)
    assert (output.left, output.right) == (left.outputs[0], right.outputs[1])


def test_stateless_units_at_control_rate_run_once():
    held = Held(pure(3.0))
    plan = plan_of({"o1": n("saw", n("mul", held, 2))})
    product, saw = plan.runs()
    assert product.once
    assert saw.rates == "k"


def test_a_continuous_pattern_is_an_audio_rate_signal():
    plan = plan_of({"o1": n("saw", Curve(pure(3.0)))})
    assert kinds(plan)[0] == "Fill"
    assert plan.runs()[0].rates == "a"


def test_a_bus_is_computed_once():
    buses = {"a": n("saw", 110)}
    plan = plan_of({"o1": n("lpf", Bus("a"), 800), "o2": Bus("a")}, buses)
    assert [run.unit for run in plan.runs()] == ["saw", "lpf"]


def test_a_bus_that_uses_itself_is_a_loop_of_its_own_nodes():
    buses = {"a": n("add", n("saw", 110), n("mul", Bus("a"), 0.4))}
    plan = plan_of({"o1": Bus("a")}, buses)
    loop = next(op for op in plan.ops if isinstance(op, Loop))
    assert [run.unit for run in loop.body] == ["mul", "add"]
    assert loop.body[0].inputs[0].kind == "previous"
    assert loop.body[1].outputs[0].kind == "carried"
    assert plan.runs()[0].unit == "saw"


def test_outside_its_loop_a_bus_is_not_delayed():
    buses = {"a": n("add", n("saw", 110), n("mul", Bus("a"), 0.4))}
    plan = plan_of({"o1": n("mul", Bus("a"), 0.4)}, buses)
    outer = plan.runs()[-1]
    assert outer.unit == "mul"
    assert outer.inputs[0].kind == "carried"


def test_a_loop_of_three_buses_reads_one_frame_back_once():
    buses = {
        "a": n("add", n("saw", 1), Bus("c")),
        "b": n("lpf", Bus("a"), 5),
        "c": n("mul", Bus("b"), 0.5),
    }
    plan = plan_of({"o1": Bus("b")}, buses)
    loop = next(op for op in plan.ops if isinstance(op, Loop))
    back = [p for run in loop.body for p in run.inputs if p.kind == "previous"]
    assert len(back) == 1
    assert len(loop.body) == 3


def test_a_loop_is_stereo_if_anything_in_it_is():
    buses = {"a": n("add", n("pan", n("saw", 1), 0.3), n("mul", Bus("a"), 0.5))}
    plan = plan_of({"o1": Bus("a")}, buses)
    loop = next(op for op in plan.ops if isinstance(op, Loop))
    assert [run.unit for run in loop.body] == ["mul", "mul", "add", "add"]
    assert plan.carried == 2


def test_a_bus_that_is_only_itself_is_silence():
    plan = plan_of({"o1": Bus("a")}, {"a": Bus("b"), "b": Bus("a")})
    assert plan.runs() == []
    assert kinds(plan) == ["Fill", "Guard", "Output"]


def test_buffers_are_reused_but_no_run_writes_what_it_reads():
    graph = n("saw", 1)
    for step in range(50):
        graph = n("lpf", graph, step)
    plan = plan_of({"o1": graph})
    assert plan.buffers == 2
    for run in plan.runs():
        assert not set(run.outputs) & set(run.inputs)


def test_shared_nodes_are_visited_once():
    graph = n("saw", 1)
    for _ in range(60):
        graph = n("add", graph, graph)
    assert len(plan_of({"o1": graph}).runs()) == 61


def test_a_patch_has_its_own_plan_with_shared_signals():
    stream = Stream("o1", pure({}))
    voice = n(
        "lpf",
        n("mul", n("saw", Control("freq", 440.0)), Control("gate", 0.0)),
        SharedSignal(n("saw", 2)),
    )
    plan = plan_of({"o1": Mix(stream)}, {}, [Patch(stream, "x", voice)])
    assert kinds(plan) == ["Run", "RunVoices", "Guard", "Output"]
    patch = plan.patches[0]
    assert [run.unit for run in patch.runs] == ["saw", "_gate", "mul", "lpf", "_leave", "_send"]
    assert [run.rates for run in patch.runs] == ["k", "k", "aa", "aa", "aa", "aaaak"]
    assert dict(patch.controls) == {"freq": 440.0, "gate": 0.0}
    assert patch.shared[0][0] == plan.ops[0].outputs[0]


def test_the_rows_of_a_patch_are_numbered_from_zero():
    stream = Stream("o1", pure({}))
    pitch = n("mul", n("add", Control("freq", 440.0), 1), Control("bend", 1.0))
    plan = plan_of({"o1": Mix(stream)}, {}, [Patch(stream, "x", n("saw", pitch))])
    (patch,) = plan.patches
    places = [place for run in patch.runs for place in run.outputs if place.kind == "row"]
    assert sorted(place.index for place in places) == [0, 1]
    assert patch.rows == 2


def test_level_fade_and_send_are_one_kernel_for_a_single_port():
    stream = Stream("o1", pure({}))
    voice = n("_place", n("saw", Control("freq", 440.0)), Control("level", 1.0), 0.5)
    ends = []
    for ports in ((("main", ""),), (("main", ""), ("room", "room"))):
        outputs = {f"o{number}": Mix(stream, port) for number, (port, _) in enumerate(ports)}
        plan = plan_of(outputs, {}, [Patch(stream, "x", voice, ports)])
        ends.append([run.unit for run in plan.patches[0].runs])
    assert ends == [["saw", "_out"], ["saw", "_place", "_leave", "_send", "_send"]]


def test_only_envelopes_on_the_gate_of_their_voice_become_one_shots():
    stream = Stream("o1", pure({}))
    gate, long = Control("gate", 0.0), n("mul", Control("long", 1.0), 2)

    def runs(gate, release):
        voice = n("perc", n("saw", 1), gate, 0.001, release, 4)
        plan = plan_of({"o1": Mix(stream)}, {}, [Patch(stream, "x", voice)])
        return [run.unit for run in plan.patches[0].runs][:-2]

    assert runs(gate, long) == ["saw", "mul", "_stroke"]
    assert runs(gate, n("saw", 2)) == ["saw", "_gate", "saw", "perc"]
    assert runs(n("mul", gate, 2), long) == ["saw", "_gate", "mul", "mul", "perc"]


def test_voices_may_read_the_bus_that_they_feed():
    stream = Stream("o1", pure({}))
    voice = n("lpf", n("saw", Control("freq", 440.0)), Bus("a"))
    plan = plan_of({"o1": Bus("a")}, {"a": n("mul", Mix(stream), 0.5)}, [Patch(stream, "x", voice)])
    loop = next(op for op in plan.ops if isinstance(op, Loop))
    assert [type(op) for op in loop.body] == [RunVoices, Run, Run]


def test_seeds_do_not_depend_on_other_outputs():
    alone = plan_of({"o2": n("saw", 5)}).runs()[0]
    shared = plan_of({"o1": n("saw", 5), "o2": n("saw", 5)}).runs()[0]
    assert alone.seed == shared.seed
    assert alone.key != shared.key


def test_a_seed_depends_on_everything_under_its_unit():
    """Two noises of one kind in one program differ as soon as anything that they read does."""
    graphs = {
        "o1": n("saw", 5),
        "o2": n("saw", 6),
        "o3": n("saw", n("lpf", n("saw", 5), 1)),
        "o4": n("saw", n("lpf", n("saw", 6), 1)),
        "o5": Node("saw", (Const(5.0),), key="second"),
    }
    seeds = [
        run.seed
        for name, graph in graphs.items()
        for run in plan_of({name: graph}).runs()[-1:]
        if run.unit == "saw"
    ]
    assert len(set(seeds)) == len(graphs)


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"o1": n("nothing")}, "no unit"),
        ({"o1": Bus("x")}, "no bus ~x"),
        ({"o1": n("saw", 1, 2)}, "1 inputs"),
        ({"o1": n("saw", Control("freq", 1.0))}, "control of voices"),
    ],
)
def test_illegal_graphs_are_refused(outputs, message):
    with pytest.raises(Fault, match=message):
        plan_of(outputs)


def test_mix_units_are_refused_in_voices():
    stream = Stream("o1", pure({}))
    with pytest.raises(Fault, match="sum of voices"):
        plan_of({"o1": Mix(stream)}, {}, [Patch(stream, "x", n("room", n("saw", 1)))])


def test_every_output_has_a_guard_against_values_that_are_not_numbers():
    plan = plan_of({"o1": n("saw", 1), "o2": n("saw", 2)})
    guards = [op for op in plan.ops if isinstance(op, Guard)]
    assert [guard.owner for guard in guards] == ["o1", "o2"]
    assert not any(isinstance(op, Fill) for op in plan.ops)
