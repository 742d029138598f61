"""mkdocs hooks: add pages from outside docs/, and adapt the links to them.

mkdocs calls the functions `on_...` by name, see `mkdocs.yml`.
"""

import pkgutil
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from scripts.project import ROOT

CLIENT: Final = "pinecone_control"
OPERATIONS: Final = "pinecone_control_api.api.manage_indexes"
FIRST: Final = ("Pinecone", "AsyncPinecone", "Page", "AsyncPage", "AsyncFirstPage")
"""The most important names, which come first; the others follow alphabetically."""
DOCSTRING: Final = """\
::: {}
    options:
      members: false
      show_root_heading: false
      show_root_toc_entry: false
"""
SOURCES: Final = """\
[Where statements about the service come from]\
(<../README.md#where-statements-about-the-service-come-from>) explains words in parentheses, such as
*(contract)* and *(assumption)*.
"""
"""A note on every page of the reference. `_LINK` does not match a link in angle brackets, and so
`../README.md` stays the page in docs/."""
ROOT_PAGES: Final = {
    "README.md": "overview.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
"""Files outside docs/ that the site includes, and the names of their pages."""
_LINK: Final = re.compile(r"\[([^\]]+)\]\((?!\w+:|#)([\w./-]+)((?:#[\w-]+)?)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference, and those from outside docs/."""
    for name, text in reference().items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    for name, target in ROOT_PAGES.items():
        text = (ROOT / name).read_text("utf-8")
        files.append(File.generated(config, target, content=_LINK.sub(_from_root, text)))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Point links out of docs/ to pages of the site, or make them plain text if there is none."""
    return _LINK.sub(lambda link: _on_site(link, link[2].removeprefix("../")), markdown)


def _from_root(link: re.Match[str]) -> str:
    """Return a link of a file outside docs/ relative to docs/."""
    name = link[2].removeprefix("docs/")
    return f"[{link[1]}]({name if name != link[2] else f'../{name}'}{link[3]})"


def _on_site(link: re.Match[str], name: str) -> str:
    if name == link[2]:
        return link[0]
    return f"[{link[1]}]({ROOT_PAGES[name]}{link[3]})" if name in ROOT_PAGES else link[1]


def reference() -> dict[str, str]:
    """Return the Markdown of each reference page, with mkdocstrings' directives, by page name."""
    client = import_module(CLIENT)
    errors = [name for name in vars(client.errors) if name in client.__all__]
    models = client.models.__all__
    names = dict.fromkeys([*FIRST, *client.__all__])
    elsewhere = {*errors, *models, "errors", "models"}
    return {
        "client": page("Client", CLIENT, [name for name in names if name not in elsewhere]),
        "errors": page("Errors", f"{CLIENT}.errors", errors),
        "models": page("Models", f"{CLIENT}.models", models),
        "emulator": page("Emulator", f"{CLIENT}.emulator"),
        "contract": page("Contract checks", f"{CLIENT}.contract"),
        "pytest_plugin": page("pytest fixtures", f"{CLIENT}.pytest_plugin", fixtures()),
        "low_level": page("Low-level client", OPERATIONS, operations()),
    }


def page(title: str, module: str, names: Iterable[str] = ()) -> str:
    """Return a page with a module's docstring, and directives for names in it, by default all."""
    loaded = import_module(module)
    directives = [f"::: {module}.{name}" for name in names or loaded.__all__]
    return "\n\n".join([f"# {title}", DOCSTRING.format(module), SOURCES, *directives, ""])


def fixtures() -> list[str]:
    """Return the names of the pytest fixtures."""
    members = vars(import_module(f"{CLIENT}.pytest_plugin"))
    return [name for name in members if name.startswith("pinecone_")]


def operations() -> list[str]:
    """Return the names of the generated modules, one for each operation."""
    return [module.name for module in pkgutil.iter_modules(import_module(OPERATIONS).__path__)]
