# SPDX-License-Identifier: Apache-2.0
"""Implicit autoencoder: template field + deformation + correction, all from one latent.

Composition after DIF-Net (Deng 2021) and DIT (Zheng 2021); encoder, multi-scale decoder and point
MLP after NeAR (Yang 2022). Points are (x, y, z) in [-1, 1], +-1 at the outer voxel centres.
"""
import scipy.sparse
import torch
from torch import nn
from torch.nn import functional as F

CORNERS = torch.tensor([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)])


def norm_leaky(x, norm, slope):
    """GroupNorm in fp32, LeakyReLU."""
    with torch.autocast(x.device.type, enabled=False):
        return F.leaky_relu(norm(x.float()), slope)


class Level(nn.Module):
    """Halves the grid: [B, c_in, 2n, 2n, 2n] -> [B, c_out, n, n, n]."""

    def __init__(self, c_in, c_out, groups, slope):
        super().__init__()
        self.down = nn.Conv3d(c_in, c_out, 3, 2, 1)
        self.down_norm = nn.GroupNorm(groups, c_out)
        self.conv = nn.Conv3d(c_out, c_out, 3, 1, 1)
        self.conv_norm = nn.GroupNorm(groups, c_out)
        self.slope = slope

    def forward(self, x):
        x = norm_leaky(self.down(x), self.down_norm, self.slope)
        return norm_leaky(self.conv(x), self.conv_norm, self.slope)


class Head(nn.Module):
    def __init__(self, width, out, slope):
        super().__init__()
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, out)
        self.slope = slope

    def forward(self, z):
        return self.fc2(F.leaky_relu(self.fc1(z), self.slope))


class Up(nn.Module):
    """Trilinear x2 between corner voxels, then two convolutions."""

    def __init__(self, c_in, c_out, groups, slope):
        super().__init__()
        self.conv1 = nn.Conv3d(c_in, c_out, 3, 1, 1)
        self.norm1 = nn.GroupNorm(groups, c_out)
        self.conv2 = nn.Conv3d(c_out, c_out, 3, 1, 1)
        self.norm2 = nn.GroupNorm(groups, c_out)
        self.slope = slope

    def forward(self, x):
        x = F.interpolate(x, scale_factor=2, mode="trilinear", align_corners=True)
        x = norm_leaky(self.conv1(x), self.norm1, self.slope)
        return norm_leaky(self.conv2(x), self.norm2, self.slope)


def corners(points, side):
    """The 8 voxels around points [B, P, 3]: rows of a [B side^3, C] table and their weights."""
    s = (points.clamp(-1, 1) + 1) * ((side - 1) / 2)
    low = s.detach().floor().clamp(max=side - 2)
    f = s - low
    x, y, z = torch.stack([1 - f, f], -1).unbind(2)
    weight = (z[..., :, None, None] * y[..., None, :, None] * x[..., None, None, :]).flatten(-3)
    stride = torch.tensor([1, side, side * side], device=points.device)
    first = torch.arange(len(points), device=points.device).view(-1, 1) * side**3
    row = (low.long() * stride).sum(-1) + first
    around = (CORNERS.to(points.device) * stride).sum(-1)
    return (row.unsqueeze(-1) + around).flatten(0, 1), weight.flatten(0, 1)


class Gather(torch.autograd.Function):
    """Weighted sums of rows of a table [R, H]: row, weight [P, 8] -> [P, H].

    embedding_bag, but its backward sorts the indices; a sparse product is five times faster.
    On a GPU the rows are added to the table in place.
    """

    @staticmethod
    def forward(ctx, table, row, weight):
        ctx.save_for_backward(table, row, weight)
        return F.embedding_bag(row, table, mode="sum", per_sample_weights=weight)

    @staticmethod
    def backward(ctx, grad):
        table, row, weight = ctx.saved_tensors
        grad = grad.contiguous()
        to_weight = None
        if ctx.needs_input_grad[2]:
            to_weight = (F.embedding(row, table) @ grad.unsqueeze(-1)).squeeze(-1)
        if grad.device.type != "cpu":
            spread = (weight.unsqueeze(-1) * grad.unsqueeze(1)).flatten(0, 1)
            return torch.zeros_like(table).index_add_(0, row.flatten(), spread), None, to_weight
        places = torch.arange(0, row.numel() + 1, row.shape[1], dtype=torch.int32)
        spread = scipy.sparse.csr_matrix(
            (weight.flatten().numpy(), row.flatten().int().numpy(), places.numpy()),
            shape=(len(row), len(table)))
        return torch.from_numpy(spread.T @ grad.numpy()), None, to_weight


def axis_matrix(side, size):
    """Linear interpolation of side values at size places, ends on ends: [size, side]."""
    s = torch.arange(size, dtype=torch.float64) * (side - 1) / (size - 1)
    low = s.floor().clamp(max=side - 2)
    m = torch.zeros(size, side, dtype=torch.float64)
    m[torch.arange(size), low.long()] = 1 - (s - low)
    m[torch.arange(size), low.long() + 1] = s - low
    return m.float()


