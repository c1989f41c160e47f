# SPDX-License-Identifier: Apache-2.0
"""Trains the network on shards of ut-cohort; goes on where it stopped.

    train.py RUN-DIR --train 'a-*' 'b-*' --validation 'v-*' --until 20:50
"""
import argparse
import csv
import math
import os
import random
import signal
import time

import torch

import config as cfg
import data
import losses
import schedule
import weights
from augment import prepare
from diffusion import Diffusion
from ema import Ema
from helpers import Helpers
from standardise import standardise
from model import Twin
from model.embed import patchify

STRUCTURES = ["Myo", "LV", "LA", "RV", "RA"]
LOG = ["time", "step", "samples", "rate", "loss", "loss2", "per_s"] + STRUCTURES + ["DSC", "DSC4"]


def arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--validation", nargs="+", required=True)
    p.add_argument("--until", required=True, help="wall clock HH:MM at which the rate ends")
    p.add_argument("--rate", type=float, default=5e-4)
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--second", type=float, default=0.5,
                   help="part of the batches that also learn a later step of the sampler")
    p.add_argument("--second-after", type=float, default=0.65, help="from this part of the budget")
    p.add_argument("--all-tokens-after", type=float, default=0.93,
                   help="from this part of the budget background tokens take part, too")
    p.add_argument("--help-weight", dest="help", type=float, default=1.0,
                   help="of the supervision on the way")
    p.add_argument("--redraw", type=float, default=0.3, help="part of pictures drawn from slices")
    p.add_argument("--condition-rate", type=float, default=2.0,
                   help="rate of encoder, fusion and helpers, times the other's")
    p.add_argument("--fresh-condition", action="store_true",
                   help="start fusion and pooled vector anew, and the schedule with them")
    p.add_argument("--from", dest="start", help="weights to begin with, as far as they fit")
    p.add_argument("--frozen", action="store_true", help="encoder, maps and shape prior stay as they are")
    p.add_argument("--restart", action="store_true",
                   help="start the schedule anew: the rate rises again")
    p.add_argument("--every", type=float, default=8, help="minutes between validations")
    return p.parse_args()


class NoisePool:
    """Normal numbers without the price of drawing them: windows of one long buffer."""

    def __init__(self, width, rows=12000):
        self.width = width
        self.buffer = torch.randn(rows * width)

    def draw(self, n, rows):
        """[n, rows, width]"""
        size = rows * self.width
        starts = torch.randint(0, len(self.buffer) - size, (n,)).tolist()
        sign = random.choice((-1, 1))
        return torch.stack([self.buffer[s:s + size].view(rows, -1) for s in starts]) * sign


