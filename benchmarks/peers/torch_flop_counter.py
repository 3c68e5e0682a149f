"""torch's FlopCounterMode on GoogLeNet: its own table, module by module. Its flops are two a multiply-add."""

import torch
from googlenet import googlenet
from torch.utils.flop_counter import FlopCounterMode

model = googlenet()
with torch.no_grad(), FlopCounterMode(depth=4):
    model(torch.zeros(1, 3, 224, 224))
