"""Run the Python blocks of one Markdown file in order, in one namespace: `run_blocks.py FILE`.

Lines of a traceback are those of the Markdown file. `await` may stand outside of functions, as in
`python -m asyncio` and in notebooks.
"""

import ast
import asyncio
import inspect
import sys
from pathlib import Path
from types import CodeType

from tests.docs.blocks import blocks_of


def main(path: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    with asyncio.Runner() as runner:
        for block in blocks_of(path):
            if block.language != "python" or block.not_run or block.is_test or block.file_name:
                continue
            for text, line in ((block.given, block.line), (block.text, block.line)):
                outcome = eval(_compiled(text, path, line), namespace)
                if inspect.iscoroutine(outcome):
                    runner.run(outcome)


def _compiled(text: str, path: Path, line: int) -> CodeType:
    tree = ast.increment_lineno(ast.parse(text, str(path)), line - 1)
    code: CodeType = compile(tree, str(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return code


if __name__ == "__main__":
    main(Path(sys.argv[1]))
