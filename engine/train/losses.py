# SPDX-License-Identifier: Apache-2.0
"""Multi-class Dice on probabilities; the target stays whole numbers."""
import torch


def soft_dice(p, labels, smooth=1e-5):
    """1 - mean soft Dice of classes 1..N-1; probabilities [B, N, ...], labels i64 [B, ...]."""
    b, n = p.shape[:2]
    p, y = p.flatten(2), labels.flatten(1)
    at_label = p.gather(1, y.unsqueeze(1)).squeeze(1)
    both = p.new_zeros(b, n).scatter_add(1, y, at_label)
    size = p.new_zeros(b, n).scatter_add(1, y, torch.ones_like(at_label))
    score = (2 * both + smooth) / (p.sum(2) + size + smooth)
    return 1 - score[:, 1:].mean()


def dice_loss(logits, labels):
    """The same on logits. Also returns the probabilities, detached."""
    p = logits.float().softmax(1)
    return soft_dice(p, labels), p.detach()


def dice_scores(predicted, labels, n=6):
    """DSC of label volumes [B, ...], classes 1..n-1 -> [B, n - 1]; both empty: 1."""
    a, y = predicted.flatten(1), labels.flatten(1)
    out = []
    for c in range(1, n):
        in_a, in_y = a == c, y == c
        total = in_a.sum(1) + in_y.sum(1)
        both = (in_a & in_y).sum(1)
        out.append(torch.where(total > 0, 2 * both / total.clamp(min=1), 1.0))
    return torch.stack(out, 1)
