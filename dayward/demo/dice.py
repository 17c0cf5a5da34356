"""Chance that can be repeated: the same seed and the same name give the same throws."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of throws of its own for each name, so that one more throw here changes nothing there."""

    def __init__(self, seed: int, *name: object) -> None:
        self.seed = seed
        self._name = name

    @cached_property
    def _random(self) -> random.Random:
        """Made with the first throw: many streams are only the parents of others."""
        text = ":".join(map(str, (self.seed, *self._name)))
        return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))

    def of(self, *name: object) -> Dice:
        """The stream of a name below this one."""
        return Dice(self.seed, *self._name, *name)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self._random.randrange(len(choices))]

    def weighted(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of `(choice, weight)`."""
        return self._random.choices([c for c, _ in choices], [w for _, w in choices])[0]

    def normal(self, mean: float, deviation: float) -> float:
        return self._random.gauss(mean, deviation)

    def lognormal(self, median: float, sigma: float) -> float:
        return self._random.lognormvariate(math.log(median), sigma)

    def exponential(self, mean: float) -> float:
        return self._random.expovariate(1 / mean)

    def poisson(self, mean: float) -> int:
        """Knuth's method: the means here are small."""
        limit, count, product = math.exp(-mean), 0, self._random.random()
        while product > limit:
            count += 1
            product *= self._random.random()
        return count
