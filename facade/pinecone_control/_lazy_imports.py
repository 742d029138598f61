"""Public names of a package, listed in its stub and imported when they are first used.

A package lists its public names once, in the `__init__.pyi` next to its `__init__.py`, in lines
``from module import Name as Name``. Type checkers, editors and this module read that file.
"""

import sys
from collections.abc import Callable
from importlib import import_module


def lazy_names(
    package: str, *, extra: str | None = None
) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` for a package.

    Args:
        package: its `__name__`.
        extra: the extra of this project that installs the packages that the package needs.
    """
    namespace = sys.modules[package].__dict__
    # Read by the loader: the package may be in a zip file, or compiled without its source.
    stub = namespace["__spec__"].loader.get_data(f"{namespace['__path__'][0]}/__init__.pyi")
    homes = _listed(stub.decode())

    def get(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if homes[name] == package:
            return import_module(f"{package}.{name}")
        try:
            value = getattr(import_module(homes[name]), name)
        except ModuleNotFoundError as error:
            if extra is None:
                raise
            from pinecone_control._extras import how_to_install

            raise ImportError(
                f"{package} needs more packages ({error.name}). {how_to_install(extra)}",
                name=error.name,
            ) from error
        namespace[name] = value
        return value

    return get, lambda: sorted(homes.keys() | ({"__version__"} & namespace.keys())), sorted(homes)


def _listed(stub: str) -> dict[str, str]:
    imports = [line.split() for line in stub.splitlines() if line.startswith("from ")]
    return {name: home for _, home, _, _, _, name in imports}
