"""A first look at a spreadsheet by a process of its own, with bounded memory and time.

The reader of .xls and .ods believes what a damaged or hostile file says of its own extent: it then
asks for gigabytes and takes its process with it. Better that one than ours.
"""

import subprocess
import sys
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

SECONDS = 300


def is_bearable(file: Path, *, memory: int) -> bool:
    """Whether the file can be read within ``memory`` bytes, be it to an error in words."""
    command = [sys.executable, "-I", __file__, str(file), str(memory)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main(file: str, memory: int) -> None:
    _limit(memory)
    try:
        with Path(file).open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    for _ in book.get_sheet_by_name(sheet.name).iter_rows():
                        pass
    except CalamineError:
        return  # whoever reads it next is told the same


def _limit(memory: int) -> None:
    if sys.platform != "win32":  # where no limit can be set, the process still dies instead of us
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
