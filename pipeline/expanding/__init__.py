"""Parts of the stage `expand`: what is compiled once, rows, prompts, and what a layout says for a row."""
