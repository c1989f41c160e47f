# SPDX-License-Identifier: Apache-2.0
"""The networks; parameter names are those of the weight file."""
from .reconstruction import Reconstruction
from .twin import Twin

__all__ = ["Reconstruction", "Twin"]
