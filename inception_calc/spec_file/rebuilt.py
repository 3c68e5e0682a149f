"""A loaded spec with other nodes: read and checked like a file, without going through text."""

from inception_calc.problems import Faults
from inception_calc.spec import read_spec
from inception_calc.spec.check import check
from inception_calc.spec_file.load import LoadedSpec
from inception_calc.spec_file.nodes import Mapping
from inception_calc.spec_file.places import plain


def rebuilt(loaded: LoadedSpec, root: Mapping) -> LoadedSpec:
    """The spec that `root` says, in place of what `loaded` was read from; raises `InputError`.

    Blocks may leave columns unread, as those that a variant changed may (language, rule 20).
    """
    changed = loaded._replace(root=root)
    try:
        spec = read_spec(plain(root))
    except Faults as found:
        raise changed.error(found) from None
    if faults := check(spec, spec.blocks, keeps_inputs=True):
        raise changed.error(Faults(faults))
    return changed._replace(spec=spec)
