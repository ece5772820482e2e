"""Texts: shaped by HarfBuzz, broken into lines, set letter by letter or by Typst."""
