"""Every format by its name."""

from collections.abc import Mapping

from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.export.formats.keras_file import KERAS
from rnnbuild.export.formats.litert import LITERT
from rnnbuild.export.formats.onnx import ONNX
from rnnbuild.export.formats.saved_model import SAVED_MODEL

FORMATS: Mapping[str, ExportFormat] = {
    format.name: format for format in (ONNX, SAVED_MODEL, LITERT, KERAS)
}
