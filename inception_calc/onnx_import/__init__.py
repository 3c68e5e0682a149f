"""Model in a file of another program -> spec: rows by module, blocks where they repeat, proved to count the same."""

from inception_calc.onnx_import.importing import Imported, import_spec

__all__ = ["Imported", "import_spec"]
