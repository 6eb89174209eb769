"""The workbook (xlsx) in which somebody answers without a connection: written here, and read back."""

from assessments.offline.workbook.layout import Stamp
from assessments.offline.workbook.reading import MAX_BYTES, Filled, Row, read
from assessments.offline.workbook.writing import Pages, write

__all__ = ["MAX_BYTES", "Filled", "Pages", "Row", "Stamp", "read", "write"]
