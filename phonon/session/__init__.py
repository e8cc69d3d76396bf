"""The one door for every front end: programs become diagnostics, events, files or a live set.

`programs` needs no running engine: it checks, queries and renders. `protocol` says what a live
session can do; `local` does it in this process, `remote` in the process that `server` is.
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
