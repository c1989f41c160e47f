# SPDX-License-Identifier: Apache-2.0
"""Trains the network on shards of ut-cohort; goes on where it stopped.

    train.py RUN-DIR --train 'a-*' 'b-*' --validation 'v-*' --until 20:50
    torchrun --nproc_per_node 8 train.py RUN-DIR ... --config base --steps 100000
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
import parallel
import schedule
import seen
import weights
from augment import prepare
from diffusion import Diffusion
from ema import Ema
from helpers import Helpers
from model import Twin
from model.coarse import MORE
from model.embed import patchify
from model.reconstruction import Reconstruction
from passes import NoisePool, Passes
from samples import Samples, batches as batches_of
from standardise import standardise

STRUCTURES = ["Myo", "LV", "LA", "RV", "RA"]
KEPT = ["step", "samples", "begin", "best", "log", "warm_from"]  # of a checkpoint
MAY_BE = 2e-3  # chance of a structure from which on a voxel counts as one where it may be
LOG = ["time", "step", "samples", "rate", "loss", "loss2", "per_s"] + STRUCTURES + ["DSC", "DSC4"]


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
    p.add_argument("--rate", type=float, default=5e-4)
    p.add_argument("--batch", type=int, help="samples of a step, over all processes; by default "
                   "4 for each CPU process, 32 for each GPU")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--fp32", action="store_true", help="instead of bf16 where it is enough")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--workers", type=int, help="processes that prepare samples ahead; by default "
                   "none on the CPU, 8 for each GPU")
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
    p.add_argument("--from", dest="start", nargs="+", default=[],
                   help="weights to begin with, as far as they fit")
    p.add_argument("--fresh-answer", action="store_true",
                   help="start the coarse stage's last layer and its look at the template at zero: "
                   "the weights of --from had another prior or mode")
    p.add_argument("--frozen", action="store_true",
                   help="encoder, maps and shape prior stay as they are")
    p.add_argument("--seen", type=int, default=0,
                   help="with --frozen: so many samples, turned upright by the locator, are shown to "
                   "the encoder once; the run reads what it saw")
    p.add_argument("--entropy", type=float, default=0.0,
                   help="part of cross-entropy, in place of Dice, in the losses")
    p.add_argument("--sharp", type=float, default=1.0,
                   help="what logits are multiplied by before Dice, which else gains by any answer "
                   "that is surer, though not nearer")
    p.add_argument("--restart", action="store_true",
                   help="start the schedule anew: the rate rises again")
    p.add_argument("--every", type=float, default=8, help="minutes between validations")
    args = p.parse_args()
    if args.seen and not args.frozen:
        p.error("--seen needs --frozen: what a changing encoder saw is soon out of date.")
    return args


class Trainer:
    def __init__(self, args, device=torch.device("cpu")):
        self.args, self.device = args, device
        os.makedirs(args.run, exist_ok=True)
        self.batch = args.batch or parallel.size() * (4 if device.type == "cpu" else 32)
        self.config = cfg.named(args.config)
        self.shards = data.Shards(args.train)
        self.validation = data.Shards(args.validation)
        with parallel.seeded(args.seed):
            self.model = Twin(self.config).to(device)
            self.helpers = Helpers(cfg.feature_width(self.config), self.config["dit"]["dim"])
            self.helpers.to(device)
            patch = self.config["dit"]["patch"]
            noise = NoisePool(len(self.config["classes"]) * patch**3, device)
        self.checkpoint = os.path.join(args.run, "checkpoint.pt")
        taken = self.take_over()
        self.ema = Ema(self.model, 0.999)
        model, still = self.model, [self.model.locate, self.model.ae, self.model.ts]
        if args.frozen:
            still += [model.enc, model.space, model.segment, model.shape, self.helpers.cells]
        self.still = [part for part in still if part is not None]
        for part in self.still:
            part.requires_grad_(False)
        self.optimiser = self.new_optimiser()
        self.diffusion = Diffusion(self.config)
        self.step = self.samples = 0
        self.begin, self.part = time.time(), 0.0
        self.end = schedule.deadline(args.until) if args.until else 0
        self.best, self.log, self.warm_from = 0.0, [], 0
        if os.path.exists(self.checkpoint):
            self.resume()
        if args.fresh_condition or "fuse.tok.weight" not in taken:
            self.start_condition()
        if args.restart:
            self.begin, self.warm_from = time.time(), self.step
        self.mean = self.log_mean_heart()
        chance = patchify(self.mean[1:].unsqueeze(0), patch)[0].amax(1) > math.log(MAY_BE)
        self.inside, self.outside = chance.nonzero().flatten(), (~chance).nonzero().flatten()
        passes = Passes(self.model, self.helpers, self.diffusion, noise, args.frozen, args.fp32,
                        args.entropy, args.sharp)
        self.passes = parallel.wrap(passes, device)

    def take_over(self):
        """Names of the tensors that do not start at random: of a checkpoint or of --from."""
        own = self.model.state_dict()
        if os.path.exists(self.checkpoint):
            return set(own)
        taken = {name for path in self.args.start for name in weights.start(self.model, path)}
        needed = [n for n in own if n.startswith(("ae.", "ts.")) and n not in taken]
        if needed:
            raise SystemExit(f"Configuration {self.args.config} needs {needed[0]} and others like "
                             "it: name weights of train_ae.py and templates.py after --from.")
        if "coarse.prior" in own and "coarse.prior" not in taken:
            self.model.coarse.prior.copy_(self.shards.log_prior())
        if self.args.fresh_answer:
            self.model.coarse.start_answer(0.0 if self.model.shape is None else MORE)
        return taken

    def new_optimiser(self):
        """Encoder, fusion and helpers learn faster than the transformer."""
        groups = {True: [], False: []}
        for name, p in self.model.named_parameters():
            if p.requires_grad:
                groups[name.startswith(("coarse", "refine", "time"))].append(p)
        others = groups[False] + list(self.helpers.parameters())
        return torch.optim.Adam([{"params": groups[True], "times": 1.0},
                                 {"params": others, "times": self.args.condition_rate}],
                                lr=self.args.rate)

    def start_condition(self):
        """Fusion and pooled vector from scratch, on features of the encoder as it is now."""
        features = []
        self.model.eval()
        with parallel.seeded(self.args.seed, self.step), torch.no_grad():
            for _ in range(30):
                batch = self.shards.batch(self.shards.draw(12))
                x = prepare(batch, self.config["image"], self.args.redraw, 0)[:3]
                with self.autocast():
                    views = self.model.view_features(*(v.to(self.device) for v in x))
                features.append(views.features.float().cpu())
            standardise(self.model, torch.cat(features))
        self.ema = Ema(self.model, 0.999)
        self.begin, self.warm_from, self.best = time.time(), self.step, 0.0

    def log_mean_heart(self):
        """Logarithm of the mean training heart [N, V, V, V], on the CPU."""
        if self.model.shape is not None or self.config["coarse"]["prior"] is True:
            return self.model.mean_heart().cpu()
        return self.shards.log_prior()

    def resume(self):
        state = schedule.load(self.checkpoint)
        self.model.load_state_dict(state["model"])
        self.ema.model.load_state_dict(state["ema"])
        if "helpers" in state and not self.args.fresh_condition:
            self.helpers.load_state_dict(state["helpers"])
            self.optimiser.load_state_dict(state["optimiser"])
        for name in KEPT:
            setattr(self, name, state.get(name, 0))
        self.ema.steps = state.get("ema_steps", self.step - self.warm_from)
        self.say(f"goes on at step {self.step}")

    def save(self):
        """Of the first process; the others have the same."""
        if not parallel.first():
            return
        state = {"model": self.model.state_dict(), "helpers": self.helpers.state_dict(),
                 "ema": self.ema.model.state_dict(), "ema_steps": self.ema.steps,
                 "optimiser": self.optimiser.state_dict()}
        for name in KEPT:
            state[name] = getattr(self, name)
        schedule.save(state, self.checkpoint)

    def say(self, *what):
        if parallel.first():
            print(*what, flush=True)

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=not self.args.fp32)

    def spent(self):
        """Part of the budget, of time or of steps, that is spent: 0 to 1."""
        if self.args.steps:
            return min(1.0, (self.step - self.warm_from) / self.args.steps)
        return min(1.0, (time.time() - self.begin) / (self.end - self.begin))

    def set_rate(self):
        warmed = (self.step - self.warm_from + 1) / 150
        rate = self.args.rate * schedule.fall(self.part, warmed)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["times"]
        return rate

    def choose_tokens(self):
        """Tokens where some heart of the training set is, and a few others; late in a run all."""
        n = len(self.inside) + len(self.outside)
        if self.part > self.args.all_tokens_after:
            return torch.arange(n, device=self.device)
        others = self.outside[torch.randperm(len(self.outside))[:n // 16]]
        return torch.cat([self.inside, others]).to(self.device)

    def choose(self):
        """What a step's samples share: tokens, and whether there is a later pass."""
        with parallel.seeded(self.args.seed, self.step):
            later = random.random() < self.args.second and self.part > self.args.second_after
            return self.choose_tokens(), later

    def train_step(self, batch):
        self.model.train()
        for part in self.still:
            part.eval()
        rate = self.set_rate()
        chosen = self.choose()
        parallel.seed(self.args.seed, self.step, parallel.rank(), self.batch)  # of dropout
        first, second, helped = self.passes(batch, *chosen)
        loss = (first if second is None else first + second) + self.args.help * helped
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.ema.update(self.model)
        self.step += 1
        self.samples += self.batch
        seen = torch.stack([first, first * 0 if second is None else second, helped]).detach()
        return rate, *parallel.mean(seen).tolist(), second is not None

    @torch.no_grad()
    def validate(self, steps, eta, limit=40, size=8):
        """Mean DSC per structure over evenly spread validation cases; three plain pictures.

        Each process takes its part of the cases.
        """
        numbers = self.validation.spread(limit)[parallel.rank()::parallel.size()]
        model, scores = self.ema.model, torch.zeros(len(STRUCTURES) + 1, device=self.device)
        for i in range(0, len(numbers), size):
            batch = self.validation.batch(numbers[i:i + size])
            x = batch["images"].to(self.device).float() / 255
            present = torch.ones(x.shape[:2], device=self.device)
            with self.autocast():
                run = Reconstruction(model, x, batch["spacing"].to(self.device), present, steps)
                p = self.diffusion.sample(run.denoise, len(x), steps, eta, 1, device=self.device)
            found = losses.dice_scores(p.argmax(1), batch["labels"].to(self.device))
            scores[:-1] += found.sum(0)
            scores[-1] += len(found)
        scores = parallel.total(scores).cpu()
        return scores[:-1] / scores[-1]

    def mean_heart(self, limit=40):
        labels = self.validation.batch(self.validation.spread(limit))["labels"]
        answer = self.mean.argmax(0).expand_as(labels)
        return losses.dice_scores(answer, labels).mean(0)

    def report(self, recent, seconds):
        self.shards.refresh()
        scores = self.validate(1, 0)
        four = self.validate(4, 1).mean().item() if self.part > self.args.second_after else 0
        later = [r[2] for r in recent if r[-1]]
        row = [time.time() - self.begin, self.step, self.samples, recent[-1][0],
               sum(r[1] for r in recent) / len(recent), sum(later) / max(1, len(later)),
               len(recent) * self.batch / seconds]
        row += scores.tolist() + [scores.mean().item(), four]
        self.log.append(row)
        best = row[-2] > self.best
        self.best = max(self.best, row[-2])
        if parallel.first():
            self.write(row, best)

    def write(self, row, best):
        with open(os.path.join(self.args.run, "log.csv"), "w") as file:
            writer = csv.writer(file)
            writer.writerow(LOG)
            writer.writerows([[f"{v:.5g}" for v in r] for r in self.log])
        self.say(f"{row[0] / 60:.1f} min, {len(self.shards)} samples on disk: " +
                 " ".join(f"{k} {v:.4g}" for k, v in zip(LOG[1:], row[1:])))
        plot(self.log, self.mean_heart().mean().item(), os.path.join(self.args.run, "training.png"))
        if best:
            weights.save(os.path.join(self.args.run, "best.safetensors"), self.ema.model,
                         self.config, **{"train.steps": str(self.step)})

    def training_samples(self):
        """Pictures, or what the frozen encoder saw of them, which the first process works out."""
        args, model = self.args, self.model
        image, count = self.config["image"], args.seen
        if not count:
            return Samples(self.shards, image, args.redraw, args.seed)
        folder, kinds = os.path.join(args.run, "seen"), seen.kinds(self.config)
        if parallel.first() and not os.path.isdir(folder):
            samples = Samples(self.shards, image, args.redraw, args.seed, model.locate)
            seen.collect(folder, kinds, model, samples, count, self.autocast)
        parallel.wait()
        return seen.Seen(folder, kinds, args.seed)

    def run(self):
        if parallel.first() and self.step == 0:
            weights.save(os.path.join(self.args.run, "start.safetensors"), self.ema.model, self.config)
        mean = self.mean_heart()
        self.say("mean heart", [round(v, 3) for v in mean.tolist()], f"{mean.mean():.4f}")
        self.say(f"{parallel.size()} x {self.device}, {self.batch} samples a step")
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        batches = batches_of(self.training_samples(), self.step, self.batch, self.device,
                             self.args.workers)
        recent, since = [], time.time()
        while True:
            over = time.time() - since > self.args.every * 60
            self.part, stop, over = parallel.agree(self.device, self.spent(), bool(stopped), over)
            if recent and (over or self.part >= 1):
                self.report(recent, time.time() - since)
                self.save()
                recent, since = [], time.time()
            if stop or self.part >= 1:
                break
            recent.append(self.train_step(next(batches)))
            if self.step % 20 == 0:
                last = recent[-20:]
                self.say(f"step {self.step} loss {sum(r[1] for r in last) / len(last):.4f} "
                         f"helpers {sum(r[3] for r in last) / len(last):.4f} "
                         f"{len(recent) * self.batch / (time.time() - since):.2f}/s")
        if recent:
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
    device = parallel.start()
    if args.workers is None:
        args.workers = 0 if device.type == "cpu" else 8
    Trainer(args, device).run()
    parallel.end()


if __name__ == "__main__":
    main()
