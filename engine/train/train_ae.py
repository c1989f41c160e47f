# SPDX-License-Identifier: Apache-2.0
"""Trains the implicit autoencoder on labels of shards of ut-cohort; goes on where it stopped.

    train_ae.py RUN-DIR --train 'a-*' --validation 'v-*' --until 20:50
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
from corrupt import Corrupter, near_boundary
from diffusion import Diffusion
from ema import Ema
from linear_latent import LinearLatent, features
from model.autoencoder import Autoencoder
from model.templates import one_hot

LOG = ["minutes", "step", "samples", "rate", "loss", "per_s", "ce", "dice", "ce_t", "latent",
       "delta", "grad", "r", "target", "pull", "mix", "before", "after", "clean"]
WEIGHTS = {"ce": 1.0, "dice": 1.0, "ce_t": 0.5, "latent": 1e-4, "delta": 0.01, "grad": 0.05,
           "r": 0.01, "target": 0.5, "pull": 6.0, "mix": 20.0}
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
    p.add_argument("--config", choices=cfg.NAMED, default="small")
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--batch", type=int, help="samples of a step, over all processes, which come "
                   "in pairs; by default 4 for each CPU process, 16 for each GPU")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--fp32", action="store_true", help="instead of bf16 where it is enough")
    p.add_argument("--points", type=int, default=4096)
    p.add_argument("--hand-over", type=int, nargs=2, default=[300, 1200], metavar=("FROM", "TO"),
                   help="steps in which the decoder goes from the target latent to the encoder's")
    p.add_argument("--encoder-rate", type=float, default=0.25, help="times that of the decoder")
    p.add_argument("--refit", type=int, nargs="*", default=[300], metavar="STEP",
                   help="where the encoder's last layer is solved for by least squares; with "
                   "--restart also at its start, unless none is named")
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

    def __init__(self, ae, fp32):
        super().__init__()
        self.ae, self.fp32 = ae, fp32

    def forward(self, u, points, labels, target, given):
        """Named losses; points [B, P, 3], labels i64 [B, P]. Where given [B], target is decoded."""
        ae = self.ae
        with torch.autocast(u.device.type, torch.bfloat16, enabled=not self.fp32):
            z = ae.encode(u)
            maps = ae.maps(torch.where(given.unsqueeze(1), target, z))
        some = points[:, ::8]
        steps = VOXEL * torch.eye(3, device=u.device).view(1, 3, 1, 3)
        beside = (some.unsqueeze(1) + steps).flatten(1, 2)
        delta, beyond = ae.displacement(maps, torch.cat([points, beside], 1)).split(
            [points.shape[1], beside.shape[1]], 1)
        template = ae.t.at(maps[1], points + delta).transpose(1, 2)
        r = ae.r.at(maps[2], points)
        logits = template + r.transpose(1, 2)
        slope = (beyond.unflatten(1, (3, -1)) - delta[:, ::8].unsqueeze(1)) / VOXEL
        return {"ce": F.cross_entropy(logits, labels), "dice": losses.dice_loss(logits, labels)[0],
                "ce_t": F.cross_entropy(template, labels), "latent": z.square().sum(1).mean(),
                "delta": delta.abs().sum(2).mean(), "grad": slope.square().sum((1, 3)).mean(),
                "r": r.abs().mean(),
                "target": (z - target).square().sum(1).mean()
                / parallel.mean(target.square().sum(1).mean()),
                **pair_losses(ae, z, delta, points)}


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
        self.best, self.log = 0.0, []
        self.checkpoint = os.path.join(args.run, "checkpoint.pt")
        self.ema = Ema(self.model, 0.998)
        if os.path.exists(self.checkpoint):
            self.resume()
        self.corrupter = Corrupter(self.alpha_bar, args.seed)
        if not self.step:
            self.start()
        if args.restart:
            self.begin, self.warm_from, self.best = time.time(), self.step, 0.0
            self.model.load_state_dict(self.ema.model.state_dict())
        self.refits = set(args.refit) | ({self.step} if args.restart and args.refit else set())
        self.losses = parallel.wrap(Pass(self.model, args.fp32), device)

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

    def pair(self, i):
        """Pair i of this step: one heart at two places, labels u8 [2, V, V, V] and u of them, and
        points with their labels; and whether the decoder gets the target latents."""
        self.seed(self.step, i)
        labels, (first, second) = self.moved(self.draw(1) * 2)
        points, targets = draw_points(labels[0], self.args.points, self.rng)
        moved = points + (second - first)[::-1].astype(np.float32) * VOXEL
        begin, end = self.args.hand_over
        given = self.rng.random(2) > (self.step - begin) / (end - begin)
        return labels, self.corrupter.batch(labels), [points, moved], [targets] * 2, given

    def train_step(self):
        rate = self.set_rate()
        if self.step in self.refits:
            self.refit()
        labels, u, points, targets, given = zip(*map(self.pair, self.pairs))
        target = self.target(torch.from_numpy(np.concatenate(labels)))
        batch = [torch.cat(u), torch.from_numpy(np.concatenate(points)),
                 torch.from_numpy(np.concatenate(targets)).long(), target,
                 torch.from_numpy(np.concatenate(given))]
        parts = self.losses(*(x.to(self.device) for x in batch))
        loss = sum(WEIGHTS[name] * value for name, value in parts.items())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.descend()
        self.step += 1
        self.samples += self.batch
        seen = torch.stack([loss] + [parts[name] for name in WEIGHTS]).detach()
        return [rate] + parallel.mean(seen).tolist()

    @torch.no_grad()
    def descend(self):
        """A step of Adam; the encoder's last layer as one on features less their mean.

        Its inputs have a large common part, which would move the latents of all hearts at once.
        """
        fc = self.model.fc
        old = fc.weight.clone()
        fc.weight.grad.sub_(torch.outer(fc.bias.grad, self.centre))
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        fc.bias.sub_((fc.weight - old) @ self.centre)
        self.ema.update(self.model)

    @torch.no_grad()
    def validate(self, size=8):
        """DSC of corrupted hearts before and after, of clean hearts after; every second voxel.

        Each process takes its part of the hearts.
        """
        model, points = self.ema.model, self.model.grid()[::2, ::2, ::2].reshape(1, -1, 3)
        rows = list(enumerate(self.validation.index))[parallel.rank()::parallel.size()]
        scores = torch.zeros(4, device=self.device)
        for part in (rows[i:i + size] for i in range(0, len(rows), size)):
            hearts = [s.labels[r] for _, (s, r) in part]
            corrupted = torch.stack([self.corrupter_of(i).one(h)
                                     for (i, _), h in zip(part, hearts)]).to(self.device)
            labels = torch.from_numpy(np.stack(hearts)).to(self.device)
            target = labels[:, ::2, ::2, ::2].flatten(1)
            before = corrupted[:, :, ::2, ::2, ::2].flatten(2).argmax(1)
            answers = [before]
            for u in (corrupted, 2 * one_hot(labels, len(self.config["classes"])) - 1):
                with self.autocast():
                    maps = model.maps(model.encode(u))
                _, t, r = model.fields(maps, points.expand(len(u), -1, -1))
                answers.append((t + r).argmax(-1))
            scores[:3] += torch.stack([losses.dice_scores(a, target).mean(1).sum()
                                       for a in answers])
            scores[3] += len(hearts)
        scores = parallel.total(scores).cpu()
        return (scores[:3] / scores[3]).tolist()

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
