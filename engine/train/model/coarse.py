# SPDX-License-Identifier: Apache-2.0
"""Coarse stage: conditional DiT blocks (Peebles & Xie 2023; DiT-3D, Mo 2023; PixArt-alpha)."""
import torch
from torch import nn
from torch.nn import functional as F

from .embed import PatchEmbed, patchify, position_encoding, unpatchify

# What structures' logits need about a shape prior, squared: its blurred modes leave too much to the
# background
MORE = 0.6


def layer_norm(x, eps):
    return F.layer_norm(x.float(), x.shape[-1:], eps=eps)


def modulate(x, shift, scale):
    return x * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1)


def attend(q, k, v, heads):
    """Full attention; q [B, Lq, D], k and v [B, M, D]."""
    b, n, d = q.shape
    q, k, v = (x.reshape(b, -1, heads, d // heads).transpose(1, 2) for x in (q, k, v))
    if q.is_cuda and hasattr(F, "scaled_dot_product_attention"):  # keeps no [Lq, M] products
        out = F.scaled_dot_product_attention(q, k, v)
    else:
        scores = (q * (d // heads) ** -0.5) @ k.transpose(-1, -2)
        # sums in fp32 inside, without copies around it
        with torch.autocast(q.device.type, enabled=False):
            out = scores.softmax(-1)
        out = out @ v
    return out.transpose(1, 2).reshape(b, n, d)


class SelfAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        self.heads = heads

    def forward(self, x):
        return self.proj(attend(*self.qkv(x).chunk(3, -1), self.heads))


class CrossAttention(nn.Module):
    def __init__(self, dim, heads, wide):
        super().__init__()
        self.q = nn.Linear(dim, dim)
        self.kv = nn.Linear(wide, 2 * dim)
        self.proj = nn.Linear(dim, dim)
        self.heads = heads

    def forward(self, x, source):
        return self.proj(attend(self.q(x), *self.kv(source).chunk(2, -1), self.heads))


class Mlp(nn.Module):
    def __init__(self, dim, ratio):
        super().__init__()
        self.fc1 = nn.Linear(dim, ratio * dim)
        self.fc2 = nn.Linear(ratio * dim, dim)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    """Self-attention, cross-attention, MLP; adaLN-Zero on the first and last.

    Cross-attention looks at C or, in mode dual, at the template; with gamma, gamma C is added.
    """

    def __init__(self, dim, heads, ratio, eps, gamma, wide=None):
        """wide: width of what is attended to and of c, where it is not dim."""
        super().__init__()
        self.ada = nn.Linear(wide or dim, 6 * dim)
        self.attn = SelfAttention(dim, heads)
        self.cross = CrossAttention(dim, heads, wide or dim)
        self.mlp = Mlp(dim, ratio)
        self.gamma = nn.Parameter(torch.full((dim,), gamma)) if gamma else None
        self.eps = eps

    def forward(self, x, cond, c, source=None):
        """source: attended to in place of cond."""
        b1, s1, g1, b2, s2, g2 = self.ada(F.silu(c)).float().chunk(6, -1)
        x = x + g1.unsqueeze(1) * self.attn(modulate(layer_norm(x, self.eps), b1, s1))
        x = x + self.cross(layer_norm(x, self.eps), cond if source is None else source)
        if self.gamma is not None:
            x = x + self.gamma * cond
        return x + g2.unsqueeze(1) * self.mlp(modulate(layer_norm(x, self.eps), b2, s2))


class Final(nn.Module):
    def __init__(self, dim, out, eps, wide=None):
        super().__init__()
        self.ada = nn.Linear(wide or dim, 2 * dim)
        self.lin = nn.Linear(dim, out)
        self.eps = eps

    def forward(self, x, c):
        b, s = self.ada(F.silu(c)).float().chunk(2, -1)
        return self.lin(modulate(layer_norm(x, self.eps), b, s))


def zero_start(module):
    """Xavier; adaLN, cross-attention and final layers start at zero (DiT, PixArt-alpha)."""
    for m in module.modules():
        if isinstance(m, nn.Linear):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)
    for m in module.modules():
        zero = [m.ada, m.cross.proj] if isinstance(m, Block) else []
        zero += [m.ada, m.lin] if isinstance(m, Final) else []
        for layer in zero:
            nn.init.zeros_(layer.weight)


class Coarse(nn.Module):
    """x_t [B, N, V, V, V], condition C, vector c -> logits of x_0.

    Mode dual also takes the template, as the volume 2 T - 1, and where coarse.prior is
    "template" its logarithm (Templates.prior) in place of that of the mean heart.
    """

    def __init__(self, config):
        super().__init__()
        dit, coarse = config["dit"], config["coarse"]
        n, v, p, dim = len(config["classes"]), config["volume"], dit["patch"], dit["dim"]
        gamma = 1 / coarse["depth"] if coarse["residual"] else 0
        self.x_embed = PatchEmbed(n, dim, p)
        if coarse["mode"] == "dual":
            self.t_embed = PatchEmbed(n, dim, p)
        self.block = nn.ModuleList(
            Block(dim, dit["heads"], dit["mlp_ratio"], dit["ln_eps"], gamma)
            for _ in range(coarse["depth"]))
        self.final = Final(dim, p**3 * n, dit["ln_eps"])
        if coarse["prior"] is True:
            self.register_buffer("prior", torch.zeros(n, v, v, v))
        self.patch, self.classes, self.eps = p, n, dit["ln_eps"]
        self.register_buffer("pe", position_encoding(dim, [v // p] * 3), persistent=False)
        zero_start(self)

    def start_answer(self, more):
        """From now on says the prior alone, with `more` ([N - 1] or a number) added to the logits of
        the structures, whatever it sees."""
        for layer in [self.final.lin] + [block.cross.proj for block in self.block]:
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.final.lin.bias.data.view(-1, self.classes)[:, 1:] = more

    def embed(self, x):
        return self.x_embed(x).float() + self.pe

    def embed_template(self, template):
        """e_T [B, L, D] of 2 T - 1 [B, N, V, V, V]."""
        return self.t_embed(template).float() + self.pe

    def blocks(self, h, cond, c, e_t=None):
        source = None if e_t is None else layer_norm(e_t, self.eps)
        for block in self.block:
            h = block(h, cond, c, source)
        return self.final(h, c)

    def forward(self, x, cond, c, template=None, prior=None):
        e_t = None if template is None else self.embed_template(template)
        logits = self.blocks(self.embed(x), cond, c, e_t)
        logits = unpatchify(logits, self.patch, self.classes).float()
        prior = self.own_prior() if prior is None else prior
        return logits if prior is None else logits + prior

    def own_prior(self):
        return self.prior if hasattr(self, "prior") else None

    def some(self, rows, keep, cond, c, template=None, prior=None):
        """The same on the tokens keep [K] alone: rows [B, K, N p^3] as patchify() orders them.

        Logits [B, N, K p^3]; cheaper training, as half of the cube is background in every heart.
        """
        h = self.x_embed.rows(rows).float() + self.pe[keep]
        e_t = None
        if template is not None:
            e_t = self.t_embed.rows(patchify(template, self.patch)[:, keep]).float() + self.pe[keep]
        logits = self.blocks(h, cond[:, keep], c, e_t)
        logits = logits.view(len(rows), -1, self.classes).transpose(1, 2).float()
        if prior is None and hasattr(self, "prior"):
            prior = self.prior.unsqueeze(0)
        return logits if prior is None else logits + self.prior_rows(prior, keep)

    def prior_rows(self, prior, keep):
        """[B, N, V, V, V] -> [B, N, K p^3], as some() orders logits."""
        rows = patchify(prior, self.patch)[:, keep]
        return rows.view(len(rows), len(keep), self.classes, -1).transpose(1, 2).flatten(2)
