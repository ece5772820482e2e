"""Imposition: pages of any PDF on press sheets.

`scheme` is what people write, `stock` what they print on. `grid`, `order`, `folds`, `booklet`, `gang` and `turns` are
pure: they say which page stands where. `sources` opens PDFs, `imposed` brings both together, `sheet_pdf` writes them,
`marks` and `lettering` draw what stands around the pages, and `technical_drawing` shows a sheet with its dimensions."""
