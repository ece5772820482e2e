"""Lettering that was found in a picture."""

from __future__ import annotations

from msgspec import Struct

SURE_WORDS, FEWEST_LETTERS = 0.8, 3
SURE_PLACE, WIDE = 0.5, 0.1
MOST_UNREAD_HEIGHT = 0.5  # of its width: a line of another script is longer than it is high


class Lettering(Struct, frozen=True):
    """A line: ``box`` is left, top, right, lower edge in fractions of the picture; ``score`` (0 to 1) how sure it is
    that there is one; ``words`` what it says as far as its script is read (Latin, Chinese, Japanese), and
    ``words_score`` how sure that is."""

    box: tuple[float, float, float, float]
    score: float
    words: str = ""
    words_score: float = 0.0

    @property
    def is_plain(self) -> bool:
        """Whether people would see it as lettering: it reads as several letters, or, in a script that is not read, is
        wide enough for a line of them. Windows of pagodas and grains of wood are neither."""
        letters = sum(letter.isalnum() for letter in self.words)
        if self.words_score >= SURE_WORDS and letters >= FEWEST_LETTERS:
            return True
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        unread = self.words_score < SURE_WORDS
        return unread and self.score >= SURE_PLACE and width > WIDE and height < MOST_UNREAD_HEIGHT * width
