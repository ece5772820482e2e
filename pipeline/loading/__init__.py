"""Parts of the stage `load`: one file for each kind of thing a campaign is made of, and for what ties them together."""