class Trainer:
    def __init__(self, args):
        self.args = args
        os.makedirs(args.run, exist_ok=True)
        self.config = cfg.small()
        self.shards = data.Shards(args.train)
        self.validation = data.Shards(args.validation)
        self.model = Twin(self.config)
        if args.start:
            weights.start(self.model, args.start)
        elif self.model.shape is None:
            self.model.coarse.prior.copy_(self.shards.log_prior())
        self.ema = Ema(self.model, 0.999)
        self.helpers = Helpers(cfg.feature_width(self.config), self.config["dit"]["dim"])
        coarse = [p for n, p in self.model.named_parameters() if n.startswith(("coarse", "time"))]
        seeing = [self.model.enc, self.model.segment, self.model.shape]
        self.frozen = [part for part in seeing if part is not None] if args.frozen else []
        for part in self.frozen:
            part.requires_grad_(False)
        others = [p for n, p in self.model.named_parameters()
                  if p.requires_grad and not n.startswith(("coarse", "time"))]
        self.optimiser = torch.optim.Adam(
            [{"params": coarse, "times": 1.0},
             {"params": others + list(self.helpers.parameters()), "times": args.condition_rate}],
            lr=args.rate)
        self.diffusion = Diffusion(self.config)
        self.noise = NoisePool(6 * self.model.coarse.patch ** 3)
        self.step = self.samples = 0
        self.begin, self.end = time.time(), schedule.deadline(args.until)
        self.best, self.log, self.warm_from = 0.0, [], 0
        self.checkpoint = os.path.join(args.run, "checkpoint.pt")
        if os.path.exists(self.checkpoint):
            self.resume()
        if args.fresh_condition or not (args.start or os.path.exists(self.checkpoint)):
            self.start_condition()
        self.chance = patchify(self.model.mean_heart()[1:].unsqueeze(0), self.model.coarse.patch)[0]
        if args.restart:
            self.begin, self.warm_from = time.time(), self.step

    def start_condition(self):
        """Fusion and pooled vector from scratch, on features of the encoder as it is now."""
        features = []
        self.model.eval()
        for _ in range(30):
            batch = self.shards.batch(self.shards.draw(12))
            x, spacing, present, _ = prepare(batch, self.config["image"], self.args.redraw, 0)
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                features.append(self.model.view_features(x, spacing, present).features)
        standardise(self.model, torch.cat(features).float())
        self.ema = Ema(self.model, 0.999)
        self.begin, self.warm_from, self.best = time.time(), self.step, 0.0

    def resume(self):
        state = torch.load(self.checkpoint)
        self.model.load_state_dict(state["model"])
        self.ema.model.load_state_dict(state["ema"])
        if "helpers" in state and not self.args.fresh_condition:
            self.helpers.load_state_dict(state["helpers"])
            self.optimiser.load_state_dict(state["optimiser"])
        for name in ("step", "samples", "begin", "best", "log", "warm_from"):
            setattr(self, name, state.get(name, 0))
        self.ema.steps = self.step - self.warm_from
        print(f"goes on at step {self.step}", flush=True)

    def save(self):
        state = {"model": self.model.state_dict(), "helpers": self.helpers.state_dict(),
                 "ema": self.ema.model.state_dict(),
                 "optimiser": self.optimiser.state_dict()}
        for name in ("step", "samples", "begin", "best", "log", "warm_from"):
            state[name] = getattr(self, name)
        schedule.save(state, self.checkpoint)

    def done(self):
        """Part of the time budget that is spent, 0 to 1."""
        return min(1.0, (time.time() - self.begin) / (self.end - self.begin))

    def set_rate(self):
        warmed = (self.step - self.warm_from + 1) / 150
        rate = self.args.rate * schedule.fall(self.done(), warmed)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["times"]
        return rate

    def choose_tokens(self):
        """Tokens where some heart of the training set is, and a few others; late in a run all."""
        tokens = cfg.tokens(self.config)
        if self.done() > self.args.all_tokens_after:
            return torch.arange(tokens)
        inside = self.chance.amax(1) > math.log(2e-3)
        others = torch.nonzero(~inside).flatten()
        others = others[torch.randperm(len(others))[:tokens // 16]]
        return torch.cat([torch.nonzero(inside).flatten(), others])

    def losses(self, batch):
        """Loss at the first step of the sampler, where x is pure noise, and at a later one.

        The later one starts from the network's own answer, as in sampling with fresh noise,
        so that it learns to correct itself rather than to trust a true shape under noise.
        """
        b, keep = len(batch["labels"]), self.choose_tokens()
        x, spacing, present, slices = prepare(batch, self.config["image"],
                                              self.args.redraw)
        coarse = self.model.coarse
        rows = patchify(batch["labels"].unsqueeze(1), coarse.patch)[:, keep]
        labels = rows.flatten(1)
        width = coarse.patch ** 3
        with torch.autocast("cpu", torch.bfloat16):
            with torch.set_grad_enabled(not self.frozen):
                views = self.model.view_features(x, spacing, present)
            cond, pooled, prior = self.model.condition_of(views)
            helped = self.helpers(views.raw, cond[:, keep], pooled, slices, present, rows)
            last = torch.full((b,), self.diffusion.T - 1)
            noise = self.noise.draw(b, len(keep))
            logits = coarse.some(noise, keep, cond, self.model.time(last) + pooled, prior=prior)
        first, p = losses.dice_loss(logits, labels)
        if self.done() <= self.args.second_after or random.random() >= self.args.second:
            return first, None, helped
        t = torch.randint(100, 900, (b,))
        own = p.view(b, -1, len(keep), width).transpose(1, 2).flatten(2)
        noisy = self.diffusion.noised(2 * own - 1, t, self.noise.draw(b, len(keep)))
        with torch.autocast("cpu", torch.bfloat16):
            logits = coarse.some(noisy, keep, cond, self.model.time(t) + pooled, prior=prior)
        return first, losses.dice_loss(logits, labels)[0], helped

    def train_step(self):
        self.model.train()
        for part in self.frozen:
            part.eval()
        rate = self.set_rate()
        batch = self.shards.batch(self.shards.draw(self.args.batch))
        first, second, helped = self.losses(batch)
        loss = (first if second is None else first + second) + self.args.help * helped
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.ema.update(self.model)
        self.step += 1
        self.samples += self.args.batch
        return rate, first.item(), None if second is None else second.item(), helped.item()

    @torch.no_grad()
    def validate(self, steps, eta, limit=40, size=8):
        """Mean DSC per structure over evenly spread validation cases; three plain pictures."""
        numbers = self.validation.spread(limit)
        model, scores = self.ema.model, []
        for i in range(0, len(numbers), size):
            batch = self.validation.batch(numbers[i:i + size])
            x, present = batch["images"].float() / 255, torch.ones(len(batch["meta"]), 3)
            with torch.autocast("cpu", torch.bfloat16):
                condition = model.condition(x, batch["spacing"], present)
                p = self.diffusion.sample(lambda x_t, t: model.denoise(x_t, t, condition), len(x),
                                          steps, eta, 1)
            scores.append(losses.dice_scores(p.argmax(1), batch["labels"]))
        return torch.cat(scores).mean(0)

    def mean_heart(self, limit=40):
        labels = self.validation.batch(self.validation.spread(limit))["labels"]
        answer = self.model.mean_heart().argmax(0).expand_as(labels)
        return losses.dice_scores(answer, labels).mean(0)

    def report(self, recent):
        scores = self.validate(1, 0)
        four = self.validate(4, 1).mean().item() if self.done() > self.args.second_after else 0
        seconds = [r[2] for r in recent if r[2] is not None]
        row = [time.time() - self.begin, self.step, self.samples, recent[-1][0],
               sum(r[1] for r in recent) / len(recent), sum(seconds) / max(1, len(seconds)),
               len(recent) * self.args.batch / recent[-1][-1]]
        row += scores.tolist() + [scores.mean().item(), four]
        self.log.append(row)
        with open(os.path.join(self.args.run, "log.csv"), "w") as file:
            writer = csv.writer(file)
            writer.writerow(LOG)
            writer.writerows([[f"{v:.5g}" for v in r] for r in self.log])
        print(f"{row[0] / 60:.1f} min, {len(self.shards)} samples on disk: " +
              " ".join(f"{k} {v:.4g}" for k, v in zip(LOG[1:], row[1:])), flush=True)
        plot(self.log, self.mean_heart().mean().item(), os.path.join(self.args.run, "training.png"))
        if row[-2] > self.best:
            self.best = row[-2]
            weights.save(os.path.join(self.args.run, "best.safetensors"), self.ema.model,
                         self.config, **{"train.steps": str(self.step)})

    def run(self):
        mean = self.mean_heart()
        print("mean heart", [round(v, 3) for v in mean.tolist()], f"{mean.mean():.4f}", flush=True)
        recent, since, started = [], time.time(), time.time()
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        while self.done() < 1 and not stopped:
            recent.append(self.train_step() + (time.time() - since,))
            if self.step % 20 == 0:
                self.shards.refresh()
                last = recent[-20:]
                print(f"step {self.step} loss {sum(r[1] for r in last) / len(last):.4f} "
                      f"helpers {sum(r[3] for r in last) / len(last):.4f} "
                      f"{len(recent) * self.args.batch / recent[-1][-1]:.2f}/s", flush=True)
            if time.time() - started > self.args.every * 60 or self.done() >= 1:
                self.report(recent)
                self.save()
                recent, since, started = [], time.time(), time.time()
        self.save()


def plot(log, mean_heart, path):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    samples = [r[2] for r in log]
    left.plot(samples, [r[4] for r in log], label="first step")
    later = [(r[2], r[5]) for r in log if r[5] > 0]
    if later:
        left.plot(*zip(*later), label="later steps")
    left.set(xlabel="samples seen", ylabel="Dice loss, training")
    left.legend()
    for i, name in enumerate(STRUCTURES):
        right.plot(samples, [r[7 + i] for r in log], label=name, linewidth=1)
    right.plot(samples, [r[-2] for r in log], "k", label="mean")
    right.axhline(mean_heart, color="grey", linestyle=":", label="mean heart")
    right.set(xlabel="samples seen", ylabel="DSC, validation, 1 step")
    right.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    Trainer(args).run()


if __name__ == "__main__":
    main()
