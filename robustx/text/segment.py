"""Dictionary word segmentation for scripts without spaces, where the extra ``segment`` is installed.

A suite that is built with it says so in its signature, because other words mean other edits.
"""

from __future__ import annotations

from collections.abc import Iterable

from robustx.errors import MissingExtraError
from robustx.text.analysis import Segmenter
from robustx.text.words import word_spans


def dictionary_segmenter(language: str) -> tuple[Segmenter, str] | None:
    """A segmenter for the language and its name with version, or None where spaces (or the fallback) serve.

    Raises:
        MissingExtraError: the language has one and its package is not installed.
    """
    if language == "th":
        return _thai()
    if language == "zh":
        return _chinese()
    return None


def _spans(text: str, pieces: Iterable[str]) -> list[tuple[int, int]]:
    """Word spans of consecutive pieces, those without a letter or digit left out."""
    made, at = [], 0
    for piece in pieces:
        inner = word_spans(piece)
        if inner:
            made.append((at + inner[0][0], at + inner[-1][1]))
        at += len(piece)
    return made


def _thai() -> tuple[Segmenter, str]:
    try:
        from importlib.metadata import version

        from pythainlp.tokenize import word_tokenize
    except ImportError as error:
        raise MissingExtraError("Thai words by dictionary", "pythainlp", "segment") from error
    return lambda text: _spans(text, word_tokenize(text, engine="newmm")), f"pythainlp-{version('pythainlp')}"


def _chinese() -> tuple[Segmenter, str]:
    try:
        import logging
        from importlib.metadata import version

        import jieba
    except ImportError as error:
        raise MissingExtraError("Chinese words by dictionary", "jieba", "segment") from error
    jieba.setLogLevel(logging.WARNING)
    return lambda text: _spans(text, jieba.cut(text, HMM=False)), f"jieba-{version('jieba')}"
