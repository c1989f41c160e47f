# SPDX-License-Identifier: Apache-2.0
"""Trains the shape prior, the encoder with it: first to see, then to know hearts, then together.

    train_shape.py RUN-DIR --from WEIGHTS --train 'i-*' --validation 'final-*' --until 02:45
    train_shape.py RUN-DIR --from RUN-DIR/best.safetensors --train ... --know 8 --samples 24000
"""
import argparse
import os
import signal
import time

import torch
from torch.nn import functional as F

import config as cfg
import data
import losses
import schedule
import weights
from augment import prepare
from ema import Ema
from helpers import cell_fractions
from model import Twin
from shape_modes import Stretch, carry_over, modes_of, principal_modes, set_components

P_DROP = 0.1  # chance of an absent view
LOOKED_AT = 8  # hearts of a batch that Dice is worked out for: it costs more than the rest
VOLUME = 0.5  # weight of the error of volumes
STRETCH = 0.06  # standard deviation of the logarithm by which a heart is longer along an axis


def arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--from", dest="start", nargs="+", required=True, help="weights to begin with")
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--validation", nargs="+", required=True)
    p.add_argument("--until", help="wall clock HH:MM at which the rate ends; without it encoder and "
                   "head are not trained together")
    p.add_argument("--see", type=float, default=0, help="minutes of the encoder and its maps alone")
    p.add_argument("--know", type=float, default=0,
                   help="minutes of a new head alone, on the maps' principal components")
    p.add_argument("--samples", type=int, default=12000, help="that the head alone learns from")
    p.add_argument("--located", action="store_true",
                   help="the locator of --from turns pictures of --know and of validations, in place "
                   "of the truth with drawn errors")
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--encoder-rate", type=float, default=3e-4)
    p.add_argument("--redraw", type=float, default=0.25, help="part of pictures drawn from slices")
    p.add_argument("--batch", type=int, default=6)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--every", type=float, default=6, help="minutes between validations")
    return p.parse_args()


def true_maps(slices, side):
    """Part of every cell that each structure fills: u8 [n, H, W] -> [n, 5, side, side]."""
    parts = cell_fractions(slices, side).transpose(1, 2)[:, 1:]
    return parts.unflatten(2, (side, side))


def map_loss(maps, parts):
    """Binary cross-entropy of logits 2 maps, less that of a perfect answer; a sum over structures."""
    entropy = F.binary_cross_entropy(parts, parts, reduction="none")
    off = F.binary_cross_entropy_with_logits(2 * maps, parts, reduction="none")
    return (off - entropy).mean((-1, -2)).sum(-1)


