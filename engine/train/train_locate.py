# SPDX-License-Identifier: Apache-2.0
"""Trains the locator, which turns pictures upright before the rest of the network sees them.

    train_locate.py RUN-DIR --train 't-*' --validation 'v-*' --until 19:30
"""
import argparse
import math
import os
import random
import time

import torch

import config as cfg
import data
import schedule
import weights
from augment import disturb, draw_from_slices
from ema import Ema
from model.locate import Locate
from upright import compose, frames_of, grids, sample

NEAR = 0.5  # part of the samples that are like what a second look sees
FAR_MM, FAR_TURN = 30.0, 0.5  # largest error of place and turn (radians) of the others
NEAR_MM, NEAR_TURN = 6.0, 0.12  # standard errors of a first look
SCALE = 0.05  # standard error of calibration and of the size of a heart, of the logarithm


def displaced(slices, half_mm):
    """Frames to look from [B, nv, 3] and scales [B, 1, 1]."""
    b, nv = slices.shape[:2]
    near = (torch.rand(b, 1, 1) < NEAR).float()
    true = frames_of(slices)
    error = torch.randn(b, nv, 3) * torch.tensor([NEAR_MM / half_mm, NEAR_MM / half_mm, NEAR_TURN])
    far = (2 * torch.rand(b, nv, 3) - 1) * torch.tensor([FAR_MM / half_mm, FAR_MM / half_mm,
                                                         FAR_TURN])
    scale = torch.exp(torch.randn(b, nv) * SCALE)
    return near * compose(true, error) + (1 - near) * far, scale


def seen_samples(batch, image, redraw):
    """Disturbed and displaced pictures [B, nv, H, W] and their frames."""
    half, side = image["field_mm"] / 2, batch["images"].shape[-1]
    frames, scale = displaced(batch["slices"], half)
    grid = grids(frames, scale, torch.zeros(3), side)
    pictures = sample(batch["images"], grid) / 255
    slices = sample(batch["slices"], grid, "nearest").to(torch.uint8)
    x = pictures.flatten(0, 1)
    again = torch.nonzero(torch.rand(len(x)) < redraw).flatten()
    if len(again):
        x[again] = draw_from_slices(slices.flatten(0, 1)[again])
    hit = torch.nonzero(torch.rand(len(x)) < 0.5).flatten()
    if len(hit):
        x[hit] = disturb(x[hit])
    return x.view(pictures.shape), frames_of(slices)


def loss_of(out, frames):
    """Absolute errors in mm-like units: a tenth of a half side is 1, as is a tenth of a radian."""
    place = (out[..., :2] - frames[..., :2]).abs().sum(-1)
    turn = torch.stack([torch.cos(frames[..., 2]), torch.sin(frames[..., 2])], -1)
    return 10 * (place + (out[..., 2:] - turn).abs().sum(-1)).mean()


def errors(found, true, half_mm):
    """Mean distance in mm and mean turn in degrees, [nv, 2]."""
    place = (found - true)[..., :2].norm(dim=-1).mean(0) * half_mm
    turn = (found - true)[..., 2].abs().mean(0) * 180 / math.pi
    return torch.stack([place, turn], 1)


@torch.no_grad()
def validate(model, shards, half_mm):
    model.eval()
    once, twice, true = [], [], []
    for i in range(0, len(shards), 10):
        batch = shards.batch(range(i, min(i + 10, len(shards))))
        pictures = batch["images"].float() / 255
        with torch.autocast("cpu", torch.bfloat16):
            once.append(model.frames(model(pictures)))
            twice.append(model.find(pictures))
        true.append(frames_of(batch["slices"]))
    true = torch.cat(true)
    return errors(torch.cat(once), true, half_mm), errors(torch.cat(twice), true, half_mm)


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("run")
    p.add_argument("--from", dest="start", help="weights to begin with")
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--validation", nargs="+", required=True)
    p.add_argument("--until", required=True, help="wall clock HH:MM at which the rate ends")
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--batch", type=int, default=12)
    p.add_argument("--redraw", type=float, default=0.15, help="part of pictures drawn from slices")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=0)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    os.makedirs(args.run, exist_ok=True)
    config = cfg.small()
    image, half = config["image"], config["image"]["field_mm"] / 2
    shards, validation = data.Shards(args.train), data.Shards(args.validation)
    model = Locate(config)
    if args.start:
        arrays = weights.read(args.start)[0]
        weights.into_model(model, {k[7:]: v for k, v in arrays.items() if k.startswith("locate.")})
    ema, optimiser = Ema(model, 0.998), torch.optim.AdamW(model.parameters(), weight_decay=1e-3)
    begin, end, step, recent = time.time(), schedule.deadline(args.until), 0, []
    while (done := (time.time() - begin) / (end - begin)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = args.rate * schedule.fall(done, (step + 1) / 100)
        pictures, frames = seen_samples(shards.batch(shards.draw(args.batch)), image, args.redraw)
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(model(pictures), frames)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        ema.update(model)
        step += 1
        recent.append(loss.item())
        if step % 100 == 0:
            shards.refresh()
            speed = step * args.batch / (time.time() - begin)
            print(f"step {step} loss {sum(recent) / len(recent):.4f} {speed:.1f}/s", flush=True)
            recent = []
        if step % 400 == 0:
            report(ema.model, validation, half)
    report(ema.model, validation, half)
    named = {"locate." + k: v for k, v in weights.from_model(ema.model).items()}
    weights.write(os.path.join(args.run, "best.safetensors"), named, {"train.steps": str(step)})


def report(model, validation, half):
    for name, e in zip(("one look", "two looks"), validate(model, validation, half)):
        print(f"{name}: mm and degrees off, each view", [[round(v, 2) for v in r] for r in e.tolist()],
              flush=True)


if __name__ == "__main__":
    main()
