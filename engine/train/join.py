# SPDX-License-Identifier: Apache-2.0
"""Joins the parts of several runs into one network of configuration `coarse`.

    join.py OUT.safetensors --from WEIGHTS --shape RUN-A --locate RUN-B --bank BANK --train 't-*'

Of --shape encoder, maps and prior count, of --from what the others lack. The coarse stage starts
its answer anew (Coarse.start_answer): the prior and a constant per structure, those with which
training hearts score best, as the prior's blurred modes leave too much to the background.
"""
import argparse

import torch

import config as cfg
import data
import losses
import weights
from model import Twin
from model.coarse import MORE

STEPS = 0.3, 0.15  # of the search, which begins with MORE


@torch.no_grad()
def answers(model, batch):
    """What the prior adds to logits [B, N, V, V, V] for pictures as they come, in f16."""
    present = torch.ones(batch["images"].shape[:2])
    return model.condition(batch["images"].float() / 255, batch["spacing"], present).prior.half()


def mean_dice(seen, more):
    """Mean DSC over (answers, labels) of batches with more [N - 1] added to the structures."""
    more = torch.cat([torch.zeros(1), more]).view(1, -1, 1, 1, 1)
    return torch.cat([losses.dice_scores((p.float() + more).argmax(1), y) for p, y in seen]).mean()


def best_more(seen, structures):
    """Structure by structure, up or down by each of STEPS as long as it helps."""
    more = torch.full((structures,), MORE)
    best = mean_dice(seen, more)
    for step in STEPS:
        for c in range(structures):
            for sign in (-1, 1):
                other = more.clone()
                other[c] += sign * step
                score = mean_dice(seen, other)
                if score > best:
                    best, more = score, other
    return more, best


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    for name, text in (("from", "what the other parts lack"), ("shape", "of train_shape.py"),
                       ("locate", "of train_locate.py"), ("bank", "of templates.py")):
        p.add_argument("--" + name, dest=name + "_file", required=name != "bank", help=text)
    p.add_argument("--train", nargs="+", required=True, help="patterns of shard folders")
    p.add_argument("--samples", type=int, default=96, help="training samples to choose by")
    p.add_argument("--threads", type=int, default=1)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    config = cfg.coarse()
    model = Twin(config).eval()
    weights.start(model, args.from_file)
    weights.start(model, args.shape_file, ("enc.", "segment.", "shape."))
    weights.start(model, args.locate_file, "locate.")
    if args.bank_file:
        weights.start(model, args.bank_file, "ts.")
    shards = data.Shards(args.train)
    numbers = shards.spread(args.samples)
    batches = (shards.batch(numbers[i:i + 8]) for i in range(0, len(numbers), 8))
    seen = [(answers(model, batch), batch["labels"]) for batch in batches]
    more, score = best_more(seen, len(config["classes"]) - 1)
    model.coarse.start_answer(more)
    print("added to", config["classes"][1:], [round(v, 2) for v in more.tolist()],
          f"DSC of training hearts {score:.4f}")
    weights.save(args.out, model, config, **{"train.steps": "0"})


if __name__ == "__main__":
    main()
