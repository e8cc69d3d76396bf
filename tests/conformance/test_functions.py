"""Transforms against what Strudel and Tidal make of the same calls."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from phonon.errors import PhononError
from phonon.lang.lower import compile_pattern

Rows = Callable[[str], list[dict[str, Any]]]

# Rows that only Strudel's JavaScript states, in Phonon.
CALLS = {
    "fp044": 'rev $ slow 1.5 $ note "c4 [eb4 g4] bb4"',
    "fp087": 'when "<0 0 1>" (# gain 0.5) $ s "bd [hh sn] cp"',
    "fp088": 'when "1 0" (hurry 2) $ n "5 -2 1.5"',
    "fp089": 'when "<1 [0 1]>" (hurry 2) $ n "0 1 2 3"',
    "fp114": 'euclidLegato 3 8 $ n "<0 3 5>"',
    "fp115": 'euclidLegato 2 7 $ n "<0 3 5>"',
    "fp116": 'euclidLegato "<3 5>" 7 $ n "<0 3 5>"',
    "fp117": 'euclidLegatoRot 5 8 3 $ n "<0 3 5>"',
    "fp118": 'euclidLegatoRot 3 16 3 $ n "<0 3 5>"',
    "fp119": 'euclidLegatoRot 3 8 5 $ n "<0 3 5>"',
    "fp152": 'plyWith 3 (|+ n 12) $ n "5 -2 1.5"',
    "fp153": 'plyWith 2 (|+ n 2) $ n "<0 5> 3*2"',
    "fp154": 'plyWith 3 (|+ n 12) $ n "0 ~ 4 7"',
    "fp205": 'undegrade $ s "hh*8"',
    "fp206": 'undegrade $ fast 2 $ n "0 .. 3"',
    "fp207": 'undegrade $ fast 2 $ n "0 ~ 4 7"',
    "fp232": 'someCycles (fast 2) $ s "bd*2 sn"',
    "fp233": 'someCycles (fast 2) $ s "bd:1 sn:2 hh"',
    "fp234": 'someCycles (hurry 2) $ s "bd ~ sn hh"',
    "fp235": 'someCyclesBy 0.7 (fast 2) $ s "bd:1 sn:2 hh"',
    "fp236": 'someCyclesBy 0.7 (iter 4) $ s "bd [hh sn] cp"',
    "fp237": 'someCyclesBy 0.3 rev $ s "hh*4"',
    "fp238": 'shuffle 2 $ n "0 [2 4] 7"',
    "fp239": 'shuffle 4 $ s "<bd sn> hh*2"',
    "fp240": 'shuffle 4 $ s "bd ~ sn hh"',
    "fp241": 'scramble 3 $ n "0 1 2 3"',
    "fp242": 'scramble 3 $ s "bd sn . hh hh hh"',
    "fp243": 'scramble 3 $ s "bd ~ sn hh"',
    "fp244": 'segment 8 $ s (choose ["bd", "sn", "hh"])',
    "fp245": "segment 6 $ choose [0, 5, 12]",
    "fp246": "segment 6 $ choose [1, 8, 14]",
    "fp250": 'randcat [s "bd*2 sn", s "bd:1 sn:2 hh", n "0 [2 4] 7"]',
    "fp251": 'randcat ["1 [2 3] 4", "10 20"]',
    "fp252": 'randcat ["0 1 2 3", "1 [2 3] 4"]',
    "fp256": 'segment 4 $ wchoose [("a", 1), ("b", 1)]',
    "fp257": 'segment 8 $ wchoose [("a", 1), ("b", 2)]',
    "fp258": 'segment 8 $ wchoose [("a", 3), ("b", 1)]',
    "fp272": "segment 4 $ slow 2 $ range 0 500 perlin",
    "fp273": "segment 4 $ slow 2 $ range 0 1 perlin",
    "fp378": 'reset "1 1 0 1" $ s "bd(3,8) sn"',
    "fp379": 'reset "1*3" $ n "<0 5> 3*2"',
    "fp380": 'reset "1*3" $ n "{0 1 2}%4"',
    "fp381": 'restart "1 1 0 1" $ s "bd(3,8) sn"',
    "fp382": 'restart "1(3,8)" $ s "bd*2 sn"',
    "fp383": 'restart "<1 1*2>" $ n "<0 1 2 3>*2"',
    "fp384": "round $ segment 6 $ range 0 3.3 saw",
    "fp385": 'round "0.5 1.2 2.7 -0.5"',
    "fp386": "floor $ segment 6 $ range 0 5 saw",
    "fp388": "ceil $ segment 6 $ range 0 3.3 saw",
    "fp440": 'arp "0 1 2" $ note "<[c,eb,g] [c,f,a]>"',
    "fp441": 'arp "<0 1> 2" $ note "<[c,eb,g] [c,f,a]>"',
    "fp446": 'pick ["c e", "d*2", "<f g>"] "<1 0>*2"',
    "fp464": 'squeeze "0 2 1" ["bd sn", "hh*3", "cp"]',
    "fp494": 's "bd:3:0.5 sn:1"',
}
