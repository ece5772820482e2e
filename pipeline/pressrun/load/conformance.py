"""What a job and its brand ask of pictures, where it can be had: learned parts, and faults for another take."""

from __future__ import annotations

from pressrun.graphics.learned import lettering
from pressrun.load.brand import LoadedBrand
from pressrun.load.campaign_reader import Reader
from pressrun.model.conformance import RETRY_ASKS, merged
from pressrun.model.job import Job
from pressrun.readers.yaml_source import YamlSource


def check_conformance(reader: Reader, job: Job, source: YamlSource, loaded: LoadedBrand | None) -> None:
    if loaded is None:
        return
    own = loaded.brand.conformance
    asked = merged(own, job.conformance)
    if asked and asked.lettering and (lack := lettering.lack()):
        in_job = job.conformance is not None and job.conformance.lettering
        place = (source if in_job else loaded.source).place(("conformance", "lettering"))
        reader.error("conformance-lacks", f"lettering cannot be looked for: {lack[0]}", place, lack[1])
    for name, slot in job.pictures.items():
        for number, word in enumerate(slot.retry.on if slot.retry else ()):
            needed = RETRY_ASKS.get(word, ())
            if asked is None or (needed and not any(getattr(asked, key) for key in needed)):
                place = source.place(("pictures", name, "retry", "on", number))
                keys = " or ".join(f"`{key}`" for key in needed)
                hint = f"write {keys} under `conformance`" if keys else "write `conformance:` in the brand or the job"
                reader.error("retry-unmeasured", f"nothing says when '{word}' is wrong", place, hint)
            elif (level := job.checks.get(word)) and level.level == "off":
                place = source.place(("pictures", name, "retry", "on", number))
                message, hint = f"'{word}' is switched off under `checks`", "leave one of them out"
                reader.error("retry-unmeasured", message, place, hint)
