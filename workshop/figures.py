"""Figures as people read them: with a true minus, thousands set apart, and no digit that says nothing."""

from decimal import Decimal


def figure(value: float | None) -> str:
    """Every digit before the point, and behind it no more than make six in all; '' for none."""
    if value is None:
        return ""
    digits = f"{value:.0f}" if abs(value) >= 1e5 else f"{value:.6g}"
    return _with_true_minus(f"{Decimal(digits):,f}")


def whole(value: float | None) -> str:
    """Rounded, as scores are told; '' for none."""
    return "" if value is None else _with_true_minus(f"{round(value):d}")


def signed(value: float) -> str:
    """A rating with its sign; 0 has none."""
    return _with_true_minus(f"{value:+g}") if value else "0"


def _with_true_minus(digits: str) -> str:
    return digits.replace("-", "−")
