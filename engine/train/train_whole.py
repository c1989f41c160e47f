# SPDX-License-Identifier: Apache-2.0
"""Trains what stands on the shape prior: coarse stage with templates, and refinement.

    train_whole.py RUN-DIR --seeing SHAPE-RUN/best.safetensors --coarse WEIGHTS \\
                   --autoencoder AE-RUN/best.safetensors --bank TEMPLATES \\
                   --train 'i-*' --validation 'final-*' --until 02:45

Encoder, maps and shape prior come from train_shape.py and stay as they are; coarse stage, fusion
and pooled vector begin as in WEIGHTS, their last layer and the look at the template at zero.
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
from diffusion import Diffusion
from ema import Ema
from model import Twin
from model.embed import patchify
from model.reconstruction import Reconstruction
from model.region import Region
from templates import latents, load_autoencoder
from train import NoisePool

INSIDE = 2e-3  # part of the training hearts that have a structure at a voxel the stages work on


def arguments():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--seeing", required=True, help="weights of train_shape.py")
    p.add_argument("--coarse", required=True, help="weights of train.py")
    p.add_argument("--autoencoder", required=True, help="weights of train_ae.py")
    p.add_argument("--bank", required=True, help="templates that templates.py chose")
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--validation", nargs="+", required=True)
    p.add_argument("--until", required=True, help="wall clock HH:MM at which the rate ends")
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--refine-rate", type=float, default=2.0, help="times the other's")
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--redraw", type=float, default=0.2, help="part of pictures drawn from slices")
    p.add_argument("--pictures", type=int, default=1600, help="that the selector is fitted to")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--every", type=float, default=8, help="minutes between validations")
    return p.parse_args()


def whole_config():
    """small with every part, as shipped."""
    config = cfg.small()
    config["coarse"].update(mode="dual", prior="shape")
    config["refine"]["enabled"] = True
    return config


@torch.no_grad()
def fit_selector(model, ae, shards, n, image):
    """ts.from by least squares: latents of hearts from the pooled features of their pictures."""
    x, z = [], []
    for _ in range(n // 20):
        batch = shards.batch(shards.draw(20))
        pictures, spacing, present, _ = prepare(batch, image, 0.2, p_drop=0.05)
        with torch.autocast("cpu", torch.bfloat16):
            features = model.view_features(pictures, spacing, present).features
        x.append(features.float().mean(-1).flatten(1))
        z.append(torch.from_numpy(latents(ae, list(batch["labels"].numpy().astype("u1")))).float())
    x, z, layer = torch.cat(x), torch.cat(z), getattr(model.ts, "from")
    mean = x.mean(0)
    square = (x - mean).t() @ (x - mean)
    square.diagonal().add_(0.1 * square.diagonal().mean())
    layer.weight.copy_(torch.linalg.solve(square, (x - mean).t() @ (z - z.mean(0))).t())
    layer.bias.copy_(z.mean(0) - layer.weight @ mean)
    off = layer(x) - z
    print(f"selector: {off.square().sum() / (z - z.mean(0)).square().sum():.3f} unexplained",
          flush=True)


class Trainer:
    def __init__(self, args):
        self.args, self.config = args, whole_config()
        os.makedirs(args.run, exist_ok=True)
        self.shards, self.validation = data.Shards(args.train), data.Shards(args.validation)
        self.model = Twin(self.config)
        for path in (args.coarse, args.seeing, args.bank):
            weights.start(self.model, path)
        for block in self.model.coarse.block:
            torch.nn.init.zeros_(block.cross.proj.weight)
            torch.nn.init.zeros_(block.cross.proj.bias)
        torch.nn.init.zeros_(self.model.coarse.final.lin.weight)
        torch.nn.init.zeros_(self.model.coarse.final.lin.bias)
        self.frozen = [self.model.enc, self.model.space, self.model.segment, self.model.shape]
        for part in self.frozen + [self.model.ts]:
            part.requires_grad_(False)
        heart = 1 - self.model.mean_heart()[0].exp()
        self.region = Region(self.config["volume"], self.config["dit"]["patch"], heart > INSIDE)
        refine = list(self.model.refine.parameters())
        others = [p for n, p in self.model.named_parameters()
                  if p.requires_grad and not n.startswith("refine.")]
        self.optimiser = torch.optim.Adam(
            [{"params": others, "times": 1.0}, {"params": refine, "times": args.refine_rate}])
        self.noise = NoisePool(len(self.config["classes"]) * self.model.coarse.patch ** 3)
        self.diffusion = Diffusion(self.config)
        self.step, self.best = 0, 0.0
        self.checkpoint = os.path.join(args.run, "checkpoint.pt")
        if os.path.exists(self.checkpoint):
            state = torch.load(self.checkpoint)
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
        else:
            fit_selector(self.model.eval(), load_autoencoder(args.autoencoder)[0], self.shards,
                         args.pictures, self.config["image"])
        self.ema = Ema(self.model, 0.998)
        self.begin, self.end = time.time(), schedule.deadline(args.until)

    def losses(self, batch):
        """Dice losses of V_c, F_1, V_f and the mean of the branches (NETWORK.md 1.12), [4]."""
        model, region, b = self.model, self.region, len(batch["labels"])
        x, spacing, present, _ = prepare(batch, self.config["image"], self.args.redraw)
        tokens, inside = cfg.tokens(self.config), region.coarse
        keep = torch.cat([inside, torch.randperm(tokens)[:tokens // 16]])
        labels = patchify(batch["labels"].unsqueeze(1), model.coarse.patch)[:, keep].flatten(1)
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                views = model.view_features(x, spacing, present)
                k = model.ts.pick(model.ts.from_pictures(views.features))
            cond, pooled, prior = model.condition_of(views)
            c = model.time(torch.full((b,), self.diffusion.T - 1)) + pooled
            noise = self.noise.draw(b, len(keep))
            logits = model.coarse.some(noise, keep, cond, c, model.ts.volume(k), prior)
            p = logits.float().softmax(1)
            v_c = region.place(p[..., :len(inside) * model.coarse.patch ** 3])
            refined = model.refine(v_c, cond[:, inside], c, region)
        cut = region.cut(batch["labels"])
        branches = sum(losses.soft_dice(v, cut) for v in refined.second) / 3
        return torch.stack([losses.soft_dice(p, labels), losses.soft_dice(refined.fused1, cut),
                            losses.soft_dice(refined.fused2, cut), branches])

    def train_step(self):
        self.model.train()
        for part in self.frozen:
            part.eval()
        done = (time.time() - self.begin) / (self.end - self.begin)
        rate = self.args.rate * schedule.fall(done, (self.step + 1) / 100)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["times"]
        parts = self.losses(self.shards.batch(self.shards.draw(self.args.batch)))
        self.optimiser.zero_grad(set_to_none=True)
        parts.sum().backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.ema.update(self.model)
        self.step += 1
        return parts.detach()

    @torch.no_grad()
    def report(self, limit=40):
        """DSC of validation cases after the shape prior, the coarse stage and the refinement."""
        model, scores = self.ema.model, []
        numbers = self.validation.spread(limit)
        for i in range(0, len(numbers), 4):
            batch = self.validation.batch(numbers[i:i + 4])
            x, present = batch["images"].float() / 255, torch.ones(len(batch["meta"]), 3)
            with torch.autocast("cpu", torch.bfloat16):
                run = Reconstruction(model, x, batch["spacing"], present, 1)
                self.diffusion.sample(run.denoise, len(x), 1, 0, 1)
            answers = (run.condition.prior, run.stages["coarse"], run.stages["refined"].fused2)
            scores.append(torch.stack([losses.dice_scores(a.argmax(1), batch["labels"])
                                       for a in answers], 1))
        scores = torch.cat(scores).mean(0)
        for name, row in zip(("prior", "coarse", "refined"), scores):
            print(f"{self.step} {name} DSC", [round(v, 3) for v in row.tolist()],
                  f"{row.mean():.4f}", flush=True)
        if scores[2].mean() > self.best:
            self.best = scores[2].mean().item()
            weights.save(os.path.join(self.args.run, "best.safetensors"), model, self.config,
                         **{"train.steps": str(self.step)})
        schedule.save({"model": self.model.state_dict(),
                       "optimiser": self.optimiser.state_dict()}, self.checkpoint)

    def run(self):
        stopped, recent, last, since = [], [], time.time(), time.time()
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        self.report()
        while time.time() < self.end and not stopped:
            recent.append(self.train_step())
            if self.step % 25 == 0:
                self.shards.refresh()
                rate = len(recent) * self.args.batch / (time.time() - since)
                means = " ".join(f"{v:.4f}" for v in torch.stack(recent).mean(0).tolist())
                print(f"step {self.step} Dice losses {means} {rate:.2f}/s", flush=True)
                recent, since = [], time.time()
            if time.time() - last > self.args.every * 60:
                self.report()
                last = since = time.time()
        self.report(80)


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    Trainer(args).run()


if __name__ == "__main__":
    main()
