"""How a wheel comes to carry the repository's own ``templates/``: named in pyproject.toml, used by setuptools alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools.command.build_py import build_py

TEMPLATES = Path("templates")
IN_THE_PACKAGE = Path("pressrun/commands/starter/templates")


class BuildWithTemplates(build_py):
    """Puts them beside the starter campaign. A symbolic link would do the same, but gets lost in ZIP files."""

    def run(self) -> None:
        if not self.editable_mode:  # what an older build left there would go into the wheel
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:  # a working copy uses its own templates/
            for file in _templates():
                target = Path(self.build_lib) / IN_THE_PACKAGE / file.relative_to(TEMPLATES)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)

    def get_source_files(self) -> list[str]:
        """What a source distribution has to have as well."""
        return [*super().get_source_files(), *map(str, _templates())]


def _templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file() and not path.name.startswith("."))
