"""fvcore on GoogLeNet: its own table, module by module. Its "flops" are multiply-adds."""

import torch
from fvcore.nn import FlopCountAnalysis, flop_count_table
from googlenet import googlenet

print(flop_count_table(FlopCountAnalysis(googlenet(), torch.zeros(1, 3, 224, 224)), max_depth=4))
