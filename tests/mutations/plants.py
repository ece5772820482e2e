"""The faults: where each is put, and the tests that should notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plant:
    """In ``file`` (from the package's folder) the text ``old``, which stands there once, becomes ``new``."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]


UNEVEN = "tests/rendering/test_uneven_inputs.py"

PLANTS = {
    "contrast-of-the-best-tenth": Plant(
        "model/light.py", "at = ratios.size // 10", "at = ratios.size * 9 // 10", (UNEVEN,)
    ),
    "resolution-of-the-better-direction": Plant(
        "model/sheet.py", "return min(across, down)", "return max(across, down)", (UNEVEN,)
    ),
    "glyphs-of-the-first-family": Plant(
        "checks/glyphs.py",
        "missing(mark.text + markers, mark.families)",
        "missing(mark.text + markers, mark.families[:1])",
        ("tests/own_files/test_own_fonts.py",),
    ),
    "reused-money-of-the-new-pictures": Plant(
        "run/record.py",
        "if got.reused)",
        "if not got.reused)",
        ("tests/job/test_mixed_pictures.py::test_what_was_paid_before_is_told_apart_from_what_is_paid_now",),
    ),
    "reused-money-of-all-pictures": Plant(
        "run/record.py",
        " if got.reused)",
        ")",
        ("tests/job/test_mixed_pictures.py::test_what_was_paid_before_is_told_apart_from_what_is_paid_now",),
    ),
    "thumbnail-with-the-lower-right-bleed": Plant(
        "export.py",
        "(trim.x, trim.y, trim.right, trim.bottom)",
        "(trim.x, trim.y, sheet.boxes.bleed.right, sheet.boxes.bleed.bottom)",
        (UNEVEN,),
    ),
    "thumbnail-from-the-bleed's-corner": Plant(
        "export.py",
        "(trim.x, trim.y, trim.right, trim.bottom)",
        "(0, 0, trim.width, trim.height)",
        (UNEVEN,),
    ),
    "load-amounts-without-currency": Plant(
        "load/tables.py",
        "Amount(cell, currency) if isinstance(cell, Decimal) and currency else cell",
        "cell",
        ("tests/load", "tests/expand/test_localize.py",),
    ),
    "load-copy-least-conditions-first": Plant(
        "load/copy_lines.py",
        "(-len(met), met)",
        "(len(met), met)",
        ("tests/load", "tests/expand/test_layout_content.py",),
    ),
    "load-copy-with-blanks": Plant(
        "load/copy_lines.py",
        "bare_cells(table.column(column))",
        "table.column(column)",
        ("tests/load", "tests/expand/test_layout_content.py",),
    ),
    "load-a-file-outside": Plant(
        "load/tables.py",
        "except OutsideCampaign as outside:\n            self.reader.error(\"outside-campaign\", str(outside), place)\n            return None\n        if path is None:\n            _, findings",
        "except OutsideCampaign:\n            return None\n        if path is None:\n            _, findings",
        ("tests/load",),
    ),
    "expand-the-first-set-fastest": Plant(
        "expand/rows.py",
        "enumerate(lazy_product([axis.__iter__ for axis in self._axes]))",
        "enumerate(made[::-1] for made in lazy_product([axis.__iter__ for axis in self._axes[::-1]]))",
        ("tests/expand/test_expand_rows.py",),
    ),
    "expand-without-where": Plant(
        "expand/rows.py",
        "if parts.where is not None:",
        "if False:",
        ("tests/expand/test_expand_rows.py",),
    ),
    "expand-place-of-the-last-set": Plant(
        "expand/rows.py",
        "if part[0] in names), chosen[0][3])",
        "if part[0] in names), chosen[-1][3])",
        ("tests/expand/test_expand_rows.py",),
    ),
    "plan-uses-counted-once": Plant(
        "plan/__init__.py",
        "uses[use.key] = uses.get(use.key, 0) + 1",
        "uses[use.key] = 1",
        ("tests/job/test_plan_overlays.py", "tests/advice/test_suggested_masters.py",),
    ),
    "plan-the-last-take-for-more": Plant(
        "plan/__init__.py",
        "min(take, self._job.pictures[slot].takes)",
        "1",
        ("tests/job/test_plan_overlays.py", "tests/job/test_job_runs.py",),
    ),
    "buy-unknown-money-is-free": Plant(
        "generate/buy/budget.py",
        "self.spent + self.unknown + self.in_flight",
        "self.spent + self.in_flight",
        ("tests/buying/test_buying_budget.py",),
    ),
    "buy-up-to-below-the-cap": Plant(
        "generate/buy/budget.py",
        "room is None or expected <= room",
        "room is None or expected < room",
        ("tests/buying/test_buying_budget.py",),
    ),
    "buy-a-factor-that-sinks": Plant(
        "generate/buy/budget.py",
        "if cost is not None and quote and cost > self.expected(quote, model):",
        "if cost is not None and quote:",
        ("tests/buying/test_buying_budget.py",),
    ),
    "buy-the-rest-rounded-down": Plant(
        "model/dollars.py",
        "amount.quantize(CENT, ROUND_UP)",
        "amount.quantize(CENT, 'ROUND_DOWN')",
        ("tests/buying/test_buying_budget.py",),
    ),
    "buy-losses-are-never-forgiven": Plant(
        "generate/buy/breaker.py",
        "        self._proven.add(kind)\n        self._lost = 0\n",
        "        self._proven.add(kind)\n",
        ("tests/buying/test_breaker.py",),
    ),
    "buy-no-first-call-of-a-mask": Plant(
        "generate/buy/breaker.py",
        "bool(request.mask), ",
        "",
        ("tests/buying/test_kinds_of_calls.py",),
    ),
    "buy-two-runs-over-the-budget": Plant(
        "stores/tables/attempts.py",
        "committed > within.usd",
        "committed > within.usd * 9",
        ("tests/buying/test_runs_at_once.py",),
    ),
    "buy-all-by-batch-at-once": Plant(
        "generate/buy/batches/trial.py",
        "(0 if kind in busy else MOST_IN_A_ROW)",
        "99",
        ("tests/batching/test_batch_trial.py",),
    ),
    "fetch-from-whoever-asks": Plant(
        "providers/openai/addresses.py",
        "host == one or (one[0] == \".\" and host.endswith(one))",
        "host",
        ("tests/providers/test_openai_servers.py",),
    ),
    "fetch-from-private-networks": Plant(
        "providers/openai/addresses.py",
        "if not meant and not ",
        "if meant and not ",
        ("tests/providers/test_openai_servers.py",),
    ),
    "keep-the-key-for-defaults-unsaid": Plant(
        "providers/openai/parameters.py",
        "every = {**self.understood, **self.named, **self.body}",
        "every = {**self.named, **self.body}",
        ("tests/providers/test_openai_requests.py",),
    ),
    "retouch-steps-backwards": Plant(
        "retouch.py",
        "for number, step in enumerate(steps):",
        "for number, step in reversed([*enumerate(steps)]):",
        (UNEVEN,),
    ),
    "retouch-key-without-the-order-of-steps": Plant(
        "retouch.py",
        "[digest, [step.recipe(colors) for step in steps]]",
        "[digest, sorted([step.recipe(colors) for step in steps], key=str)]",
        ("tests/rendering/test_steps_and_records.py", "tests/rendering/test_rendering_keys.py",),
    ),
    "retouch-alpha-lost": Plant(
        "graphics/photos/photo.py",
        "plain.putalpha(alpha)",
        "plain.putalpha(255)",
        ("tests/rendering/test_steps_and_records.py",),
    ),
    "compose-shapes-below-the-first-picture": Plant(
        "compose/lifted.py",
        "_laid(mark, over, at <= top)",
        "_laid(mark, over, at < top - 1)",
        ("tests/rendering/test_composed_cases.py",),
    ),
    "compose-cover-without-an-edge": Plant(
        "model/placement.py",
        "y = min(max(focus[1] - height / 2, 0.0), 1 - height)",
        "y = max(focus[1] - height / 2, 0.0)",
        ("tests/rendering/test_composed_cases.py", "tests/rendering/test_rendered_geometry.py",),
    ),
    "compose-contain-to-the-other-side": Plant(
        "model/placement.py",
        "\"left\": 0.0, \"center\": 0.5, \"right\": 1.0",
        "\"left\": 1.0, \"center\": 0.5, \"right\": 0.0",
        ("tests/rendering/test_rendered_geometry.py", "tests/rendering/test_composed_cases.py",),
    ),
    "plate-a-shade-to-the-wrong-edge": Plant(
        "graphics/plates/placed_pixels.py",
        'if mark.towards in ("top", "left"):',
        'if mark.towards in ("top", "right"):',
        ("tests/rendering/test_rendered_plates.py",),
    ),
    "plate-key-without-the-ground": Plant(
        "plate.py",
        "plain(boxes), plain(ground), canvas.density",
        "plain(boxes), canvas.density",
        ("tests/rendering/test_rendering_keys.py", "tests/rendering/test_sheet_workers.py",),
    ),
    "typeset-a-logo-at-the-top": Plant(
        "model/spans.py",
        '"end": 1.0, "bottom": 1.0',
        '"end": 1.0, "bottom": 0.5',
        ("tests/rendering/test_rendered_geometry.py", "tests/rendering/test_drawn_artwork.py",),
    ),
    "compose-ink-without-its-overhang": Plant(
        "compose/text_fit.py",
        "max(least, reached - out)",
        "max(least, reached)",
        ("tests/rendering/test_text_fit.py",),
    ),
    "compose-tracking-behind-the-last-letter": Plant(
        "graphics/texts/glyphs.py",
        "if one != following]",
        "]",
        ("tests/rendering/test_reckoned_fit.py",),
    ),
    "compose-a-break-behind-every-hyphen": Plant(
        "graphics/texts/line_breaks.py",
        "\"-N\", \"/H\"",
        "\"/H\"",
        ("tests/rendering/test_reckoned_fit.py", "tests/rendering/test_text_fit.py"),
    ),
    "vectors-set-in-company": Plant(
        "run/worker/sheet_tasks.py",
        "elif page.has_vectors:",
        "elif False:",
        ("tests/rendering/test_sheets_together.py",),
    ),
    "contrast-of-the-lighter-end": Plant(
        "model/light.py",
        "nearest = min(max(own, darkest), lightest)",
        "nearest = lightest",
        ("tests/rendering/test_grounds.py",),
    ),
    "ground-without-the-shapes-on-it": Plant(
        "graphics/plates/ground.py",
        "            lower.append(mark)",
        "            pass",
        ("tests/rendering/test_grounds.py",),
    ),
    "export-quality-forgotten": Plant(
        "export.py",
        "quality=quality,\n        crop_marks",
        "quality=92,\n        crop_marks",
        ("tests/rendering/test_screen_files.py",),
    ),
    "check-bleed-but-the-bottom": Plant(
        "checks/page_edges.py",
        "(\"bottom\", rect.bottom >= trim.bottom - NEAR, rect.bottom >= out.bottom - NEAR)",
        "(\"bottom\", False, True)",
        ("tests/rendering/test_checked_sheets.py", UNEVEN,),
    ),
    "check-a-code's-mildest-ground": Plant(
        "checks/codes.py",
        "numpy.quantile(ground, 0.1)",
        "numpy.quantile(ground, 0.9)",
        ("tests/rendering/test_checked_sheets.py", UNEVEN,),
    ),
    "check-quiet-but-the-right": Plant(
        "checks/codes.py",
        "min(inspection.page.width, right), min",
        "min(inspection.page.width, _pixels(core, scale, 0)[2]), min",
        ("tests/rendering/test_checked_sheets.py", UNEVEN,),
    ),
    "deliver-over-the-latest": Plant(
        "deliver.py",
        "beside.symlink_to(folder.name, target_is_directory=True)",
        "beside.symlink_to(folder.resolve(), target_is_directory=True)",
        ("tests/job/test_delivering.py",),
    ),
    "deliver-a-half-run-stays": Plant(
        "deliver.py",
        "shutil.rmtree(folder, ignore_errors=True)  # the store keeps what is done",
        "pass",
        ("tests/job/test_delivering.py", "tests/job/test_bad_input.py",),
    ),
    "manifest-formulas": Plant(
        "manifest/__init__.py",
        "in \"=+-@\\t\\r\"",
        "in \"=\"",
        ("tests/rendering/test_steps_and_records.py",),
    ),
    "manifest-warnings-of-errors": Plant(
        "manifest/__init__.py",
        "severities.count(Severity.WARNING)",
        "severities.count(Severity.ERROR)",
        ("tests/rendering/test_steps_and_records.py",),
    ),
    "deliver-killed-runs-stay": Plant(
        "deliver.py",
        "            shutil.rmtree(folder, ignore_errors=True)\n    with",
        "            pass\n    with",
        ("tests/job/test_somebody_elses_campaign.py",),
    ),
    "stores-a-damaged-row-is-believed": Plant(
        "stores/sqlite/database.py",
        "THEN json_type({column}) = 'object' ELSE",
        "THEN 1 ELSE",
        ("tests/job/test_damaged_journal.py",),
    ),
    "expressions-filters-without-parentheses": Plant(
        "language/expression_faults.py",
        "return open_left or (",
        "return (",
        ("tests/reading/test_reading_expressions.py",),
    ),
    "decisions-an-approval-beats-a-rejection": Plant(
        "decisions/latest_decisions.py",
        "rejections or (words if len(words) == len(keys) else [])",
        "words if len(words) == len(keys) else []",
        ("tests/job/test_decisions.py",),
    ),
    "decisions-the-first-word": Plant(
        "decisions/latest_decisions.py",
        "return max((*([own]",
        "return min((*([own]",
        ("tests/job/test_decisions.py",),
    ),
    "stores-a-paid-picture-is-replaced": Plant(
        "stores/tables/results.py",
        "results.kind <> '{PICTURE}' OR",
        "results.kind <> '{PICTURE}x' OR",
        ("tests/stores/test_journal_results.py",),
    ),
    "stores-money-settled-twice": Plant(
        "stores/tables/attempts.py",
        "WHERE id = ? AND state = 'open'\"",
        "WHERE id = ?\"",
        ("tests/stores/test_journal_money.py",),
    ),
    "stores-unpriced-is-nothing": Plant(
        "stores/tables/attempts.py",
        "if attempt.quoted_usd is None:\n                unpriced += 1",
        "if attempt.quoted_usd is None:\n                unpriced += 0",
        ("tests/stores/test_journal_money.py",),
    ),
    "stores-read-unchecked": Plant(
        "stores/folder/objects.py",
        "if hashlib.sha256(data).hexdigest() != digest:",
        "if not data:",
        ("tests/stores/test_folder_store.py",),
    ),
}
