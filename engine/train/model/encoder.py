# SPDX-License-Identifier: Apache-2.0
"""View encoder: ResNet of basic blocks (He 2016, torchvision layout), no pool, no classifier."""
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, c_in, c_out, stride, eps):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out, eps=eps)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out, eps=eps)
        self.downsample = None
        if stride != 1 or c_in != c_out:
            self.downsample = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False),
                                            nn.BatchNorm2d(c_out, eps=eps))

    def forward(self, x):
        skip = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(x)) + skip, inplace=True)


class Encoder(nn.Module):
    """Pictures [B, 1, 224, 224] -> features [B, d_I, 14, 14] after the last stage that exists."""

    def __init__(self, channels, width, blocks, out_stage, bn_eps):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width, eps=bn_eps)
        c_in = width
        for stage in range(1, out_stage + 1):
            c_out = width * 2 ** (stage - 1)
            layer = nn.Sequential()
            for j in range(blocks[stage - 1]):
                stride = 2 if stage > 1 and j == 0 else 1
                layer.add_module(str(j), BasicBlock(c_in, c_out, stride, bn_eps))
                c_in = c_out
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
