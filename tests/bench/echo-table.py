#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""echo-table.py FOLDER STATS: simulated A4C pictures beside real ones.

FOLDER holds pictures of echo-pictures, STATS is the file echo_stats.py, which measured the
real ones. Prints, for the main measures, the quartiles of 590 real pictures (CAMUS, Leclerc
2019), ours, and how far our median lies from theirs in real standard deviations
(interquartile range / 1.35).
"""
import importlib.util
import multiprocessing
import pathlib
import sys

import numpy as np
from PIL import Image

MM = .308

# measure: ((25, 50, 75 % at ED), (the same at ES)); None: not measured
REAL = {
    'apex_depth': ((26, 31, 36), (28, 33, 38)),
    'base_depth': ((98, 106, 115), (89, 97, 106)),
    'base_depth_part': ((.62, .68, .78), None),
    'lv_length': ((71, 77, 83), (59, 65, 72)),
    'axis_deg': ((6, 10, 16), (5, 8, 12)),
    'apex_off': ((-9, -4, 0), (-6, -1, 3)),
    'base_off': ((6, 11, 15), (4, 8, 13)),
    'lv_off': ((3, 7, 9), (2, 5, 9)),
    'annulus_mm': ((30, 33, 37), (26, 30, 34)),
    'lv_area': ((25, 30, 34), (15, 19, 23)),
    'la_area': ((9, 13, 18), (13, 18, 23)),
    'grey_lv': ((45, 57, 73), (47, 59, 75)),
    'grey_la': ((64, 88, 117), (44, 58, 76)),
    'grey_myo_sep': ((100, 119, 142), (97, 118, 141)),
    'grey_myo_lat': ((68, 85, 104), (78, 96, 113)),
    'grey_myo_api': ((74, 94, 112), (80, 100, 119)),
    'grey_bg_left': ((54, 71, 94), (58, 75, 97)),
    'grey_bg_right': ((55, 76, 98), (68, 90, 112)),
    'grey_band_lat': ((83, 110, 143), (96, 122, 148)),
    'diff_leaflet': ((0, 15, 35), (8, 28, 51)),
    'leaflet_peak_excess': ((7, 45, 71), (40, 67, 91)),
    'auc_myo_sep': ((.89, .94, .97), None),
    'auc_myo_lat': ((.72, .81, .88), None),
    'auc_myo_api': ((.80, .89, .93), None),
    'depth_cav_near': ((None, 68, None), (None, 73, None)),
    'depth_cav_mid': ((None, 57, None), (None, 60, None)),
    'depth_cav_far': ((None, 84, None), (None, 60, None)),
    'depth_myo_near': ((None, 93, None), (None, 99, None)),
    'depth_myo_mid': ((None, 99, None), (None, 107, None)),
    'depth_bg_near': ((None, 112, None), (None, 117, None)),
    'depth_bg_mid': ((None, 74, None), (None, 87, None)),
    'depth_bg_far': ((None, 89, None), (None, 76, None)),
    'slope_lv_per_cm': ((-3, 0, 4), None),
    'sector_p01': ((21, 31, 41), None),
    'sector_p50': ((65, 82, 98), None),
    'sector_p95': ((159, 182, 206), None),
    'sector_sd': ((38, 43, 51), None),
    'beam_left_ratio': ((.88, 1, 1.09), None),
    'beam_right_ratio': ((.83, .94, 1.05), None),
    'shadow_beams': ((None, 0, None), None),
    'fwhm_ax_cav_mid': ((None, 1.6, None), (None, 1.5, None)),
    'fwhm_ax_sep_mid': ((None, 2.0, None), (None, 2.0, None)),
    'fwhm_ax_bg_mid': ((None, 1.6, None), (None, 1.6, None)),
    'fwhm_lat_cav_mid': ((None, 2.6, None), (None, 2.5, None)),
    'fwhm_lat_sep_mid': ((None, 2.8, None), (None, 3.0, None)),
    'fwhm_lat_bg_mid': ((None, 2.7, None), (None, 2.8, None)),
    'fwhm_lat_bg_far': ((None, 4.7, None), (None, 4.5, None)),
    'tex_sd_cav_mid': ((None, 12, None), (None, 12, None)),
    'tex_sd_sep_mid': ((None, 23, None), (None, 23, None)),
    'tex_sd_bg_mid': ((None, 14, None), (None, 14, None)),
    'tex_skew_cav_mid': ((None, 1.0, None), None),
    'tex_skew_bg_mid': ((None, .7, None), None),
    'tex_skew_sep_mid': ((None, .2, None), None),
    'block_mean_dark': ((None, 49, None), None),
    'block_sd_dark': ((None, 6.6, None), None),
    'block_sd_mid': ((None, 8.9, None), None),
    'block_sd_bright': ((None, 12.7, None), None),
    'rise_mm_sep': ((4.4, 5.4, 6.4), (4.0, 5.7, 6.7)),
    'rise_mm_lat': ((5.2, 7.1, 8.2), (None, 7.6, None)),
    'rise_mm_api': ((6.0, 7.5, 8.5), (None, 7.9, None)),
    **{f'prof_sep_{mm:+d}mm': ((None, v, None), None)
       for mm, v in zip((-3, -1, 0, 1, 2, 4, 6, 8), (3, 21, 37, 51, 61, 75, 73, 61))},
    **{f'prof_lat_{mm:+d}mm': ((None, v, None), None)
       for mm, v in zip((-3, -1, 0, 1, 2, 4, 6, 8), (3, 6, 8, 10, 12, 19, 28, 37))},
    **{f'prof_api_{mm:+d}mm': ((None, v, None), None)
       for mm, v in zip((-3, -1, 0, 1, 2, 4, 6, 8), (6, 14, 18, 21, 23, 30, 34, 37))},
    'clutter_0_5_minus_cav': ((30, 51, 68), (25, 46, 65)),
    'clutter_5_10_minus_cav': ((9, 33, 54), (6, 29, 52)),
    'clutter_10_20_minus_cav': ((34, 53, 70), (27, 49, 66)),
    'clutter_0_20_ratio': ((1.5, 1.8, 2.2), (1.4, 1.7, 2.0)),
    'haze_api_minus_base': ((-14, 3, 17), (-2, 14, 27)),
}


# shares of wall pieces or of pictures: means at ED and ES
SHARES = {
    'piece_dropout_lat': (.06, .03),
    'piece_dropout_sep': (.013, .007),
    'f_dropout_myo_lat': (.034, .010),
    'f_dropout_myo_api': (.037, .027),
    'f_dropout_myo_sep': (.003, 0),
}


def cells(values):
    return ' '.join('    -' if v is None else f'{v:5.3g}' for v in values)


def load_stats(path):
    spec = importlib.util.spec_from_file_location('echo_stats', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure_case(job):
    folder, stats_path = job
    stats = load_stats(stats_path)
    found = {}
    for phase in ('ED', 'ES'):
        picture = folder / f'{folder.name}_{phase}.pgm'
        if picture.exists():
            mask = picture.with_name(picture.stem + '_gt.pgm')
            found[phase] = stats.measure(np.array(Image.open(picture)), np.array(Image.open(mask)), MM)
    return found


def collect(folder, stats_path):
    """Rows of measures per phase, and of ES against ED where a case has both."""
    jobs = [(case, stats_path) for case in sorted(pathlib.Path(folder).iterdir()) if case.is_dir()]
    rows, pairs, stats = {'ED': [], 'ES': []}, [], load_stats(stats_path)
    with multiprocessing.Pool(2) as pool:
        for found in pool.imap(measure_case, jobs):
            for phase, (row, _) in found.items():
                rows[phase].append(row)
            if len(found) == 2 and all(marks for _, marks in found.values()):
                pairs.append(stats.pair(found['ED'][0], found['ES'][0], found['ED'][1], found['ES'][1]))
    summaries = {phase: stats.summary(r) for phase, r in rows.items()}
    return rows, summaries, stats.summary(pairs), stats.links(rows['ED'])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    rows, summaries, pairs, links = collect(sys.argv[1], sys.argv[2])
    print(f"simulated pictures: {len(rows['ED'])} ED, {len(rows['ES'])} ES; columns 25, 50, 75 %")
    print(f"{'':24} | {'real ED':17} | {'ours ED':17} | off   | {'real ES':17} | {'ours ES':17} | off")
    for name, phases in REAL.items():
        line = f'{name:24}'
        for phase, real in zip(('ED', 'ES'), phases):
            ours = summaries[phase].get(name)
            ours = ours[1:4] if ours else (None, None, None)
            real = real or (None, None, None)
            off = ''
            if None not in (*real, ours[1]) and real[2] > real[0]:
                off = f'{(ours[1] - real[1]) / ((real[2] - real[0]) / 1.35):+.1f}'
            line += f' | {cells(real):17} | {cells(ours):17} | {off:5}'
        print(line.rstrip(' |'))
    print('shares: mean                real, ours at ED   real, ours at ES')
    for name, real in SHARES.items():
        ours = [np.nanmean([row.get(name, np.nan) for row in rows[phase]]) for phase in ('ED', 'ES')]
        print(f'{name:24}    {real[0]:5.3f} {ours[0]:5.3f}       {real[1]:5.3f} {ours[1]:5.3f}')
    for name, row in pairs.items():
        print(f'ES against ED {name:20} {cells(row[:5])}')
    print('Spearman, ED:', links)


if __name__ == '__main__':
    main()
