# SPDX-License-Identifier: Apache-2.0
"""Orders, signs and fusion rules that a wrong reading would get wrong."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../engine/train"))
try:
    import torch
except ImportError:
    print("skipped: python3-torch is not installed")
    sys.exit(77)
from torch.nn import functional as F

import config as cfg
import templates
from model.autoencoder import Autoencoder, Gather, axis_matrix, corners
from model.dynamic_fusion import dynamic_fusion, fusion_weights, local_variance, mean3
from model.embed import TimeEmbed, patchify, position_encoding, unpatchify
from model.refine import Refine
from model.region import AXES, branch_patch, cut, encoding, from_tokens, half_rows, join
from model.templates import blur_matrix


def random_volume(*shape):
    return torch.randn(*shape).softmax(1)


class Fusion(unittest.TestCase):
    def test_equal_inputs_return_themselves(self):
        v = random_volume(1, 6, 9, 8, 7)
        self.assertLess((dynamic_fusion([v, v, v], 1e-3) - v).abs().max(), 1e-6)

    def test_weights_where_flat_and_at_a_boundary(self):
        flat = torch.full((1, 2, 8, 8, 8), 0.5)
        step = torch.zeros(1, 2, 8, 8, 8)
        step[:, 0, :, :, :4] = 1
        step[:, 1, :, :, 4:] = 1
        _, (w, _) = fusion_weights([flat, step], 1e-3)
        self.assertLess((w[..., :2] - 0.5).abs().max(), 1e-6)
        self.assertGreater(w[..., 3:5].min(), 0.99)

    def test_border_counts_only_what_is_inside(self):
        v = torch.full((1, 1, 5, 5, 5), 0.7)
        self.assertLess(local_variance(v).max(), 1e-6)
        v = torch.randn(1, 2, 5, 6, 7)
        self.assertLess((mean3(v) - F.avg_pool3d(v, 3, 1, 1, count_include_pad=False)).abs().max(),
                        1e-6)


class Patches(unittest.TestCase):
    def test_rows_and_tokens_are_inverse(self):
        v = torch.arange(2 * 8 * 8 * 16.0).view(1, 2, 8, 8, 16)
        for patch in ((4, 8, 8), (8, 4, 8), (8, 8, 4)):
            rows = patchify(v, patch)
            grid = [side // p for side, p in zip(v.shape[2:], patch)]
            tokens = rows.view(1, rows.shape[1], 2, -1).transpose(2, 3).flatten(2)
            self.assertTrue(torch.equal(unpatchify(tokens, patch, 2, grid), v))
        # second token along x of the last: one x-patch further
        self.assertEqual(rows[0, 1, 0], v[0, 0, 0, 0, 4])
        self.assertEqual(rows[0, 0, 1], v[0, 0, 0, 0, 1])

    def test_positions_of_half_patches_lie_among_whole_ones(self):
        half = position_encoding(12, [8, 8, 16], [1, 1, 0.5]).view(8, 8, 16, 12)[0, 0, :, 8]
        want = torch.sin((torch.arange(16) + 0.5) / 2 - 0.5)
        self.assertLess((half - want).abs().max(), 1e-6)

    def test_branch_halves_its_own_axis(self):
        self.assertEqual([branch_patch(b, 8) for b in AXES], [(8, 8, 4), (8, 4, 8), (4, 8, 8)])


class Cut(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        self.volume = random_volume(1, 6, 64, 64, 64)

    def test_join_undoes_cut(self):
        patches = cut(self.volume, 8)
        self.assertTrue(torch.equal(join(patches, 8), self.volume))
        self.assertTrue(torch.equal(patches[0, :, 9], self.volume[0, :, :8, 8:16, 8:16]))

    def test_what_is_left_out_becomes_background(self):
        keep = torch.tensor([9, 70])
        part = join(cut(self.volume, 8, keep), 8, keep)
        self.assertTrue(torch.equal(part[0, :, :8, 8:16, 8:16], self.volume[0, :, :8, 8:16, 8:16]))
        self.assertEqual(part[:, 1:].abs().gt(0).sum(), 2 * 5 * 8**3)
        self.assertEqual(part[:, 0].eq(1).sum(), 64**3 - 2 * 8**3)

    def test_tokens_of_a_branch_are_its_patches(self):
        for name in AXES:
            patch = branch_patch(name, 8)
            grid = [64 // p for p in patch]
            rows = half_rows(cut(self.volume, 8), name)
            order = encoding_order(name, grid)
            self.assertTrue(torch.equal(rows, patchify(self.volume, patch)[:, order]))
            tokens = rows.unflatten(2, (6, -1)).transpose(2, 3).flatten(2)
            self.assertTrue(torch.equal(from_tokens(tokens, name, 8, 6), cut(self.volume, 8)))
            pe = position_encoding(12, grid, [p / 8 for p in patch])
            self.assertTrue(torch.equal(encoding(name, 12, 8, 8).flatten(0, 1), pe[order]))

    def test_all_patches_kept_is_the_whole(self):
        refine = Refine(cfg.whole()).eval()
        for p in refine.parameters():
            torch.nn.init.normal_(p, std=0.05)
        cond, c = torch.randn(1, 512, 48), torch.randn(1, 48)
        with torch.no_grad():
            whole = refine(self.volume, cond, c)
            kept = refine.some(cut(self.volume, 8), cond, c, torch.arange(512))
            few = refine.some(cut(self.volume, 8, torch.arange(3)), cond, c, torch.arange(3))
        self.assertLess((join(kept.fused2, 8) - whole.fused2).abs().max(), 1e-6)
        self.assertEqual(few.fused2.shape, (1, 6, 3, 8, 8, 8))
        self.assertLess((few.fused2.sum(1) - 1).abs().max(), 1e-5)


def encoding_order(name, grid):
    """Where patchify() has the branch's tokens, two of each patch side by side."""
    at = torch.arange(grid[0] * grid[1] * grid[2]).view(grid)
    return at.unflatten(AXES[name], (8, 2)).movedim(AXES[name] + 1, 3).flatten()


