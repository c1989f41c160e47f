# SPDX-License-Identifier: Apache-2.0
"""Trains the shape prior: first on features of a frozen encoder, then with the encoder.

    train_shape.py RUN-DIR --from WEIGHTS --train 'i-*' --validation 'final-*' --until 02:45
"""
import argparse
import os
import signal
import time

import torch

import config as cfg
import data
import losses
import schedule
import weights
from augment import prepare
from ema import Ema
from helpers import cell_fractions, soft_entropy
from model import Twin
from shape_modes import modes_of, principal_modes


def arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--from", dest="start", required=True, help="weights whose encoder is taken")
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--validation", nargs="+", required=True)
    p.add_argument("--until", required=True, help="wall clock HH:MM at which the rate ends")
    p.add_argument("--frozen-samples", type=int, default=6000, help="whose features are kept")
    p.add_argument("--frozen-minutes", type=float, default=4)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--encoder-rate", type=float, default=3e-4)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--every", type=float, default=6, help="minutes between validations")
    return p.parse_args()


def set_rate(optimiser, part):
    for group in optimiser.param_groups:
        group["lr"] = group["top"] * part


class Trainer:
    def __init__(self, args):
        self.args, self.config = args, cfg.small()
        self.config["coarse"]["prior"] = "shape"
        os.makedirs(args.run, exist_ok=True)
        self.shards, self.validation = data.Shards(args.train), data.Shards(args.validation)
        self.model = Twin(self.config)
        weights.start(self.model, args.start)
        self.set_modes(self.model.shape, os.path.join(args.run, "modes.pt"))
        self.cells = torch.nn.Linear(cfg.feature_width(self.config), len(self.config["classes"]))
        self.ema = Ema(self.model, 0.998)
        self.targets, self.step, self.best = {}, 0, 0.0
        self.spread = sum((self.target(i) ** 2).sum() for i in self.shards.draw(200)) / 200

    def set_modes(self, shape, path):
        """Works them out, or reads what an earlier run left."""
        if not os.path.exists(path):
            torch.save(principal_modes(self.shards, len(self.config["classes"]), shape.side,
                                       shape.modes), path)
        basis, mean = torch.load(path)
        shape.basis.copy_(basis)
        shape.mean.copy_(mean)

    def target(self, number):
        """Modes [K] of a training sample; worked out once."""
        if number not in self.targets:
            shard, row = self.shards.index[number]
            labels = torch.from_numpy(shard.labels[row].copy()).unsqueeze(0)
            self.targets[number] = modes_of(self.model.shape, labels)[0]
        return self.targets[number]

    def wanted(self, numbers):
        return torch.stack([self.target(i) for i in numbers])

    def off(self, features, wanted):
        """Squared error of the modes as a part of their variance."""
        with torch.autocast("cpu", torch.bfloat16):
            found = self.model.shape.amounts(features)
        return ((found - wanted) ** 2).sum(1).mean() / self.spread

    def features(self, numbers):
        batch = self.shards.batch(numbers)
        x, spacing, present, slices = prepare(batch, self.config["image"], 0.2)
        with torch.autocast("cpu", torch.bfloat16):
            return (*self.model.view_features(x, spacing, present), slices, present)

    def train_head(self):
        """The head alone, on features worked out once."""
        kept, wanted, begin = [], [], time.time()
        self.model.eval()
        with torch.no_grad():
            for _ in range(self.args.frozen_samples // 20):
                numbers = self.shards.draw(20)
                kept.append(self.features(numbers)[1].half())
                wanted.append(self.wanted(numbers))
        kept, wanted = torch.cat(kept), torch.cat(wanted)
        print(f"{len(kept)} samples' features in {time.time() - begin:.0f} s", flush=True)
        self.model.train()
        optimiser = torch.optim.AdamW(self.shape_groups(self.args.rate))
        begin, budget, steps, recent = time.time(), self.args.frozen_minutes * 60, 0, []
        while (done := (time.time() - begin) / budget) < 1:
            steps += 1
            set_rate(optimiser, schedule.fall(done, steps / 50))
            chosen = torch.randint(0, len(kept), (48,))
            loss = self.off(kept[chosen].float(), wanted[chosen])
            self.update(optimiser, loss)
            recent.append(loss.item())
            if len(recent) == 200:
                print(f"head alone: error {sum(recent) / 200:.4f}", flush=True)
                recent = []
        self.report("head alone")

    def shape_groups(self, rate):
        """Layers with thousands of inputs learn slowly: Adam moves all their weights at once."""
        groups = {"wide": [], "others": []}
        for name, p in self.model.shape.named_parameters():
            groups["wide" if name in ("fc1.weight", "skip.weight") else "others"].append(p)
        return [{"params": groups["wide"], "top": rate / 20, "weight_decay": 0.02},
                {"params": groups["others"], "top": rate, "weight_decay": 0.02}]

    def update(self, optimiser, loss):
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        optimiser.step()
        self.ema.update(self.model)

    def train_together(self):
        stopped, recent = [], []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        encoder = [p for n, p in self.model.named_parameters() if n.startswith(("enc", "space"))]
        seeing = {"params": encoder + list(self.cells.parameters()),
                  "top": self.args.encoder_rate, "weight_decay": 0.0}
        optimiser = torch.optim.AdamW([seeing] + self.shape_groups(self.args.rate / 2))
        begin, end, last = time.time(), schedule.deadline(self.args.until), time.time()
        while (done := (time.time() - begin) / (end - begin)) < 1 and not stopped:
            set_rate(optimiser, schedule.fall(done, (self.step + 1) / 50))
            self.model.train()
            numbers = self.shards.draw(self.args.batch)
            raw, features, slices, present = self.features(numbers)
            side = round(raw.shape[-1] ** 0.5)
            seen = cell_fractions(slices.flatten(0, 1), side).unflatten(0, present.shape)
            cells = soft_entropy(self.cells(raw.transpose(2, 3)), seen).mean(-1)
            cells = (cells * present).sum() / present.sum()
            off = self.off(features, self.wanted(numbers))
            self.update(optimiser, off + 0.5 * cells)
            self.step += 1
            recent.append((off.item(), cells.item()))
            if len(recent) == 50:
                error, cell = (sum(v) / 50 for v in zip(*recent))
                speed = self.step * self.args.batch / (time.time() - begin)
                print(f"step {self.step} error {error:.4f} cells {cell:.4f} {speed:.2f}/s", flush=True)
                recent = []
            if time.time() - last > self.args.every * 60:
                self.report(f"{(time.time() - begin) / 60:.0f} min")
                last = time.time()
        self.report("end")

    @torch.no_grad()
    def report(self, when):
        model, scores = self.ema.model.eval(), []
        numbers = self.validation.spread(80)
        for i in range(0, len(numbers), 8):
            batch = self.validation.batch(numbers[i:i + 8])
            x, present = batch["images"].float() / 255, torch.ones(len(batch["meta"]), 3)
            with torch.autocast("cpu", torch.bfloat16):
                features = model.view_features(x, batch["spacing"], present)[1]
                answer = model.shape(features).argmax(1)
            scores.append(losses.dice_scores(answer, batch["labels"]))
        scores = torch.cat(scores).mean(0)
        print(when, "DSC", [round(v, 3) for v in scores.tolist()], f"{scores.mean():.4f}", flush=True)
        if scores.mean() > self.best:
            self.best = scores.mean().item()
            weights.save(os.path.join(self.args.run, "best.safetensors"), model, self.config,
                         **{"train.steps": str(self.step)})
        schedule.save({"model": self.model.state_dict(), "ema": self.ema.model.state_dict()},
                      os.path.join(self.args.run, "checkpoint.pt"))


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    trainer = Trainer(args)
    if args.frozen_minutes > 0:
        trainer.train_head()
    trainer.train_together()


if __name__ == "__main__":
    main()
