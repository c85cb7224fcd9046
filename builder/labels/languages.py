"""Language tags as columns of a file of class names have them: BCP 47, as far as people need it."""

import re

_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie
ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv
mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm
rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts
tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
"""ISO 639-1."""

_THREE_LETTERS = """
agq asa ast bas bem bez bho brx ccp ceb cgg chr ckb dav dje doi dsb dua dyo ebu ewo fil fur gsw
guz haw hsb jgo jmc kab kam kde kea kgp khq kkj kln kok ksb ksf ksh lag lkt lrc luo luy mai mas
mer mfe mgh mgo mni mua mzn naq nds nmg nnh nus nyn pcm rof rwk sah saq sat sbp scn seh ses shi
smn syr szl teo twq tzm vai vun wae xog yav yrl yue zgh
"""
"""Languages of the Unicode CLDR that have no two letters in ISO 639-1."""

_KNOWN = frozenset(f"{_TWO_LETTERS} {_THREE_LETTERS}".split())
_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?")

_TRADITIONAL = ("TW", "HK", "MO")
"""Regions that write Chinese in traditional characters."""


def canonical_tag(text: str) -> str | None:
    """Return a tag as BCP 47 writes it: "zh-Hans" for "ZH_hans"; None for what is not a
    language."""
    match = _TAG.fullmatch(text.strip().lower().replace("_", "-"))
    if match is None or match[1] not in _KNOWN:
        return None
    language, script, region = match.groups()
    parts = (language, script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)


def looks_like_tag(text: str) -> bool:
    """Return whether a text has the form of a tag of two letters, known or not."""
    match = _TAG.fullmatch(text.strip().lower().replace("_", "-"))
    return match is not None and len(match[1]) == 2


def matching_tag(wanted: str, offered: list[str]) -> str | None:
    """Return the offered tag that serves a language: its own, else the first that matches.

    The region may differ ("pt-BR" serves "pt"), the script may not: traditional Chinese does not
    serve readers of simplified. The page chooses its own language likewise.
    """
    if wanted in offered:
        return wanted
    same = (tag for tag in offered if _language_and_script(tag) == _language_and_script(wanted))
    return next(same, None)


def _language_and_script(tag: str) -> tuple[str, str]:
    language, *rest = tag.split("-")
    script = next((part for part in rest if len(part) == 4), "")
    if language == "zh" and not script:
        script = "Hant" if rest and rest[-1] in _TRADITIONAL else "Hans"
    return language, script
