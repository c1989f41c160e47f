# SPDX-License-Identifier: Apache-2.0
"""Trains the implicit autoencoder on labels of shards of ut-cohort; goes on where it stopped.

    train_ae.py DECODER --only decoder --train 'a-*' --validation 'v-*' --until 20:50
    train_ae.py ENCODER --only encoder --train 'a-*' --validation 'v-*' --until 20:50
    train_ae.py RUN-DIR --parts DECODER/best.safetensors ENCODER/best.safetensors --train ...
    torchrun --nproc_per_node 8 train_ae.py RUN-DIR ... --config base --steps 20000
"""
import argparse
import csv
import os
import signal
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import config as cfg
import data
import losses
import parallel
import schedule
import weights
from answers import Answers
from corrupt import Corrupter, near_boundary
from diffusion import Diffusion
from ema import Ema
from linear_latent import LinearLatent, features
from model.autoencoder import Autoencoder
from model.templates import one_hot

LOG = ["minutes", "step", "samples", "rate", "loss", "per_s", "ce", "dice", "ce_t", "latent",
       "delta", "grad", "r", "target", "pull", "mix", "before", "after", "clean"]
WEIGHTS = {"ce": 1.0, "dice": 1.0, "ce_t": 0.5, "latent": 1e-4, "delta": 0.01, "grad": 0.05,
           "r": 0.005, "target": 0.3, "pull": 1.0, "mix": 3.0}
VOXEL = 2 / 63  # normalised units


def arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--validation", nargs="+", required=True)
    budget = p.add_mutually_exclusive_group(required=True)
    budget.add_argument("--until", help="wall clock HH:MM at which the rate ends")
    budget.add_argument("--steps", type=int, help="after which it ends")
    p.add_argument("--only", choices=["decoder", "encoder"], help="learns apart: the decoder from "
                   "the target latents, the encoder to find them behind corrupted hearts")
    p.add_argument("--parts", nargs=2, metavar=("DECODER", "ENCODER"), help="weights to begin with; "
                   "the same shards and seed give all parts the same target")
    p.add_argument("--answers", help="folder of answers.py: half of the hearts are those of the "
                   "network")
    p.add_argument("--config", choices=cfg.NAMED, default="small")
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--batch", type=int, help="samples of a step, over all processes, which come "
                   "in pairs; by default 4 for each CPU process, 16 for each GPU")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--fp32", action="store_true", help="instead of bf16 where it is enough")
    p.add_argument("--points", type=int, default=4096)
    p.add_argument("--encoder-rate", type=float, default=0.25, help="times that of the decoder")
    p.add_argument("--refit", type=int, nargs="*", default=[], metavar="STEP",
                   help="where the encoder's last layer is solved for by least squares; with "
                   "--restart also at its start, if one is named")
    p.add_argument("--start-hearts", type=int, default=1000, help="that the target is made from")
    p.add_argument("--shift", type=int, default=2, help="voxels, on each axis")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--restart", action="store_true",
                   help="start the schedule anew, from the moving average")
    p.add_argument("--refit-hearts", type=int, default=1400)
    p.add_argument("--ridge", type=float, default=0.3, help="of --refit, times the mean variance")
    p.add_argument("--every", type=float, default=8, help="minutes between validations")
    return p.parse_args()


