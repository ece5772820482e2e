"""The templates of a project as it was loaded: each compiled once, whatever rows are sent to the project later."""

from __future__ import annotations

import functools

from pressrun.language.file_names import part_of_a_name
from pressrun.language.filters import layout_filters, prompt_filters
from pressrun.language.templates import Templates
from pressrun.model.project import Project


class LoadedTemplates:
    """What depends on the files of a campaign alone."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.prompts = Templates(project.prompts, filters=prompt_filters())
        self.references = Templates()
        self.names_read = functools.cache(self._names_read)
        self.of_layouts = functools.lru_cache(maxsize=4)(_of_layouts)

    def _names_read(self, slot: str) -> frozenset[tuple[str, str | None]]:
        """What the templates of a picture slot read: pairs of name and attribute, all templates together."""
        job, names = self._project.job, self._project.prompt_names
        options = job.pictures[slot]
        inspected = [self.references.inspect(source, "") for source, _ in options.names_written]
        todo = options.templates if job.provider_of(slot).READS_PROMPT else []
        seen: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in seen and name in names:
                seen.add(name)
                inspected.append(names[name])
                todo += [other for other, _ in names[name].others]
        return frozenset((use.name, use.attribute) for inspection in inspected for use in inspection.uses)


def _of_layouts(currency_sets: tuple[str, ...], currencies: frozenset[str]) -> tuple[Templates, Templates]:
    """The templates of texts and of file names, whose filters know the currencies of the rows."""
    filters = layout_filters(currency_sets, currencies)
    return Templates(filters=filters), Templates(filters=filters, finalize=part_of_a_name)


loaded_templates = functools.lru_cache(maxsize=4)(LoadedTemplates)  # by the project as it was loaded
