# SPDX-License-Identifier: Apache-2.0
"""surface.py BENCH   our surfaces and distance maps against VTK's, on the same inputs in one run

BENCH is build/tests/bench/bench-surface. Prints for each task both times by the clock, with the time
summed over cores in brackets, how many times as fast ours is, and what the two results differ by. Ends with exit code 77 where VTK is not installed.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
    import vtk
    from vtk.util import numpy_support
except ImportError as missing:
    print(f'SKIPPED: no comparison with VTK was made: {missing}. Install python3-vtk9 and python3-numpy.')
    sys.exit(77)


def best_ms(rounds, prepare):
    """Shortest times of Update() over some rounds, each with a filter of its own."""
    best, best_cpu, last = float('inf'), float('inf'), None
    for _ in range(rounds):
        last = prepare()
        start, start_cpu = time.perf_counter(), time.process_time()
        last.Update()
        best_cpu = min(best_cpu, (time.process_time() - start_cpu) * 1000)
        best = min(best, (time.perf_counter() - start) * 1000)
    return (best, best_cpu), last.GetOutput()


def image(path, kind, n, spacing):
    data = np.fromfile(path, np.uint8 if kind == 'labels' else np.float32)
    picture = vtk.vtkImageData()
    picture.SetDimensions(n, n, n)
    picture.SetSpacing(spacing, spacing, spacing)
    picture.GetPointData().SetScalars(numpy_support.numpy_to_vtk(data, deep=True))
    return picture


def volume_ml(mesh):
    mass = vtk.vtkMassProperties()
    mass.SetInputData(mesh)
    return mass.GetVolume() / 1000


def marching_cubes(ours, folder):
    kind, n = ours['kind'], ours['n']
    picture = image(f'{folder}/{kind}-{n}.raw', kind, n, ours['spacing_mm'])

    def prepare():
        edges = vtk.vtkDiscreteFlyingEdges3D() if kind == 'labels' else vtk.vtkFlyingEdges3D()
        edges.SetInputData(picture)
        edges.SetValue(0, 1 if kind == 'labels' else 0)
        edges.ComputeNormalsOn()
        edges.ComputeGradientsOff()
        edges.ComputeScalarsOff()
        return edges

    ms, mesh = best_ms(8 if n > 100 else 30, prepare)
    note = f'triangles {ours["triangles"]} and {mesh.GetNumberOfCells()}, ' \
           f'volume {ours["volume_ml"]:.3f} and {volume_ml(mesh):.3f} ml'
    return ms, note


def load(path):
    reader = vtk.vtkPLYReader()
    reader.SetFileName(path)
    reader.Update()
    return reader.GetOutput()


def distance(ours, folder):
    n = ours['n']
    a, b = load(f'{folder}/a-{n}.ply'), load(f'{folder}/b-{n}.ply')

    def prepare():
        measure = vtk.vtkDistancePolyDataFilter()
        measure.SetInputData(0, a)
        measure.SetInputData(1, b)
        measure.SignedDistanceOn()
        measure.ComputeSecondDistanceOff()
        if hasattr(measure, 'ComputeCellCenterDistanceOff'):
            measure.ComputeCellCenterDistanceOff()
        return measure

    ms, mesh = best_ms(3, prepare)
    theirs = numpy_support.vtk_to_numpy(mesh.GetPointData().GetScalars())
    mine = np.fromfile(f'{folder}/distance-{n}.raw', np.float32)
    # VTK stops looking at its cell tolerance: it may miss the nearest point, never find a nearer one
    return ms, f'{ours["vertices"]} vertices to {ours["triangles"]} triangles, ' \
               f'absolute difference mean {np.abs(mine - theirs).mean():.2g}, max {np.abs(mine - theirs).max():.2g} mm'


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run([sys.argv[1], folder], check=True, capture_output=True, text=True).stdout
        print(f'{os.cpu_count()} cores, VTK {vtk.vtkVersion.GetVTKVersion()}')
        for ours in map(json.loads, out.splitlines()):
            title = f'{ours["kind"]} {ours["n"]}^3'
            if ours['kind'] == 'overlap':
                print(f'{title:14} ours {ours["ms"]:8.2f} ms for DSC, HD, HD95, ASSD of one structure')
                continue
            (ms, cpu_ms), note = (distance if ours['kind'] == 'distance' else marching_cubes)(ours, folder)
            print(f'{title:14} ours {ours["ms"]:8.2f} ms ({ours["cpu_ms"]:.2f}), VTK {ms:8.2f} ms ({cpu_ms:.2f}): '
                  f'{ms / ours["ms"]:6.2f} times as fast ({cpu_ms / ours["cpu_ms"]:.2f}); {note}')


main()