def draw_points(labels, n, rng):
    """n points of a heart, half of them near a boundary; (x, y, z) [n, 3], label [n].

    Voxel centres, jittered by N(0, 0.01^2); the label is that of the nearest voxel.
    """
    near = np.flatnonzero(near_boundary(labels))
    anywhere = rng.integers(0, labels.size, n // 2)
    place = np.concatenate([anywhere, near[rng.integers(0, len(near), n - n // 2)]])
    zyx = np.stack(np.unravel_index(place, labels.shape), 1)
    points = zyx[:, ::-1] * VOXEL - 1 + 0.01 * rng.standard_normal((n, 3))
    points = np.clip(points, -1, 1)
    x, y, z = np.rint((points + 1) / VOXEL).astype(int).T
    return points.astype(np.float32), labels[z, y, x]


class Pass(nn.Module):
    """Losses of a batch, as one module: processes share gradients where one is called."""

    def __init__(self, ae, args):
        super().__init__()
        self.ae, self.only, self.fp32 = ae, args.only, args.fp32

    def forward(self, u, points, labels, target, n_paired):
        """Named losses; points [B, P, 3], labels i64 [B, P]. The first n_paired hearts are pairs."""
        ae = self.ae
        with torch.autocast(u.device.type, torch.bfloat16, enabled=not self.fp32):
            z = target if self.only == "decoder" else ae.encode(u)
            if self.only == "encoder":
                return {"target": off_target(z, target)}
            maps = ae.maps(z)
        some = points[:, ::8]
        steps = VOXEL * torch.eye(3, device=u.device).view(1, 3, 1, 3)
        beside = (some.unsqueeze(1) + steps).flatten(1, 2)
        delta, beyond = ae.displacement(maps, torch.cat([points, beside], 1)).split(
            [points.shape[1], beside.shape[1]], 1)
        template = ae.t.at(maps[1], points + delta).transpose(1, 2)
        r = ae.r.at(maps[2], points)
        logits = template + r.transpose(1, 2)
        slope = (beyond.unflatten(1, (3, -1)) - delta[:, ::8].unsqueeze(1)) / VOXEL
        parts = {"ce": F.cross_entropy(logits, labels), "dice": losses.dice_loss(logits, labels)[0],
                 "ce_t": F.cross_entropy(template, labels), "delta": delta.abs().sum(2).mean(),
                 "grad": slope.square().sum((1, 3)).mean(), "r": r.abs().mean()}
        if self.only is None:
            parts |= {"latent": z.square().sum(1).mean(), "target": off_target(z, target)}
        if n_paired:
            pairs = pair_losses(ae, z[:n_paired], delta[:n_paired], points[:n_paired])
            parts |= {name: value * n_paired / len(z) for name, value in pairs.items()}
        return parts


def off_target(z, target):
    """Squared error of the latents as a part of the targets' squares."""
    return (z - target).square().sum(1).mean() / parallel.mean(target.square().sum(1).mean())


def halved(volumes):
    """Every second voxel of [..., V, V, V]."""
    return volumes[..., ::2, ::2, ::2]


def dice_sum(found, labels):
    """Mean DSC of the structures, summed over hearts."""
    return losses.dice_scores(found.flatten(1), labels.flatten(1)).mean(1).sum()


def pair_losses(ae, z, delta, points):
    """Of hearts 0, 2, ... and the same moved, 1, 3, ...: deformation alone should explain it.

    points of a pair are those of the first moved like the heart. Without this, mixture weights and
    correction take most of a shift, and the template is another one wherever the heart lies.
    """
    weights = ae.t.weights(z)
    moved = points[1::2] - points[::2]
    return {"pull": (delta[1::2] - delta[::2] + moved).abs().sum(2).mean(),
            "mix": (weights[1::2] - weights[::2]).square().sum(1).mean()}


KEPT = ["step", "samples", "begin", "best", "log", "warm_from"]  # of a checkpoint


class Trainer:
    def __init__(self, args, device=torch.device("cpu")):
        self.args, self.device = args, device
        os.makedirs(args.run, exist_ok=True)
        self.batch = args.batch or parallel.size() * (4 if device.type == "cpu" else 16)
        if self.batch % 2:
            raise SystemExit(f"A batch of {self.batch} is not made of pairs: --batch has to be even.")
        self.pairs = parallel.share(self.batch // 2)
        self.config = cfg.named(args.config)
        self.shards, self.validation = data.Shards(args.train), data.Shards(args.validation)
        parallel.seed(args.seed)
        self.model = Autoencoder(self.config).to(device)
        parts = [m for n, m in self.model.named_children() if n in "dtr"]
        self.optimiser = torch.optim.Adam(
            [{"params": torch.nn.ModuleList(parts).parameters()},
             {"params": self.model.enc.parameters()}, {"params": self.model.fc.parameters()}],
            lr=args.rate)
        self.alpha_bar = Diffusion(self.config).alpha_bar
        self.step = self.samples = self.warm_from = 0
        self.centre = torch.zeros(self.model.fc.in_features, device=device)
        self.begin, self.part = time.time(), 0.0
        self.end = schedule.deadline(args.until) if args.until else 0
        self.best, self.log = float("-inf"), []
        self.checkpoint = os.path.join(args.run, "checkpoint.pt")
        self.ema = Ema(self.model, 0.998)
        self.answers = Answers(args.answers) if args.answers else None
        still = {"decoder": [self.model.enc, self.model.fc], "encoder": parts, None: []}[args.only]
        torch.nn.ModuleList(still).requires_grad_(False)
        if os.path.exists(self.checkpoint):
            self.resume()
        self.corrupter = Corrupter(self.alpha_bar, args.seed)
        if not self.step:
            self.start()
        if args.restart:
            self.begin, self.warm_from, self.best = time.time(), self.step, float("-inf")
            self.model.load_state_dict(self.ema.model.state_dict())
        self.refits = set(args.refit) | ({self.step} if args.restart and args.refit else set())
        self.losses = parallel.wrap(Pass(self.model, args), device)

    def seed(self, *numbers):
        """What is drawn from here on depends on the numbers alone."""
        self.rng = self.corrupter.rng = np.random.default_rng([self.args.seed, *numbers, 1])

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=not self.args.fp32)

    def say(self, *what):
        if parallel.first():
            print(*what, flush=True)

    @torch.no_grad()
    def start(self):
        """The target latent from some hearts; the template's bias from the shares of the classes."""
        self.seed(self.step)
        labels = [torch.from_numpy(self.moved(self.draw(20))[0])
                  for _ in range(self.args.start_hearts // 20)]
        share = torch.bincount(labels[0].flatten(), minlength=6) / labels[0].numel()
        self.model.t.point[-1].bias.copy_(torch.log(share))
        if self.args.parts:
            whole = torch.nn.ModuleDict({"ae": self.model})
            decoder, encoder = self.args.parts
            weights.start(whole, decoder, ("ae.d.", "ae.t.", "ae.r."))
            weights.start(whole, encoder, ("ae.enc.", "ae.fc."))
        self.target = LinearLatent.fit(torch.cat([features(x) for x in labels]),
                                       self.config["ae"]["latent"])
        self.ema = Ema(self.model, 0.998)

    @torch.no_grad()
    def refit(self):
        """The encoder's last layer that leads corrupted hearts nearest to the target.

        The features before it are ill-conditioned: after 318 steps Adam left 0.80 of the target
        unexplained, least squares on the same features 0.46.
        """
        self.seed(self.step)
        x, y = [], []
        for _ in range(self.args.refit_hearts // 20):
            labels = self.moved(self.draw(20))[0]
            u = self.corrupter.batch(labels).to(self.device)
            with self.autocast():
                x.append(self.model.features(u).float())
            y.append(self.target(torch.from_numpy(labels)).to(self.device))
        x, y, fc = torch.cat(x), torch.cat(y), self.model.fc
        mean = x.mean(0)
        square = (x - mean).t() @ (x - mean)
        square.diagonal().add_(self.args.ridge * square.diagonal().mean())
        # the same in all processes, to the last bit
        weight = torch.linalg.solve(square, (x - mean).t() @ (y - y.mean(0))).t()
        fc.weight.copy_(parallel.mean(weight))
        fc.bias.copy_(parallel.mean(y.mean(0) - fc.weight @ mean))
        self.centre.copy_(parallel.mean(mean))
        for p in (fc.weight, fc.bias):
            self.optimiser.state.pop(p, None)
        self.ema.model.load_state_dict(self.model.state_dict())

    def resume(self):
        state = schedule.load(self.checkpoint)
        self.model.load_state_dict(state["model"])
        self.ema.model.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.target = LinearLatent(*state["target"])
        self.centre = state.get("centre", self.centre).to(self.device)
        for name in KEPT:
            setattr(self, name, state[name])
        self.ema.steps = self.step
        self.say(f"goes on at step {self.step}")

    def save(self):
        """Of the first process; the others have the same."""
        if not parallel.first():
            return
        state = {"model": self.model.state_dict(), "ema": self.ema.model.state_dict(),
                 "optimiser": self.optimiser.state_dict(),
                 "target": (self.target.mean, self.target.basis), "centre": self.centre}
        for name in KEPT:
            state[name] = getattr(self, name)
        schedule.save(state, self.checkpoint)

    def spent(self):
        """Part of the budget, of time or of steps, that is spent: 0 to 1."""
        if self.args.steps:
            return min(1.0, (self.step - self.warm_from) / self.args.steps)
        return min(1.0, (time.time() - self.begin) / (self.end - self.begin))

    def set_rate(self):
        warmed = (self.step - self.warm_from + 1) / 100
        rate = self.args.rate * schedule.fall(self.part, warmed)
        decoder, encoder, last = self.optimiser.param_groups
        decoder["lr"] = rate
        encoder["lr"] = rate * self.args.encoder_rate
        last["lr"] = encoder["lr"] / 2
        return rate

    def draw(self, n):
        """n labels u8 [V, V, V]; shards of all patterns alike."""
        out = []
        for _ in range(n):
            pattern = self.args.train[self.rng.integers(len(self.args.train))]
            shards = [s for s in self.shards.shards.values() if s.pattern == pattern]
            shard = shards[self.rng.integers(len(shards))]
            out.append(shard.labels[self.rng.integers(len(shard.meta))])
        return out

    def moved(self, hearts):
        """(labels u8 [n, V, V, V] shifted by whole voxels, the shifts (z, y, x) [n, 3])"""
        shifts = self.rng.integers(-self.args.shift, self.args.shift + 1, (len(hearts), 3))
        return np.stack([np.roll(h, s, (0, 1, 2)) for h, s in zip(hearts, shifts)]), shifts

    def answered(self):
        """Of a training picture: labels u8 [V, V, V], what the network made of it as u."""
        row = self.rng.integers(len(self.answers.labels))
        u = torch.from_numpy(self.answers.probabilities[row].astype(np.float32))
        return np.array(self.answers.labels[row]), 2 * u - 1

    def pair(self, i):
        """Pair i of this step: labels u8 [2, V, V, V] and u of them, points with their labels, and
        whether both are one heart at two places, as they are where encoder and decoder learn
        together; with --answers, every second pair is two answers of the network."""
        self.seed(self.step, i)
        together = self.args.only is None
        if self.answers and i % 2:
            labels, u = zip(*(self.answered() for _ in range(2)))
            labels, u, together = np.stack(labels), torch.stack(u), False
        elif self.args.only == "decoder":
            labels, u = np.stack(self.draw(2)), torch.zeros(2, 0)
        else:
            labels, shifts = self.moved(self.draw(1) * 2 if together else self.draw(2))
            u = self.corrupter.batch(labels)
        first, targets = draw_points(labels[0], self.args.points, self.rng)
        if together:
            moved = first + (shifts[1] - shifts[0])[::-1].astype(np.float32) * VOXEL
            return labels, u, [first, moved], [targets] * 2, True
        second, others = draw_points(labels[1], self.args.points, self.rng)
        return labels, u, [first, second], [targets, others], False

    def train_step(self):
        rate = self.set_rate()
        if self.step in self.refits:
            self.refit()
        pairs = sorted(map(self.pair, self.pairs), key=lambda pair: not pair[-1])
        labels, u, points, targets, paired = zip(*pairs)
        target = self.target(torch.from_numpy(np.concatenate(labels)))
        batch = [torch.cat(u), torch.from_numpy(np.concatenate(points)),
                 torch.from_numpy(np.concatenate(targets)).long(), target]
        parts = self.losses(*(x.to(self.device) for x in batch), 2 * sum(paired))
        loss = sum(WEIGHTS[name] * value for name, value in parts.items())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.descend()
        self.step += 1
        self.samples += self.batch
        seen = torch.stack([loss] + [parts.get(name, 0 * loss) for name in WEIGHTS]).detach()
        return [rate] + parallel.mean(seen).tolist()

    @torch.no_grad()
    def descend(self):
        """A step of Adam; the encoder's last layer as one on features less their mean.

        Its inputs have a large common part, which would move the latents of all hearts at once.
        """
        fc = self.model.fc
        old = fc.weight.clone()
        if self.args.only != "decoder":
            fc.weight.grad.sub_(torch.outer(fc.bias.grad, self.centre))
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        fc.bias.sub_((fc.weight - old) @ self.centre)
        self.ema.update(self.model)

    @torch.no_grad()
    def validate(self, size=8):
        """DSC of corrupted hearts before and after, of clean hearts after, which the decoder alone
        makes from the target; of the encoder alone, for the last two, how much of the target it
        finds. Each process takes its part of the hearts.
        """
        rows = list(enumerate(self.validation.index))[parallel.rank()::parallel.size()]
        scores = torch.zeros(4, device=self.device)
        for part in (rows[i:i + size] for i in range(0, len(rows), size)):
            hearts = [s.labels[r] for _, (s, r) in part]
            corrupted = torch.stack([self.corrupter_of(i).one(h)
                                     for (i, _), h in zip(part, hearts)]).to(self.device)
            labels = torch.from_numpy(np.stack(hearts)).to(self.device)
            clean = 2 * one_hot(labels, len(self.config["classes"])) - 1
            scores[0] += dice_sum(halved(corrupted).argmax(1), halved(labels))
            scores[1] += self.mended(corrupted, labels)
            scores[2] += self.mended(clean, labels)
            scores[3] += len(hearts)
        scores = parallel.total(scores).cpu()
        return (scores[:3] / scores[3]).tolist()

    def mended(self, u, labels):
        """Sum over hearts of what validate() wants to know."""
        model, target = self.ema.model, self.target(labels.cpu()).to(self.device)
        with self.autocast():
            z = target if self.args.only == "decoder" else model.encode(u)
            if self.args.only == "encoder":
                return (1 - (z - target).square().sum(1) / target.square().sum(1)).sum()
            maps = model.maps(z)
        points = model.grid()[::2, ::2, ::2].reshape(1, -1, 3).expand(len(u), -1, -1)
        _, t, r = model.fields(maps, points)
        return dice_sum((t + r).argmax(-1), halved(labels))

    def corrupter_of(self, i):
        """The corrupter, about to corrupt validation heart i, always in the same way."""
        self.corrupter.rng = np.random.default_rng([1, i, 2])
        return self.corrupter

    def report(self, recent, seconds):
        mean = np.mean(recent, 0).tolist()
        before, after, clean = self.validate()
        self.log.append([(time.time() - self.begin) / 60, self.step, self.samples, recent[-1][0],
                         mean[1], len(recent) * self.batch / seconds] + mean[2:]
                        + [before, after, clean])
        best = after + clean > self.best
        self.best = max(self.best, after + clean)
        if parallel.first():
            self.write(best)

    def write(self, best):
        with open(os.path.join(self.args.run, "log.csv"), "w") as file:
            writer = csv.writer(file)
            writer.writerow(LOG)
            writer.writerows([[f"{v:.5g}" for v in r] for r in self.log])
        self.say(f"{len(self.shards)} hearts on disk: " +
                 " ".join(f"{k} {v:.4g}" for k, v in zip(LOG, self.log[-1])))
        if best:
            torch.save(self.ema.model.state_dict(), os.path.join(self.args.run, "best.pt"))
            save_safetensors(os.path.join(self.args.run, "best.safetensors"), self.ema.model,
                             self.config, self.step)

    def run(self):
        self.say(f"{parallel.size()} x {self.device}, {self.batch} samples a step")
        stopped, recent, since = [], [], time.time()
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        while True:
            over = time.time() - since > self.args.every * 60
            self.part, stop, over = parallel.agree(self.device, self.spent(), bool(stopped), over)
            if recent and (over or self.part >= 1):
                self.report(recent, time.time() - since)
                self.save()
                recent, since = [], time.time()
            if stop or self.part >= 1:
                break
            recent.append(self.train_step())
            if self.step % 20 == 0:
                self.shards.refresh()
                mean = np.mean(recent[-20:], 0)
                parts = " ".join(f"{k} {v:.3f}" for k, v in zip(LOG[4:5] + LOG[6:], mean[1:]))
                self.say(f"step {self.step} {parts} "
                         f"{len(recent) * self.batch / (time.time() - since):.2f}/s")
        if recent:
            self.save()


def save_safetensors(path, model, config, step):
    """The autoencoder alone, as tensors ae.* of a weight file."""
    arrays = {"ae." + k: v.cpu().numpy().astype(np.float32) for k, v in model.state_dict().items()}
    weights.write(path, arrays, {"format": "ultratwin", "format_version": "1",
                                 "config": weights.json.dumps(config), "train.steps": str(step)})


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    Trainer(args, parallel.start()).run()
    parallel.end()


if __name__ == "__main__":
    main()
