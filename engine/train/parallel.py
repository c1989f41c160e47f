# SPDX-License-Identifier: Apache-2.0
"""What the training scripts need to run as one process or, under torchrun, as many.

Without torchrun everything here is that of one process. Each process has its own GPU, if there are
any; they talk through NCCL, on CPUs through gloo.
"""
import contextlib
import os
import random

import numpy as np
import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel


def start():
    """Joins the processes that torchrun started; the device of this one."""
    device = torch.device("cpu")
    if torch.cuda.is_available():
        local, gpus = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
        if local >= gpus:
            raise SystemExit(f"{local + 1} processes but {gpus} GPUs here: start one for each GPU, "
                             "or hide the GPUs (CUDA_VISIBLE_DEVICES=) to train on the CPU.")
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return device


def end():
    if distributed.is_initialized():
        distributed.destroy_process_group()


def size():
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank():
    return distributed.get_rank() if distributed.is_initialized() else 0


def first():
    """Whether this process is the one that writes files and speaks."""
    return rank() == 0


def share(batch):
    """Numbers of this process's samples of a batch, which all processes split evenly."""
    if batch % size():
        raise SystemExit(f"A batch of {batch} cannot be split among {size()} processes: "
                         f"--batch has to be a multiple of {size()}.")
    part = batch // size()
    return range(rank() * part, (rank() + 1) * part)


def wait():
    """Until all processes are here."""
    if size() > 1:
        distributed.barrier()


def total(x):
    """Sum of a tensor over the processes."""
    if size() > 1:
        x = x.clone()
        distributed.all_reduce(x)
    return x


def mean(x):
    return total(x) / size()


def agree(device, *numbers):
    """The largest of each number over the processes, so that all of them do the same."""
    x = torch.tensor(numbers, dtype=torch.float64, device=device)
    if size() > 1:
        distributed.all_reduce(x, op=distributed.ReduceOp.MAX)
    return x.tolist()


class Sum(torch.autograd.Function):
    """Sum over the processes. Each loss depends on it, so its gradient is a sum, too."""

    @staticmethod
    def forward(ctx, x):
        return total(x)

    @staticmethod
    def backward(ctx, grad):
        return total(grad)


class SharedNorm(nn.BatchNorm2d):
    """Batch norm whose statistics are those of the batch of all processes; for CPUs.

    nn.SyncBatchNorm does the same on GPUs, faster, and knows no other device.
    """

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        wide = x.float()
        centre = Sum.apply(wide.mean((0, 2, 3))) / size()
        wide = wide - centre.view(-1, 1, 1)
        var = Sum.apply(wide.square().mean((0, 2, 3))) / size()
        with torch.no_grad():
            n = x.numel() // x.shape[1] * size()
            self.running_mean.lerp_(centre, self.momentum)
            self.running_var.lerp_(var * n / (n - 1), self.momentum)
            self.num_batches_tracked += 1
        scale = self.weight * torch.rsqrt(var + self.eps)
        return (wide * scale.view(-1, 1, 1) + self.bias.view(-1, 1, 1)).to(x.dtype)


def wrap(module, device):
    """The module with gradients that are means over the processes; its parameters stay the same.

    Weights become those of the first process. Statistics of batch norms are of the whole batch in
    every process, so that they need not be sent.
    """
    if size() == 1:
        return module
    if device.type == "cuda":
        module = nn.SyncBatchNorm.convert_sync_batchnorm(module)
        return DistributedDataParallel(module, [device.index], broadcast_buffers=False)
    for part in module.modules():
        if type(part) is nn.BatchNorm2d:
            part.__class__ = SharedNorm
    return DistributedDataParallel(module, broadcast_buffers=False)


def seed_of(numbers):
    """One seed of several numbers; each order and length has its own."""
    return int(np.random.SeedSequence([len(numbers), *numbers]).generate_state(1, np.uint64)[0])


def seed(*numbers):
    """What is drawn from here on, on all devices, depends on the numbers alone."""
    random.seed(seed_of(numbers))
    torch.manual_seed(seed_of(numbers))


@contextlib.contextmanager
def seeded(*numbers):
    """What is drawn inside, on the CPU, depends on the numbers alone; outside all goes on."""
    state, tensors = random.getstate(), torch.get_rng_state()
    random.seed(seed_of(numbers))
    torch.default_generator.manual_seed(seed_of(numbers))
    try:
        yield
    finally:
        random.setstate(state)
        torch.set_rng_state(tensors)
