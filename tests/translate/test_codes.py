"""Every language that robustx knows has a name in every family, or the family is known to lack it."""

from __future__ import annotations

import pytest
from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES as M2M100
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES as NLLB

from robustx.text.languages import language, languages
from robustx.translate import codes

XTREME = "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur vi yo zh"


def test_the_table_has_the_languages_that_robustx_has() -> None:
    assert list(codes.table()) == list(languages())
    assert set(XTREME.split()) <= set(codes.table())


NO_ENGINE = "bzd cni hch nah oto shp tar"
"""Languages of AmericasNLI that no family of engines has."""


@pytest.mark.parametrize("code", [code for code in languages() if code not in NO_ENGINE.split()])
def test_nllb_has_every_other_language_in_its_script(code: str) -> None:
    (name,) = codes.names("nllb", code)
    assert name in NLLB
    script = {"Kore": "Hang"}.get(language(code).script, language(code).script)
    assert name.endswith(f"_{script}")


@pytest.mark.parametrize("code", languages())
def test_m2m100_has_what_its_own_list_has(code: str) -> None:
    assert codes.names("m2m100", code) == ((code,) if code in M2M100["m2m100"] else ())


def test_m2m100_lacks_three_of_those_that_people_translate_into() -> None:
    small = {"as", "ay", "gn", "quy", *NO_ENGINE.split()}
    lacking = [code for code in languages() if not codes.names("m2m100", code)]
    assert [code for code in lacking if code not in small] == ["eu", "te", "zh-Hant"]


def test_a_language_that_no_family_has_is_known_by_its_iso_code_alone() -> None:
    for code in NO_ENGINE.split():
        assert [codes.names(family, code) for family in codes.FAMILIES] == [(), (), (), (code,)]


@pytest.mark.parametrize("code", XTREME.split())
def test_opus_mt_madlad_and_apertium_have_names_for_all_of_xtreme(code: str) -> None:
    assert codes.names("madlad", code)
    assert all(len(name.partition("_")[0]) == 3 for name in codes.names("iso639_3", code))


@pytest.mark.parametrize("family", codes.FAMILIES)
def test_no_name_serves_two_languages(family: str) -> None:
    names = [name for code in languages() for name in codes.names(family, code)]
    assert len(set(names)) == len(names)
