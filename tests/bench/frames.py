# SPDX-License-Identifier: Apache-2.0
"""frames.py BENCH   how fast a translucent heart turns, ours against VTK, in one run

BENCH is build/tests/bench/bench-frames: five balls of 20 000 triangles each at half opacity, 1280 x 800
without a window, read back. VTK draws the same with depth peeling, which is what makes overlapping
translucent surfaces right; it takes one sample a pixel then, as our picture does while the heart turns,
so these two are compared. For the record also ours with 4 samples, with which a heart at rest is drawn,
and VTK with 4 samples and nothing sorted. Both on the software renderer of Mesa. Ends with exit code 77
where VTK is not installed.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

os.environ['LIBGL_ALWAYS_SOFTWARE'] = '1'
try:
    import vtk
except ImportError as missing:
    print(f'SKIPPED: no comparison with VTK was made: {missing}. Install python3-vtk9.')
    sys.exit(77)

N_FRAMES = 60


def median_ms(folder, peeling):
    """Of a frame with its pixels; the first frame is left out."""
    renderer, window = vtk.vtkRenderer(), vtk.vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetSize(1280, 800)
    window.AddRenderer(renderer)
    window.SetMultiSamples(0 if peeling else 4)
    if peeling:
        window.SetAlphaBitPlanes(1)
        renderer.SetUseDepthPeeling(1)
        renderer.SetMaximumNumberOfPeels(10)
        renderer.SetOcclusionRatio(0)
    for i in range(5):
        reader, mapper, actor = vtk.vtkPLYReader(), vtk.vtkPolyDataMapper(), vtk.vtkActor()
        reader.SetFileName(f'{folder}/{i}.ply')
        reader.Update()
        mapper.SetInputData(reader.GetOutput())
        actor.SetMapper(mapper)
        actor.GetProperty().SetOpacity(.5)
        actor.GetProperty().SetColor(.8, .2 + .1 * i, .3)
        renderer.AddActor(actor)
    renderer.ResetCamera()
    pixels, times = vtk.vtkUnsignedCharArray(), []
    for _ in range(N_FRAMES + 1):
        start = time.perf_counter()
        window.Render()
        window.GetPixelData(0, 0, 1279, 799, 0, pixels, 0)
        times.append((time.perf_counter() - start) * 1000)
        renderer.GetActiveCamera().Azimuth(360 / N_FRAMES)
    return sorted(times[1:])[N_FRAMES // 2]


with tempfile.TemporaryDirectory() as folder:
    ours = json.loads(subprocess.run([sys.argv[1], folder], check=True, capture_output=True, text=True).stdout)
    print(f'{ours["n_triangles"]} triangles at 1280 x 800, median of {N_FRAMES} frames, {ours["device"]}')
    print(f'ours, sorted: 1 sample a pixel {ours["draft_ms"]:.1f} ms, 4 samples {ours["smooth_ms"]:.1f} ms '
          f'(the first {ours["first_ms"]:.0f} ms)')
    for name, peeling in (('VTK, depth peeling, 1 sample', True), ('VTK, not sorted, 4 samples', False)):
        ms = median_ms(folder, peeling)
        print(f'{name:28} {ms:7.1f} ms, ours with 1 sample {ms / ours["draft_ms"]:.2f}, '
              f'with 4 {ms / ours["smooth_ms"]:.2f} times as fast')
