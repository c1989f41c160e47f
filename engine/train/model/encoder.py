# SPDX-License-Identifier: Apache-2.0
"""View encoder: ResNet (He 2016, torchvision layout and names), no pool, no classifier."""
from torch import nn
from torch.nn import functional as F


def downsample(c_in, c_out, stride, eps):
    """What brings the input of a block to the shape of its output; None if it has it."""
    if stride == 1 and c_in == c_out:
        return None
    return nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False),
                         nn.BatchNorm2d(c_out, eps=eps))


class BasicBlock(nn.Module):
    times = 1  # channels that come out, in units of the width

    def __init__(self, c_in, width, stride, eps):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width, eps=eps)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width, eps=eps)
        self.downsample = downsample(c_in, width, stride, eps)

    def forward(self, x):
        skip = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(x)) + skip, inplace=True)


class Bottleneck(nn.Module):
    """The stride is in the 3x3 (v1.5)."""
    times = 4

    def __init__(self, c_in, width, stride, eps):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width, eps=eps)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width, eps=eps)
        self.conv3 = nn.Conv2d(width, self.times * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(self.times * width, eps=eps)
        self.downsample = downsample(c_in, self.times * width, stride, eps)

    def forward(self, x):
        skip = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = F.relu(self.bn2(self.conv2(x)), inplace=True)
        return F.relu(self.bn3(self.conv3(x)) + skip, inplace=True)


BLOCKS = {"resnet18": BasicBlock, "resnet50": Bottleneck}


class Encoder(nn.Module):
    """Pictures [B, C, 224, 224] -> features [B, d_I, side, side] after the last stage."""

    def __init__(self, channels, arch, width, blocks, out_stage, bn_eps):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width, eps=bn_eps)
        c_in = width
        for stage in range(1, out_stage + 1):
            narrow = width * 2 ** (stage - 1)
            layer = nn.Sequential()
            for j in range(blocks[stage - 1]):
                stride = 2 if stage > 1 and j == 0 else 1
                layer.add_module(str(j), BLOCKS[arch](c_in, narrow, stride, bn_eps))
                c_in = BLOCKS[arch].times * narrow
            self.add_module(f"layer{stage}", layer)
        self.out_stage = out_stage
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        """Also the stage before: [B, d_I / 2, 28, 28]."""
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(1, self.out_stage + 1):
            before, x = x, getattr(self, f"layer{stage}")(x)
        return x, before
