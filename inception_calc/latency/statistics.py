"""The little statistics that the reports need, in plain Python: predictions need no numpy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb, sqrt


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, between neighbours in proportion."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return percentile(values, 0.5)


def median_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """An interval for the median that assumes nothing about the distribution.

    Of n independent values, the k-th smallest and k-th largest hold the median between them with probability
    1 - 2 P(B < k), B binomial(n, 1/2); the largest k that keeps the confidence is taken (the extremes where
    none does).
    """
    ordered, n = sorted(values), len(values)
    k, tail = 0, 0.0
    while k < n // 2:
        tail += comb(n, k) / 2**n
        if 2 * tail > 1 - confidence:
            break
        k += 1
    k = max(k, 1)
    return ordered[k - 1], ordered[n - k]


def ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    start = 0
    while start < len(order):
        stop = start
        while stop < len(order) and values[order[stop]] == values[order[start]]:
            stop += 1
        for place in order[start:stop]:
            result[place] = (start + stop + 1) / 2
        start = stop
    return result


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's rank correlation; None where a side does not vary."""
    return correlation(ranks(first), ranks(second))


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation; None where a side does not vary."""
    n = len(first)
    if n < 3:
        return None
    mean_first, mean_second = sum(first) / n, sum(second) / n
    together = sum((a - mean_first) * (b - mean_second) for a, b in zip(first, second, strict=True))
    spread = sum((a - mean_first) ** 2 for a in first) * sum((b - mean_second) ** 2 for b in second)
    return together / sqrt(spread) if spread > 0 else None


def r_squared(measured: Sequence[float], predicted: Sequence[float]) -> float | None:
    """The share of the variance that the prediction explains; None where nothing varies."""
    if len(measured) < 3:
        return None
    mean = sum(measured) / len(measured)
    total = sum((value - mean) ** 2 for value in measured)
    left = sum((value - guess) ** 2 for value, guess in zip(measured, predicted, strict=True))
    return 1 - left / total if total > 0 else None


def jackknife_error(without: Sequence[float]) -> float:
    """The standard error of an estimate, from those without each of the n observations (Efron and Stein 1981)."""
    n, mean = len(without), sum(without) / len(without)
    return sqrt((n - 1) / n * sum((value - mean) ** 2 for value in without))


def non_negative_least_squares(rows: Sequence[Sequence[float]], targets: Sequence[float]) -> list[float]:
    """The non-negative coefficients with the smallest sum of squares.

    With three columns at most, every set of columns that may be above zero is tried; the best of those whose
    solution has no negative number is the answer (the conditions of Karush, Kuhn and Tucker leave no other).
    """
    width = len(rows[0])
    best, least = [0.0] * width, sum(target**2 for target in targets)
    for size in range(1, width + 1):
        for columns in combinations(range(width), size):
            solution = _solved(rows, targets, columns)
            if solution is None or min(solution) < 0:
                continue
            full = [0.0] * width
            for column, value in zip(columns, solution, strict=True):
                full[column] = value
            left = sum(
                (target - sum(a * b for a, b in zip(row, full, strict=True))) ** 2
                for row, target in zip(rows, targets, strict=True)
            )
            if left < least:
                best, least = full, left
    return best


def _solved(rows: Sequence[Sequence[float]], targets: Sequence[float], columns: Sequence[int]) -> list[float] | None:
    """Least squares over some columns by the normal equations, columns scaled to one; None where they depend."""
    scales = [sqrt(sum(row[column] ** 2 for row in rows)) for column in columns]
    if not all(scales):
        return None
    scaled = [[row[column] / scale for column, scale in zip(columns, scales, strict=True)] for row in rows]
    size = len(columns)
    matrix = [[sum(row[i] * row[j] for row in scaled) for j in range(size)] for i in range(size)]
    right = [sum(row[i] * target for row, target in zip(scaled, targets, strict=True)) for i in range(size)]
    for i in range(size):  # the matrix is positive definite, so elimination needs no pivots
        if matrix[i][i] < 1e-10:
            return None
        for j in range(i + 1, size):
            factor = matrix[j][i] / matrix[i][i]
            matrix[j] = [a - factor * b for a, b in zip(matrix[j], matrix[i], strict=True)]
            right[j] -= factor * right[i]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = sum(matrix[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (right[i] - known) / matrix[i][i]
    return [value / scale for value, scale in zip(solution, scales, strict=True)]
