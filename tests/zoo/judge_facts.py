"""Numbers that others published or counted: the specs must give them. Texts such as 56.07M are rounded or truncated."""

ZOO, PEERS, RECALLED = "zoo.md", "peers.md", "recalled, not read again"
TV, TIMM, KERAS = "torchvision", "torchvision, timm", "torchvision, timm, keras"


def total(params=None, weights=None, ops=None, source=ZOO, **more):
    facts = {"params": params, "weights": weights, "ops": ops} | more
    return {
        name.replace("__", " ").replace("_of_", "."): (number, source)
        for name, number in facts.items()
        if number is not None
    }


TOTALS = {
    "lenet5": total(60_000, None, None, "the paper", connections=340_908) | total(None, 59_730, 325_680),
    "lenet_caffe": total(431_080, 430_500, 2_293_000, "Caffe file"),
    "alexnet": total(60_965_224, 60_954_656, 724_406_816, "Caffe files, burden", neurons=659_272),
    "alexnet@ungrouped": total(None, None, "1.135G"),
    "alexnet_owt": total(61_100_840, 61_090_496, 714_188_480, "torchvision, Caffe file"),
    "zfnet": total(62_357_608, 62_347_040, 1_168_032_896, "Caffe file, torch"),
    "vgg_a": total(132_863_336, 132_851_392, 7_609_090_048, "torchvision, timm, Caffe file"),
    "vgg_a_lrn": total(132_863_336, 132_851_392, 7_609_090_048),
    "vgg_b": total(133_047_848, 133_035_712, 11_308_466_176, TIMM),
    "vgg_b@shallow_5x5": total(134_503_528, None, 9_356_017_664),
    "vgg_c": total("133.64M", source="the paper's 134M; zoo.md"),
    "vgg_d": total(138_357_544, 138_344_128, 15_470_264_320, KERAS + ", Caffe file"),
    "vgg_e": total(143_667_240, 143_652_544, 19_632_062_464, KERAS),
    "googlenet": total(
        6_998_552,
        6_990_272,
        1_582_671_872,
        "three Caffe files, an ONNX file",
        depth=22,
        depth_with_pools=27,
        training__params=13_378_280,
        training__weights=13_365_696,
        training__ops=1_591_044_096,
        heads_of_params=6_379_728,
    ),
    "googlenet@naive": total("97.5M", None, "12.57G"),
    "googlenet@separable_conv1": total(6_991_856, 6_983_576, 1_498_677_248),
    "googlenet@torchvision": total(
        6_624_904, 6_609_344, 1_498_376_192, TV, training__params=13_004_888, training__ops=1_506_748_416
    ),
    "inception_module": total(None, None, 271_351_808),
    "inception_module@bottleneck": total(None, None, 271_351_808),
    "inception_module@naive": total(None, None, 854_196_224, "the lecture's 854M; zoo.md"),
    "bn_inception": total(None, "11.26M", "2.03G", depth=34),
    "bn_inception@depths_as_printed": total(None, "11.2M", "2.02G"),
    "inception_v2_rethinking": total("26.4M", None, "6.48G", depth=54),
    "inception_v2_rethinking@four_b": total("24.3M", None, "5.86G"),
    "inception_v3": total(
        23_834_568,
        23_799_136,
        5_713_216_096,
        KERAS + ", Caffe files, slim",
        depth=48,
        training__params=27_161_264,
        heads_of_params=3_326_696,
        heads_of_ops=5_683_200,
    ),
    "inception_v4": total(None, None, "12.25G") | total("42.68M", source="timm (recalled)"),
    "inception_resnet_v1": total(None, None, "6.21G")
    | total(22_756_328, source="facenet's 22,564,096, through its claim"),
    "inception_resnet_v2": total(None, None, "13.16G") | total("55.84M", source="timm (recalled)"),
    "inception_resnet_v2@paper": total("32.4M", None, "9.26G"),
    "xception": total(22_855_952, source="the paper, keras"),
    "overfeat_fast": total("145.92M", None, "2801.4M", connections="2802.2M"),
    "overfeat_accurate": total("144.66M", None, "5355.4M", connections="5357.5M"),
    "cnn_f": total(None, None, "724.0M"),
    "cnn_m": total(102_908_520, None, "1.676G"),
    "cnn_s": total(102_908_520, None, "2.638G"),
    "cnn_s@paper_pad1": total(102_908_520, None, "2.928G"),
    "nin_cifar10": total("0.97M", source=RECALLED),
    "nin_imagenet": total("7.6M", source=RECALLED),
    "spp_zf5@nospp": total("62.36M"),
    "spp_zf5@bins30": total("56.07M"),
    "spp_convnet5@nospp": total(None, None, "3.04G"),
    "resnet50": total(25_557_032, None, 4_089_184_256, PEERS, depth=50),
    "resnet50@paper": total(25_557_032, None, 3_857_973_248, PEERS),
    "mobilenet_v2": total(3_504_872, None, 300_774_272, PEERS),
    "densenet121": total(7_978_856, None, 2_834_161_664, PEERS, depth=121),
}

