"""The sample company: invented people, firms and figures in four languages, for demos and tests.

`company` is pure; `write` lays it down as the files that such a company would export.
"""

from legato.sample.company import Company
from legato.sample.generating import company
from legato.sample.writing import write

__all__ = ["Company", "company", "write"]
