"""The contact sheet: a run's assets as an HTML page that opens from disk.

Of a run of up to `BY_MAIL` files the page has everything inside, thumbnails too, and goes by mail. Of a longer one the
folder `FOLDER` beside it has the thumbnails as files, an index of all tiles, and page by page what the files say in
full, as classic scripts that hand over data and do nothing else: a page on disk may read no other file.

Names, copy and prompts come from other people's spreadsheets: they travel as escaped JSON, and the script places them
as text alone, never as markup. The pages' policy admits no address outside the disk.
"""

from pressrun.manifest.contact_sheet.cards import Card, CropShown, SheetHeader
from pressrun.manifest.contact_sheet.documents import (
    BY_MAIL,
    FOLDER,
    SHEET,
    Answers,
    front_page,
    one_file,
    standing_of,
)
from pressrun.manifest.contact_sheet.page_data import (
    PAGE_SIZE,
    RECIPE,
    THUMB_NAME,
    PageData,
    index_in,
    index_script,
    page_data,
    page_ends,
)

__all__ = [
    "BY_MAIL",
    "FOLDER",
    "PAGE_SIZE",
    "RECIPE",
    "SHEET",
    "THUMB_NAME",
    "Answers",
    "Card",
    "CropShown",
    "PageData",
    "SheetHeader",
    "front_page",
    "index_in",
    "index_script",
    "one_file",
    "page_data",
    "page_ends",
    "standing_of",
]
