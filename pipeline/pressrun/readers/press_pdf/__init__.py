"""Press PDFs of anybody, read back: what is on their pages (`facts`), and what a printer would send back (`judging`).

`document` opens a file, `boxes`, `colors`, `fonts` and `images` know one thing each, `content` walks the pages.
"""