class Points(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        self.ae = Autoencoder(cfg.whole()).eval()
        self.points = torch.rand(2, 50, 3) * 2.2 - 1.1

    def test_gather_is_grid_sampling(self):
        table = torch.randn(2, 5, 4, 4, 4)
        rows = table.permute(0, 2, 3, 4, 1).reshape(-1, 5)
        ours = Gather.apply(rows, *corners(self.points, 4)).view(2, 50, 5)
        theirs = F.grid_sample(table, self.points.view(2, 50, 1, 1, 3), align_corners=True,
                               padding_mode="border")[..., 0, 0].transpose(1, 2)
        self.assertLess((ours - theirs).abs().max(), 1e-5)

    def test_gather_gradients(self):
        rows = torch.randn(2 * 64, 5, requires_grad=True)
        points = self.points.clone().requires_grad_()
        row, weight = corners(points, 4)
        grad = torch.randn(100, 5)
        ours = torch.autograd.grad(Gather.apply(rows, row, weight), (rows, points), grad,
                                   retain_graph=True)
        bag = F.embedding_bag(row, rows, mode="sum", per_sample_weights=weight)
        for a, b in zip(ours, torch.autograd.grad(bag, (rows, points), grad)):
            self.assertLess((a - b).abs().max(), 1e-5)

    def test_ramps_stay_ramps(self):
        g = torch.linspace(-1, 1, 32)
        z, y, x = torch.meshgrid(g, g, g, indexing="ij")
        rows = torch.stack([x, y, z], -1).view(-1, 3)
        points = self.points[:1].clamp(-1, 1)
        self.assertLess((Gather.apply(rows, *corners(points, 32)) - points[0]).abs().max(), 1e-5)
        up = F.interpolate(torch.linspace(0, 1, 4).view(1, 1, 4, 1, 1).expand(1, 1, 4, 4, 4),
                           scale_factor=2, mode="trilinear", align_corners=True)[0, 0, :, 0, 0]
        self.assertLess((up - torch.linspace(0, 1, 8)).abs().max(), 1e-6)
        self.assertLess((axis_matrix(8, 64) @ torch.linspace(0, 1, 8)
                         - torch.linspace(0, 1, 64)).abs().max(), 1e-6)

    @torch.no_grad()
    def test_grid_is_points_on_the_grid(self):
        torch.nn.init.normal_(self.ae.d.point[-1].weight)
        maps = self.ae.d.maps(self.ae.d.latent(torch.randn(1, 16)))
        grid = self.ae.grid()
        at = self.ae.d.at(maps, grid[10, 20:22, 40].view(1, 2, 3))
        on = self.ae.d.on_grid(maps, grid).view(64, 64, 64, 3)[10, 20:22, 40]
        self.assertLess((at[0] - on).abs().max(), 1e-4)

    @torch.no_grad()
    def test_without_deformation_and_correction_the_mixture_decides(self):
        for branch in (self.ae.d, self.ae.r):
            torch.nn.init.zeros_(branch.point[-1].weight)
        one, other = self.ae.decode(torch.randn(2, 16))
        self.assertGreater((one - other).abs().max(), 1e-3)
        torch.nn.init.zeros_(self.ae.t.mlp.fc2.weight)  # the same mixture for all
        one, other = self.ae.decode(torch.randn(2, 16))
        self.assertLess((one - other).abs().max(), 1e-6)

    @torch.no_grad()
    def test_negative_deformation_moves_the_heart_forward(self):
        """delta_x = -2 voxels: what stood at x now stands at x + 2."""
        z = torch.randn(1, 16)
        still = self.ae.grid_fields(z)[1].view(64, 64, 64, 6)
        shift = torch.tensor([-2 * 2 / 63, 0, 0])
        self.ae.d.point[-1].bias.copy_(torch.atanh(shift / self.ae.max_disp))
        moved = self.ae.grid_fields(z)[1].view(64, 64, 64, 6)
        self.assertLess((moved[:, :, 2:] - still[:, :, :-2]).abs().max(), 1e-3)
        self.assertGreater((moved - still).abs().max(), 0.1)


class Templates(unittest.TestCase):
    def test_medoids_of_clusters(self):
        torch.manual_seed(0)
        centres = torch.tensor([[0.0, 0], [10, 0], [0, 20]])
        z = (centres.repeat_interleave(torch.tensor([30, 20, 10]), 0)
             + 0.1 * torch.randn(60, 2)).double().numpy()
        d = templates.distances(z)
        groups = [0 if m < 30 else 1 if m < 50 else 2 for m in templates.pam(d, 3)]
        self.assertEqual(sorted(groups), [0, 1, 2])
        self.assertEqual(templates.choose(z, 3)[0][0], d.sum(1).argmin())

    def test_blur_keeps_inside_and_loses_over_the_border(self):
        m = blur_matrix(64, 1.5, 5)
        self.assertAlmostEqual(m[32].sum().item(), 1, 5)
        self.assertLess(m[0].sum().item(), 0.7)
        self.assertEqual(m[32, 38].item(), 0)


class Forms(unittest.TestCase):
    def test_gelu_is_erf(self):
        self.assertAlmostEqual(F.gelu(torch.tensor(1.0)).item(), 0.841345, 5)

    def test_cosine_comes_first(self):
        time = TimeEmbed(256, 8)
        time.fc1 = torch.nn.Identity()
        time.fc2 = torch.nn.Identity()
        first = F.silu(torch.tensor(1.0)).item()
        self.assertAlmostEqual(time(torch.tensor([0]))[0, 0].item(), first)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()
