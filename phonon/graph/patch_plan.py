"""Compiles one kind of voice to a plan that ends where voices are summed: the mix and the sends."""

from __future__ import annotations

from collections.abc import Sequence

from phonon.graph.buffer_allocation import allocate_buffers, with_buffers
from phonon.graph.collect import Patch
from phonon.graph.flatten import Flattener
from phonon.graph.node import Const, Control
from phonon.graph.one_shot_envelopes import use_one_shot_envelopes
from phonon.graph.ops import Fill, Op, PatchPlan, Place, Run
from phonon.graph.spec import UnitFinder
from phonon.graph.table import Brought, GraphTable
from phonon.graph.voice import PLACE

GATE, SPREAD, LEAVE, SEND = "_gate", "_spread", "_leave", "_send"  # of dsp.engine_units
OUT = "_out"  # _place, _leave and _send in one


def make_patch_plan(
    patch: Patch,
    table: GraphTable,
    root: int,
    mix: Flattener,
    heard: Sequence[str],
    find: UnitFinder,
) -> PatchPlan:
    """The plan of `patch`; `heard` are the stream's ports in the order of their sums."""
    flat = Flattener(table, find)
    controls: dict[str, float] = {}
    shared: list[tuple[Place, Place]] = []
    runs: list[Run] = []

    def control(name: str, default: float) -> Place:
        controls.setdefault(name, default)
        return Place("control", list(controls).index(name))

    ports = [(port, level) for port, level in patch.ports if port in heard]
    last = table.vertices[root]
    one_way = last.unit == PLACE and [level for _, level in ports] == [""]
    use_one_shot_envelopes(table, find)
    used = {row for vertex in table.vertices for row in vertex.inputs} | {root}
    if one_way:
        used.remove(root)
    for number, vertex in enumerate(table.vertices):
        if number not in used:
            continue
        match vertex.leaf:
            case None:
                runs += flat.runs(number)
            case Const(value):
                flat.places[number] = (flat.constant(value),)
            case Control("gate", _):
                gate = flat.buffer()
                runs.append(Run(GATE, (gate,), (control("gate", 0.0),), f"{patch.name}/gate"))
                flat.places[number] = (gate,)
            case Control(name, default):
                flat.places[number] = (control(name, default),)
            case Brought(signal):
                sources = mix.places[signal]
                flat.places[number] = tuple(
                    flat.buffer() if source.rate == "a" else flat.row() for source in sources
                )
                shared += zip(sources, flat.places[number], strict=True)
            case _:
                raise AssertionError(f"{vertex.leaf} in a voice")
    if one_way:
        sound, *settings = [flat.places[row] for row in last.inputs]
        sums = _sums(heard, ports[0][0])
        inputs = (sound[0], sound[-1], *sums, *(places[0] for places in settings))
        runs.append(Run(OUT, sums, inputs, f"{patch.name}/out"))
    else:
        sides = flat.places[root]
        left, right = (_moving(flat, side, patch, runs) for side in (sides[0], sides[-1]))
        parting = (flat.buffer(), flat.buffer())
        runs.append(Run(LEAVE, parting, (left, right), f"{patch.name}/leave"))
        for port, level in ports:
            sums = _sums(heard, port)
            gain = control(level, 0.0) if level else flat.constant(1.0)
            runs.append(Run(SEND, sums, (*parting, *sums, gain), f"{patch.name}/send/{port}"))
    entering: list[Op] = [Fill(-1, lane) for _, lane in shared if lane.kind == "buffer"]
    buffer_of, buffers = allocate_buffers([*entering, *runs], [lane for _, lane in shared])
    return PatchPlan(
        patch.name,
        patch.stream,
        patch.key,
        patch.ports,
        [run for op in runs if isinstance(run := with_buffers(op, buffer_of), Run)],
        list(controls.items()),
        [(source, buffer_of.get(lane, lane)) for source, lane in shared],
        buffers,
        flat.rows,
        list(flat.constants),
    )


def _sums(heard: Sequence[str], port: str) -> tuple[Place, Place]:
    """The sum of all voices at a port: left and right."""
    first = 2 * heard.index(port)
    return Place("sum", first), Place("sum", first + 1)


def _moving(flat: Flattener, place: Place, patch: Patch, runs: list[Run]) -> Place:
    """A place at audio rate with the signal of `place`."""
    if place.rate == "a":
        return place
    moving = flat.buffer()
    runs.append(Run(SPREAD, (moving,), (place,), f"{patch.name}/spread"))
    return moving