# a net with other symbols: (spec@variant, symbols, metric, number), all from zoo.md
CHANGED = [
    ("googlenet", {"width_multiplier": 2}, "ops", 1_463_633_920 * 4 + 119_037_952 * 2),
    ("googlenet", {"width_multiplier": "0.5"}, "ops", "425M"),
    ("googlenet", {"width_multiplier": "0.5"}, "params", "2.01M"),
    ("googlenet", {"width_multiplier": 4}, "ops", "23.9G"),
    ("googlenet", {"width_multiplier": 4}, "params", "99.5M"),
    ("alexnet", {"height": 224, "width": 224}, "ops", 720_608_384),
    ("alexnet", {"classes": 200}, "params", 57_687_624),
    ("alexnet", {"classes": 200}, "ops", 721_130_016),
]


def row(output, weights=None, params=None, ops=None, **more):
    facts = {"output": output, "weights": weights, "params": params, "ops": ops} | more
    return {name: number for name, number in facts.items() if number is not None}


def outputs(**sizes):
    return {name: row(size) for name, size in sizes.items()}


ROWS = {
    "lenet5": {
        "C1": row("28x28x6", None, 156, connections=122_304),
        "S2": row("14x14x6", None, 12, connections=5_880),
        "C3": row("10x10x16", None, 1_516, connections=151_600),
        "S4": row("5x5x16", None, 32, connections=2_000),
        "C5": row("1x1x120", None, 48_120),
        "F6": row("1x1x84", None, 10_164),
        "output": row("1x1x10", connections=840),
    },
    "googlenet": {
        "conv1": row("112x112x64", 9_408, 9_472, 118_013_952),
        "pool1": row("56x56x64"),
        "conv2": row("56x56x192", 114_688, 114_944, 359_661_568),
        "pool2": row("28x28x192"),
        "3a": row("28x28x256", 163_328, 163_696, 128_049_152),
        "3b": row("28x28x480", 388_096, 388_736, 304_267_264),
        "4a": row("14x14x512", 375_552, 376_176, 73_608_192),
        "4b": row("14x14x512", 448_512, 449_160, 87_908_352),
        "4c": row("14x14x512", 509_440, 510_104, 99_850_240),
        "4d": row("14x14x528", 604_672, 605_376, 118_515_712),
        "4e": row("14x14x832", 867_328, 868_352, 169_996_288),
        "5a": row("7x7x832", 1_042_432, 1_043_456, 51_079_168),
        "5b": row("7x7x1024", 1_442_816, 1_444_080, 70_697_984),
        "linear": row("1x1x1000", 1_024_000, 1_025_000, 1_024_000),
        "loss1": {"params": 3_188_840, "ops": 4_169_728},
        "loss2": {"params": 3_190_888, "ops": 4_202_496},
    },
    "googlenet@separable_conv1": {"conv1": row("112x112x64", 2_712, 2_776, 34_019_328)},
    "googlenet@naive": {
        "3a": row("28x28x416"),
        "3b": row("28x28x832"),
        "4a": row("14x14x1280"),
        "4b": row("14x14x1728"),
        "4c": row("14x14x2176"),
        "4d": row("14x14x2640"),
        "4e": row("14x14x3344"),
        "5a": row("7x7x4048"),
        "5b": row("7x7x4944"),
        "linear": row("1x1x1000", 4_944_000),
    },
    "inception_module": {"module": row("28x28x480")},
    "inception_module@naive": {"module": row("28x28x672")},
    "bn_inception": {
        "3a": row("28x28x256"),
        "3b": row("28x28x320"),
        "3c": row("14x14x576"),
        "4b": row("14x14x576"),
        "4c": row("14x14x608"),
        "4d": row("14x14x608"),
        "4e": row("7x7x1056"),
        "5b": row("7x7x1024"),
    },
    "bn_inception@depths_as_printed": {"4c": row("14x14x576"), "4d": row("14x14x576"), "4e": row("7x7x1024")},
    "inception_v2_rethinking": outputs(
        conv1="149x149x32",
        conv2="147x147x32",
        conv3="147x147x64",
        pool1="73x73x64",
        conv4="71x71x80",
        conv5="35x35x192",
        conv6="35x35x288",
        fig5="35x35x288",
        fig6="17x17x768",
        fig7="8x8x2048",
    ),
    "inception_v3": outputs(
        Conv2d_1a_3x3="149x149x32",
        Conv2d_2a_3x3="147x147x32",
        MaxPool_3a_3x3="73x73x64",
        Conv2d_4a_3x3="71x71x192",
        MaxPool_5a_3x3="35x35x192",
        Mixed_5b="35x35x256",
        Mixed_5c="35x35x288",
        Mixed_5d="35x35x288",
        Mixed_6a="17x17x768",
        Mixed_6e="17x17x768",
        Mixed_7a="8x8x1280",
        Mixed_7c="8x8x2048",
    ),
    "inception_v4": {
        "stem": row("35x35x384"),
        "A": row("35x35x384"),
        "reduction A": row("17x17x1024"),
        "B": row("17x17x1024"),
        "reduction B": row("8x8x1536"),
        "C": row("8x8x1536"),
    },
    "inception_resnet_v1": {
        "conv6": row("35x35x256"),
        "reduction A": row("17x17x896"),
        "reduction B": row("8x8x1792"),
        "C": row("8x8x1792", None, 5 * 1_600_768),
    },
    "inception_resnet_v2": outputs(
        Mixed_5b="35x35x320", Mixed_6a="17x17x1088", Mixed_7a="8x8x2080", Conv2d_7b_1x1="8x8x1536"
    ),
    "inception_resnet_v2@paper": outputs(Mixed_5b="35x35x384", Mixed_6a="17x17x1152", Mixed_7a="8x8x2144"),
    "xception": outputs(
        conv1="149x149x32",
        conv2="147x147x64",
        entry1="74x74x128",
        entry2="37x37x256",
        entry3="19x19x728",
        middle="19x19x728",
        exit="10x10x1024",
        sep2="10x10x2048",
    ),
    "alexnet": outputs(conv1="55x55x96", pool1="27x27x96", conv2="27x27x256", pool2="13x13x256", pool5="6x6x256"),
    "alexnet_owt": outputs(conv1="55x55x64", pool5="6x6x256"),
    "zfnet": outputs(conv1="110x110", pool1="55x55", conv2="26x26", pool2="13x13", conv5="13x13x256", pool5="6x6x256"),
    "overfeat_fast": outputs(conv1="56x56", pool1="28x28", conv2="24x24", pool2="12x12", pool5="6x6x1024"),
    "overfeat_accurate": outputs(conv1="108x108", pool1="36x36", conv2="30x30", pool2="15x15", pool6="5x5x1024"),
    "cnn_f": outputs(conv1="54x54", pool1="27x27", pool2="13x13", pool5="6x6x256"),
    "cnn_m": outputs(conv1="109x109", pool1="54x54", conv2="26x26", pool2="13x13", pool5="6x6x512"),
    "cnn_s": outputs(conv1="109x109", pool1="37x37", conv2="33x33", pool2="17x17", pool5="6x6x512"),
    "cnn_s@paper_pad1": outputs(pool5="6x6x512"),
    "nin_cifar10": outputs(pool1="16x16", pool2="8x8", pool3="1x1x10"),
    "nin_imagenet": outputs(conv1="54x54", pool1="27x27", pool2="13x13", pool3="6x6", pool4="1x1x1000"),
    "vgg_d": outputs(pool5="7x7x512"),
    "vgg_b@shallow_5x5": outputs(pool5="7x7x512"),
    "spp_zf5": outputs(conv1="110x110", pool1="55x55", conv2="26x26", pool2="13x13", conv5="13x13x256"),
    "spp_zf5@pad1": outputs(conv2="27x27", pool2="13x13"),
    "spp_zf5@nospp": outputs(spp="6x6x256"),
    "spp_convnet5": outputs(conv1="55x55", pool2="27x27", pool3="13x13"),
    "spp_convnet5@nospp": outputs(spp="6x6x256"),
    "spp_overfeat5": outputs(conv1="109x109", pool1="36x36", pool2="18x18"),
    "spp_overfeat5@nospp": outputs(spp="6x6x512"),
    "spp_overfeat7": outputs(conv7="18x18x512"),
    "spp_overfeat7@nospp": outputs(spp="6x6x512"),
}
