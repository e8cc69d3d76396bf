"""Approximates the transcendental words of the vocabulary by polynomials in single precision.

All coefficients are our own minimax fits (least squares reweighted by Lawson's rule on 4000
Chebyshev points); the error stated is the fit's, relative; rounding adds about 1e-7.
"""

from __future__ import annotations

from llvmlite import ir

from phonon.kernel.ops import Ops

# sin(πm) = z · Q(z) with z = m(1 − m), 0 ≤ m ≤ 1: 1e-9. One parabola instead of folding.
SINE = (3.1415926567331587, 3.141592007498669, 1.1154936934321662, 0.20458418049754123,
        0.024154576637358347)  # fmt: skip
# 2^x on −½ … ½, exact at 0 (so that 0 dB is not a bit): 8.7e-8
EXP2 = (1.0, 0.6931469440460205, 0.24022231996059418, 0.05550779402256012,
        0.009671999141573906, 0.00132546026725322)  # fmt: skip
# log2(1 + t) / t on √½ − 1 … √2 − 1: 1.7e-7
LOG2 = (1.442694961987643, -0.7213527880662804, 0.480923242217844, -0.3602396394620206,
        0.2870987020842285, -0.24887687079183018, 0.2340423520018474,
        -0.14581164528945548)  # fmt: skip
# tan(πx) (¼ − x²) / x in x², to x = 0.497: 3.5e-8
TANGENT = (0.7853981356888148, -0.5577309676767772, -0.13493267910720647,
           -0.05088139857721584, -0.030020733282400083)  # fmt: skip
# tanh(x) / x in x², to x = 9: 5.6e-7
TANH_ABOVE = (0.9999994433131895, 0.12622906919685858, 0.0026067278535520833,
              6.514911194662548e-06, -5.047713445602447e-09)  # fmt: skip
TANH_BELOW = (1.0, 0.45955826799771626, 0.02246467271483346, 0.00018541271800365892)

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.693145751953125, 1.42860677e-06  # LN2_HIGH · n is exact for |n| < 512
SMALLEST = 1.1754943508222875e-38


def half_turn(ops: Ops, r: ir.Value) -> ir.Value:
    """sin(πr) for −1 ≤ r ≤ 1."""
    z = ops.sub(r, ops.mul(r, ops.abs(r)))
    return ops.mul(z, ops.polynomial(ops.abs(z), SINE))


def sine(ops: Ops, cycles: ir.Value) -> ir.Value:
    """sin(2πx), x in cycles."""
    r = ops.plain_sub(cycles, ops.round(cycles))
    return half_turn(ops, ops.add(r, r))


def cosine(ops: Ops, cycles: ir.Value) -> ir.Value:
    """cos(2πx), x in cycles."""
    r = ops.abs(ops.plain_sub(cycles, ops.round(cycles)))
    return half_turn(ops, ops.sub(0.5, ops.add(r, r)))


def sine_bits(ops: Ops, phase: ir.Value) -> ir.Value:
    """The sine of a phase whose 2^32 is one cycle."""
    return half_turn(ops, ops.signed_fraction(phase))


def cosine_bits(ops: Ops, phase: ir.Value) -> ir.Value:
    """The cosine of a phase whose 2^32 is one cycle."""
    return sine_bits(ops, ops.b.add(phase, ops.like(1 << 30, phase)))


def scaled(ops: Ops, x: ir.Value, exponent: ir.Value) -> ir.Value:
    """x · 2^exponent, for a whole exponent within −126 … 127."""
    whole = ops.whole(exponent)
    biased = ops.b.add(whole, ops.like(127, whole))
    return ops.mul(x, ops.cast_bits(ops.b.shl(biased, ops.like(23, biased))))


def exp2(ops: Ops, x: ir.Value) -> ir.Value:
    """2^x."""
    x = ops.clip(x, -126.0, 127.0)
    whole = ops.round(x)
    return scaled(ops, ops.polynomial(ops.plain_sub(x, whole), EXP2), whole)


def exp(ops: Ops, x: ir.Value) -> ir.Value:
    """e^x: the remainder is taken in two steps, so that large x keeps its precision."""
    x = ops.clip(x, -87.0, 88.0)
    whole = ops.round(ops.mul(x, LOG2_E))
    rest = ops.plain_sub(x, ops.plain_mul(whole, LN2_HIGH))
    rest = ops.plain_sub(rest, ops.plain_mul(whole, LN2_LOW))
    return scaled(ops, ops.polynomial(ops.plain_mul(rest, LOG2_E), EXP2), whole)


def log2(ops: Ops, x: ir.Value) -> ir.Value:
    """log2(x); everything below the smallest normal number gives −126."""
    bits = ops.cast_bits(ops.maximum(x, SMALLEST))
    # Halve the numbers whose mantissa is above √2, so that the rest lies around 1.
    shifted = ops.b.sub(bits, ops.like(0x3F3504F3, bits))
    exponent = ops.b.ashr(shifted, ops.like(23, bits))
    mantissa = ops.cast_bits(ops.b.sub(bits, ops.b.shl(exponent, ops.like(23, bits))))
    t = ops.plain_sub(mantissa, 1.0)
    return ops.add(ops.mul(t, ops.polynomial(t, LOG2)), ops.from_signed(exponent))


def log(ops: Ops, x: ir.Value) -> ir.Value:
    """The natural logarithm."""
    return ops.mul(log2(ops, x), 0.6931471805599453)


def power(ops: Ops, x: ir.Value, y: ir.Value) -> ir.Value:
    """x^y for x > 0, and 0 for the rest."""
    x, y = ops.pair(x, y)
    result = exp2(ops, ops.mul(log2(ops, x), y))
    return ops.select(ops.compare(">", x, 0.0), result, 0.0)


def tangent(ops: Ops, x: ir.Value) -> ir.Value:
    """tan(πx) for 0 ≤ x ≤ 0.497."""
    x = ops.clip(x, 0.0, 0.497)
    square = ops.mul(x, x)
    above = ops.mul(x, ops.polynomial(square, TANGENT))
    return ops.div(above, ops.plain_mul(ops.plain_sub(0.5, x), ops.add(x, 0.5)))


def tanh(ops: Ops, x: ir.Value) -> ir.Value:
    """The hyperbolic tangent."""
    x = ops.clip(x, -9.0, 9.0)
    square = ops.mul(x, x)
    above = ops.mul(x, ops.polynomial(square, TANH_ABOVE))
    return ops.clip(ops.div(above, ops.polynomial(square, TANH_BELOW)), -1.0, 1.0)
