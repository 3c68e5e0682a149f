"""Networks as Caffe's authors published them: a prototxt file -> the spec that it says, every value with its place."""

from inception_calc.spec_file.caffe.network import read_prototxt

__all__ = ["read_prototxt"]
