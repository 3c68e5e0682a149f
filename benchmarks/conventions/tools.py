"""The five counting tools behind one call each: a module and an input in, multiply-adds as the tool prints them out.

Needs an environment of its own (README.md beside this file); nothing of inception-calc is imported here.
"""

import contextlib
import importlib.metadata
import io
import warnings

import torch

warnings.filterwarnings("ignore")


def fvcore(net: torch.nn.Module, image: torch.Tensor) -> int:
    """`FlopCountAnalysis(net, image).total()`."""
    from fvcore.nn import FlopCountAnalysis

    count = FlopCountAnalysis(net, image)
    count.unsupported_ops_warnings(False)
    count.uncalled_modules_warnings(False)
    return int(count.total())


def thop(net: torch.nn.Module, image: torch.Tensor) -> int:
    """`thop.profile(net, inputs=(image,))`, the first number."""
    import thop

    return int(thop.profile(net, inputs=(image,), verbose=False)[0])


def ptflops(net: torch.nn.Module, image: torch.Tensor) -> int:
    """`get_model_complexity_info` with its default back end, `pytorch`."""
    from ptflops import get_model_complexity_info

    with contextlib.redirect_stdout(io.StringIO()):
        count, _ = get_model_complexity_info(
            net, tuple(image.shape[1:]), as_strings=False, print_per_layer_stat=False, verbose=False
        )
    return int(count or 0)


def torchinfo(net: torch.nn.Module, image: torch.Tensor) -> int:
    """`summary(net, ...)`, total mult-adds."""
    import torchinfo

    return int(torchinfo.summary(net, input_data=image, verbose=0).total_mult_adds)


def torchprofile(net: torch.nn.Module, image: torch.Tensor) -> int:
    """`profile_macs(net, image)`."""
    from torchprofile import profile_macs

    return int(profile_macs(net, image))


TOOLS = {"fvcore": fvcore, "thop": thop, "ptflops": ptflops, "torchinfo": torchinfo, "torchprofile": torchprofile}


def versions() -> dict[str, str]:
    """The versions that the figures are for."""
    return {name: importlib.metadata.version(name) for name in (*TOOLS, "torch", "torchvision")}
