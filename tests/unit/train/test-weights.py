# SPDX-License-Identifier: Apache-2.0
"""Weight files are averaged."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../engine/train"))
try:
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import average


class Average(unittest.TestCase):
    a = {"w": np.array([1, 2], np.float16), "ts.labels": np.array([3], np.uint8)}

    def test_mean(self):
        b = {**self.a, "w": np.array([3, 5], np.float16)}
        found = average.mean([self.a, b])
        self.assertEqual(found["w"].tolist(), [2, 3.5])
        self.assertEqual(found["w"].dtype, np.float16)
        self.assertEqual(found["ts.labels"].tolist(), [3])

    def test_different_networks(self):
        for other in ({"w": self.a["w"]}, {**self.a, "w": np.zeros(3, np.float16)},
                      {**self.a, "ts.labels": np.array([4], np.uint8)}):
            self.assertRaises(SystemExit, average.mean, [self.a, other])


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
