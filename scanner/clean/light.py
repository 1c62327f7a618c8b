"""Takes shadows, lamps and yellow paper out: divides a picture by its own paper.

The paper is the picture without its dark strokes: a grey closing on a small copy, smoothed, as in
Gatos, Pratikakis and Perantonis (2006) and Brown and Tsoi's illumination maps, made cheap by shrinking.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array

MAP_SIDE = 440  # the light changes slowly: 1/8 of an A4 page at 300 dpi is enough


def paper_map(image: Array) -> Array:
    """The bare paper of the picture in a small copy, same number of channels, uint8 >= 1."""
    height, width = image.shape[:2]
    factor = min(1.0, MAP_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    reach = max(3, round(max(size) / 24)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    smooth = cv2.medianBlur(closed, min(reach, 31) | 1)
    return np.maximum(cv2.GaussianBlur(smooth, (0, 0), reach / 6), 1)


def divide_light(image: Array, paper: Array, white: int = 255) -> Array:
    """The picture over its paper, so that bare paper becomes `white`."""
    height, width = image.shape[:2]
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(image, full, scale=float(white))