class Field(nn.Module):
    """One branch: latent -> four maps -> a value at every point."""

    def __init__(self, ae, out, templates=0):
        super().__init__()
        dz, slope, hidden = ae["latent"], ae["leaky"], ae["point_hidden"]
        channels = [ae["c0"]] + ae["dec_channels"]
        self.mlp = Head(dz, templates or dz, slope)
        if templates:
            self.codes = nn.Parameter(torch.randn(templates, dz))
        self.shuffle = nn.Linear(dz, ae["c0"] * 8)
        self.up = nn.ModuleList(Up(a, b, ae["groups"], slope)
                                for a, b in zip(channels, channels[1:]))
        widths = [3 + sum(ae["dec_channels"])] + hidden + [out]
        self.point = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.split = [3] + ae["dec_channels"]
        self.slope, self.c0 = slope, ae["c0"]

    def weights(self, z):
        """Mixture of the template codes [B, M]; the t branch alone."""
        return self.mlp(z).float().softmax(-1)

    def latent(self, z):
        return self.weights(z) @ self.codes if hasattr(self, "codes") else self.mlp(z)

    def maps(self, latent):
        """The four maps, channels last: [B, n, n, n, C], n = 4, 8, 16, 32."""
        x = F.leaky_relu(self.shuffle(latent), self.slope).view(-1, self.c0, 2, 2, 2)
        maps = []
        for up in self.up:
            x = up(x)
            maps.append(x.permute(0, 2, 3, 4, 1).float())
        return maps

    def finish(self, x):
        """The point MLP after its first layer: [..., H] -> [..., out]."""
        for layer in self.point[1:]:
            x = layer(F.leaky_relu(x, self.slope))
        return x

    def at(self, maps, points):
        """Values at points [B, P, 3] -> [B, P, out]."""
        picked = [Gather.apply(m.reshape(-1, m.shape[-1]), *corners(points, m.shape[1]))
                  for m in maps]
        seen = [points] + [p.view(*points.shape[:2], -1) for p in picked]
        return self.finish(self.point[0](torch.cat(seen, -1)))

    def on_grid(self, maps, grid):
        """The same on a whole grid of points [V, V, V, 3] -> [B, V^3, out], by matrices.

        Sampling is linear, so each map goes through its part of the first point layer before.
        """
        size, rows, layer = grid.shape[0], [], self.point[0]
        parts = layer.weight.split(self.split, 1)
        for m, part in zip(maps, parts[1:]):
            a = axis_matrix(m.shape[1], size).to(m.device)
            m = torch.einsum("iz,bzyxh->biyxh", a, F.linear(m, part))
            rows.append(torch.einsum("jy,biyxh->bijxh", a, m))
        across = torch.cat([axis_matrix(m.shape[1], size) for m in maps], 1).to(grid.device)
        first = torch.einsum("kx,bijxh->bijkh", across, torch.cat(rows, 3))
        return self.finish(first + F.linear(grid, parts[0], layer.bias)).flatten(1, 3)


class Autoencoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        ae, n = config["ae"], len(config["classes"])
        channels = [n] + ae["enc_channels"]
        self.enc = nn.ModuleList(Level(a, b, ae["groups"], ae["leaky"])
                                 for a, b in zip(channels, channels[1:]))
        flat = ae["enc_channels"][-1] * (config["volume"] // 2 ** len(self.enc)) ** 3
        self.fc = nn.Linear(flat, ae["latent"])
        self.d = Field(ae, 3)
        self.t = Field(ae, n, ae["templates"])
        self.r = Field(ae, n)
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Conv3d)):
                nn.init.kaiming_normal_(module.weight, ae["leaky"])
                nn.init.zeros_(module.bias)
        for branch in (self.d, self.r):
            nn.init.zeros_(branch.point[-1].weight)
        nn.init.normal_(self.t.point[-1].weight, std=0.1)
        self.max_disp, self.volume = ae["max_disp"], config["volume"]

    def features(self, u):
        for level in self.enc:
            u = level(u)
        return u.flatten(1)

    def encode(self, u):
        """u [B, N, V, V, V] = 2 q - 1 -> z [B, dz]."""
        return self.fc(self.features(u)).float()

    def maps(self, z):
        return tuple(branch.maps(branch.latent(z)) for branch in (self.d, self.t, self.r))

    def displacement(self, maps, points):
        return self.max_disp * torch.tanh(self.d.at(maps[0], points))

    def fields(self, maps, points):
        """delta [B, P, 3], template and correction logits [B, P, N] at points [B, P, 3]."""
        delta = self.displacement(maps, points)
        return delta, self.t.at(maps[1], points + delta), self.r.at(maps[2], points)

    def grid(self):
        g = torch.linspace(-1, 1, self.volume, device=self.fc.weight.device)
        z, y, x = torch.meshgrid(g, g, g, indexing="ij")
        return torch.stack([x, y, z], -1)

    def grid_fields(self, z):
        """The three fields at all voxels, [B, V^3, 3 or N]."""
        maps, grid = self.maps(z), self.grid()
        delta = self.max_disp * torch.tanh(self.d.on_grid(maps[0], grid))
        moved = grid.reshape(1, -1, 3) + delta
        return delta, self.t.at(maps[1], moved), self.r.on_grid(maps[2], grid)

    def decode(self, z):
        """Probabilities [B, N, V, V, V]."""
        _, template, correction = self.grid_fields(z)
        p = (template + correction).softmax(-1).transpose(1, 2)
        return p.reshape(len(z), -1, self.volume, self.volume, self.volume)

    def template_volumes(self):
        """Labels u8 [M, V, V, V] of the rows of the template matrix: templates of mode t_branch."""
        logits = self.t.on_grid(self.t.maps(self.t.codes), self.grid())
        return logits.argmax(-1).to(torch.uint8).view(-1, *[self.volume] * 3)
