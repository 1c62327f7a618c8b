"""What the nets that judge outlines see: the picture straightened by an outline, closely or from afar."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.eye import Seen

RING = 0.075  # of the side, from the outline up to where a place knows how far it is
FINER = 0.3  # of an octave: how much finer than needed the picture may be, from which it is straightened
GREY = (128, 128, 128)  # beyond the picture
LEAST_HALVED = 60  # px of the shorter side, of a picture that is halved once more


@dataclass(frozen=True)
class View:
    """A straightened picture: px of its side, and of what is seen of it beside each side of the outline."""

    side: int
    beside: int

    @cached_property
    def flat(self) -> Array:
        """(4, 2) float32 where the corners of the outline are."""
        low, high = self.beside - 0.5, self.side - self.beside - 0.5
        return np.array([[low, low], [high, low], [high, high], [low, high]], np.float32)

    @cached_property
    def ring(self) -> Array:
        """(side, side) float32 -1..1 how far a place is within the outline."""
        within = np.arange(self.side) + 0.5
        within = np.minimum(within - self.beside, self.side - self.beside - within)
        far = RING * self.side
        result: Array = np.clip(np.minimum(within[:, None], within) / far, -1, 1).astype(np.float32)
        return result

    def straightened(self, sizes: list[Array], seen: Seen, corners: Array) -> Array:
        """(N, 6, side, side) float32 -1..1: B, G, R, paper and rim of the eye, and how far within.

        `sizes`: of `halves`, of the picture in whose px the `corners` (N, 4, 2) are.
        """
        result = np.empty((len(corners), 6, self.side, self.side), np.float32)
        result[:, 5] = self.ring
        sides = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2).mean(axis=1)
        octaves = np.floor(np.log2(np.maximum(sides / (self.side - 2 * self.beside), 1)) + FINER)
        for k, (quad, octave) in enumerate(zip(corners, octaves.astype(int), strict=True)):
            picture = sizes[min(octave, len(sizes) - 1)]
            scale = np.array(picture.shape[1::-1]) / sizes[0].shape[1::-1]
            bgr = self._straight(picture, (quad + 0.5) * scale - 0.5, GREY)
            eye = self._straight(seen.maps, (quad + 0.5) * seen.scale - 0.5, (0, 0, 0))
            result[k, :3] = bgr.transpose(2, 0, 1) / np.float32(128) - 1
            result[k, 3:5] = eye.transpose(2, 0, 1) * np.float32(255 / 128) - 1
        return result

    def _straight(self, picture: Array, quad: Array, beyond: tuple[int, int, int]) -> Array:
        matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), self.flat)
        return cv2.warpPerspective(picture, matrix, (self.side, self.side), borderValue=beyond)


def halves(small: Array) -> list[Array]:
    """The picture (H, W, 3), half of it, and so on."""
    sizes = [small]
    while min(sizes[-1].shape[:2]) > LEAST_HALVED:
        sizes.append(cv2.resize(sizes[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return sizes
