"""The interface of every front end: checks, queries, renders and plays programs.

`programs` needs no running engine: it checks, queries and renders. `protocol` declares a live
session; `local` runs its engine in this process, `remote` in a process of its own (`server`).
"""

from phonon.session.programs import (
    LARGEST_SOURCE,
    check,
    compile_source,
    events,
    heard_streams,
    pattern,
    read,
    render,
    render_file,
)

__all__ = [
    "LARGEST_SOURCE",
    "check",
    "compile_source",
    "events",
    "heard_streams",
    "pattern",
    "read",
    "render",
    "render_file",
]