class Trainer:
    def __init__(self, args):
        self.args, self.config = args, cfg.small()
        self.config["coarse"]["prior"] = "shape"
        os.makedirs(args.run, exist_ok=True)
        self.shards, self.validation = data.Shards(args.train), data.Shards(args.validation)
        self.model = Twin(self.config)
        for path in args.start:
            weights.start(self.model, path)
        self.set_modes(self.model.shape, os.path.join(args.run, "modes.pt"))
        self.checkpoint = os.path.join(args.run, "checkpoint.pt")
        if os.path.exists(self.checkpoint):
            self.model.load_state_dict(torch.load(self.checkpoint)["model"])
        self.side = 2 * cfg.feature_side(self.config)
        self.ema = Ema(self.model, 0.998)
        self.known = os.path.join(args.run, "targets.pt")
        self.targets = torch.load(self.known) if os.path.exists(self.known) else {}
        self.step, self.best = 0, 0.0
        self.spread = sum((self.target(i) ** 2).sum() for i in self.shards.draw(200)) / 200

    def set_modes(self, shape, path):
        """Works them out, or reads what an earlier run left."""
        if not os.path.exists(path):
            torch.save(principal_modes(self.shards, len(self.config["classes"]), shape.side,
                                       shape.modes), path)
        basis, mean = torch.load(path)
        shape.basis.copy_(basis)
        shape.mean.copy_(mean)
        self.stretched = Stretch(shape)
        for path in self.args.start:
            arrays = weights.read(path)[0]
            if "shape.project.weight" in arrays:
                carry_over(shape, arrays)

    def target(self, number):
        """Modes [K] of a training sample; worked out once for each heart and phase."""
        shard, row = self.shards.index[number]
        name = shard.meta[row]["seed"], shard.meta[row]["phase"]
        if name not in self.targets:
            labels = torch.from_numpy(shard.labels[row].copy()).unsqueeze(0)
            self.targets[name] = modes_of(self.model.shape, labels)[0]
        return self.targets[name]

    def wanted(self, numbers):
        return torch.stack([self.target(i) for i in numbers])

    def off(self, found, wanted):
        """Squared error of the modes as a part of their variance; of up to LOOKED_AT hearts that
        they make also Dice and the error of volumes, as a part of them."""
        p, q = (self.model.shape.coarse_field(a[:LOOKED_AT])[:, 1:].flatten(2)
                for a in (found, wanted))
        dice = 2 * (p * q).sum(2) / (p.square().sum(2) + q.square().sum(2))
        volume = (p.sum(2) / q.sum(2) - 1).abs().mean()
        return ((found - wanted) ** 2).sum(1).mean() / self.spread, 1 - dice.mean(), volume

    def locator(self):
        return self.model.locate if self.args.located else None

    def see(self, numbers, locate=None):
        """Logits of the maps of disturbed pictures [B, nv, 5, s, s], their true parts, and the
        modes [B, K] of the hearts, which are stretched a little."""
        batch = self.shards.batch(numbers)
        stretch = torch.exp(torch.randn(len(numbers), 3) * STRETCH)
        x, spacing, present, slices = prepare(batch, self.config["image"], self.args.redraw, P_DROP,
                                              stretch=stretch, locate=locate)
        with torch.autocast("cpu", torch.bfloat16):
            maps = self.model.view_features(x, spacing, present).maps
        parts = true_maps(slices.flatten(0, 1), self.side).unflatten(0, present.shape)
        wanted = self.stretched(self.wanted(numbers), stretch)
        return maps, parts * present[..., None, None, None], wanted

    @torch.no_grad()
    def collect(self):
        """Maps u8 [n, nv, 5, s, s] (tanh, stretched to 0..255) of disturbed pictures, and modes."""
        self.model.eval()
        maps, wanted = [], []
        for _ in range(self.args.samples // 20):
            some, _, modes = self.see(self.shards.draw(20), self.locator())
            maps.append((torch.tanh(some) * 127.5 + 127.5).round().to(torch.uint8))
            wanted.append(modes)
        torch.save(self.targets, self.known)
        return torch.cat(maps), torch.cat(wanted)

    def components(self, maps):
        """Of maps u8, which become those that a new head looks at."""
        shape = self.model.shape
        shape.forget()
        set_components(shape, maps[:4000].float() / 127.5 - 1)
        with torch.no_grad():
            return torch.cat([shape.components(part.float() / 127.5 - 1) for part in maps.split(200)])

    def train_head(self):
        begin = time.time()
        maps, wanted = self.collect()
        seen = self.components(maps)
        print(f"{len(maps)} samples' maps in {time.time() - begin:.0f} s", flush=True)
        self.model.train()
        self.ema = Ema(self.model, 0.998)
        optimiser = torch.optim.AdamW(self.shape_groups(self.args.rate))
        begin, budget, steps, recent = time.time(), self.args.know * 60, 0, []
        while (done := (time.time() - begin) / budget) < 1:
            steps += 1
            self.set_rate(optimiser, schedule.fall(done, steps / 100))
            chosen = torch.randint(0, len(seen), (128,))
            off = self.off(self.model.shape.amounts_of(seen[chosen]), wanted[chosen])
            self.update(optimiser, total(*off))
            recent.append([x.item() for x in off])
            if len(recent) == 200:
                print("head alone: error %.4f dice %.4f volume %.4f" % mean(recent), flush=True)
                recent = []
        self.report("head alone")

    def shape_groups(self, rate):
        moving = [p for p in self.model.shape.parameters() if p.requires_grad]
        return [{"params": moving, "top": rate, "weight_decay": 0.05}]

    def seeing_groups(self, rate):
        return [{"params": self.model.enc.parameters(), "top": rate, "weight_decay": 0.0},
                {"params": self.model.segment.parameters(), "top": 3 * rate, "weight_decay": 0.0}]

    @staticmethod
    def set_rate(optimiser, part):
        for group in optimiser.param_groups:
            group["lr"] = group["top"] * part

    def update(self, optimiser, loss):
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        optimiser.step()
        self.ema.update(self.model)

    def train_together(self, end, optimiser, with_head):
        """Until end: the encoder's maps, and with_head the modes that follow from them."""
        recent, begin, first, last = [], time.time(), self.step, time.time()
        while (done := (time.time() - begin) / (end - begin)) < 1 and not self.stopped:
            self.set_rate(optimiser, schedule.fall(done, (self.step - first + 1) / 50))
            self.model.train()
            numbers = self.shards.draw(self.args.batch)
            maps, parts, wanted = self.see(numbers)
            seen = map_loss(maps, parts).mean()
            off = torch.zeros(3)
            if with_head:
                off = self.off(self.model.shape.amounts(torch.tanh(maps)), wanted)
            self.update(optimiser, seen + total(*off))
            self.step += 1
            recent.append([x.item() for x in (seen, *off)])
            if len(recent) == 50:
                self.shards.refresh()
                speed = (self.step - first) * self.args.batch / (time.time() - begin)
                print(f"step {self.step} maps %.4f error %.4f dice %.4f volume %.4f" % mean(recent) +
                      f" {speed:.2f}/s", flush=True)
                recent = []
            if time.time() - last > self.args.every * 60:
                self.report(f"{(time.time() - begin) / 60:.0f} min")
                last = time.time()
        self.report("end")

    @torch.no_grad()
    def report(self, when):
        model, scores, seen = self.ema.model.eval(), [], []
        numbers = self.validation.spread(80)
        for i in range(0, len(numbers), 8):
            batch = self.validation.batch(numbers[i:i + 8])
            x, spacing, present, slices = prepare(batch, self.config["image"], 0, 0, 0,
                                                  locate=self.locator())
            with torch.autocast("cpu", torch.bfloat16):
                maps = model.view_features(x, spacing, present).maps
            seen.append(map_loss(maps.flatten(0, 1),
                                 true_maps(slices.flatten(0, 1), self.side)))
            scores.append(losses.dice_scores(model.shape(torch.tanh(maps)).argmax(1),
                                             batch["labels"]))
        scores = torch.cat(scores).mean(0)
        print(when, f"maps {torch.cat(seen).mean():.4f} DSC", [round(v, 3) for v in scores.tolist()],
              f"{scores.mean():.4f}", flush=True)
        if scores.mean() > self.best:
            self.best = scores.mean().item()
            weights.save(os.path.join(self.args.run, "best.safetensors"), model, self.config,
                         **{"train.steps": str(self.step)})
        schedule.save({"model": self.model.state_dict()}, self.checkpoint)

    def run(self):
        self.stopped, args = [], self.args
        signal.signal(signal.SIGTERM, lambda *_: self.stopped.append(True))
        seeing = self.seeing_groups(args.encoder_rate)
        if args.see > 0:
            self.train_together(time.time() + args.see * 60, torch.optim.AdamW(seeing), False)
        if args.know > 0:
            self.train_head()
        if args.until:
            groups = seeing + self.shape_groups(args.rate / 4)
            self.train_together(schedule.deadline(args.until), torch.optim.AdamW(groups), True)


def total(error, dice, volume):
    return error + dice + VOLUME * volume


def mean(rows):
    return tuple(sum(column) / len(rows) for column in zip(*rows))


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    Trainer(args).run()


if __name__ == "__main__":
    main()
