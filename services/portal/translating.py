"""Which texts of pages still lack their English: python -m services.portal.translating.

Adds what is missing, without a translation, to translations/en/pages.po, and takes out what no
page says any more. A contract test fails while anything is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
CATALOGUE = HERE / "translations" / "en" / "pages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}


def said() -> list[str]:
    """Every text of templates and modules that is shown, in the order of their places."""
    found = extract_from_dir(HERE, METHODS, OPTIONS, keywords=KEYWORDS)
    texts = [message for _file, _line, message, _comments, _context in found]
    return list(dict.fromkeys(text for text in [*texts, *tables()] if isinstance(text, str)))


def tables() -> list[str]:
    """Texts that stand in tables of the code and are put into words by a name."""
    from services.portal.model import ROLE_NAMES  # noqa: PLC0415 - a tool's own
    from services.portal.pages import account, outside  # noqa: PLC0415
    from services.portal.pages.desk import credit, exports, orders  # noqa: PLC0415
    from services.portal.store import users  # noqa: PLC0415
    from services.portal.web import names, refusals  # noqa: PLC0415

    return [
        *ROLE_NAMES.values(),
        *account.REFUSALS.values(),
        *outside.TROUBLES.values(),
        *users.ACCOUNT_REFUSALS.values(),
        *refusals.TITLES.values(),
        *refusals.ADVICE.values(),
        *refusals.SENTENCES.values(),
        *refusals.PLAIN.values(),
        *names.SERVICES.values(),
        *orders.STEPS.values(),
        *credit.TWO_STEPS.values(),
        *(title for listing in exports.LISTINGS.values() for title in listing.columns),
        *STEPS,
    ]


# Names of steps that are shown after they were taken.
STEPS = (
    "下达责令改正通知书",
    "作废草稿",
    "记录拒绝整改",
    "制作文书",
    "检查人员签字",
    "作出检查结论",
    "企业代表签字",
    "取消检查",
    "答复申请",
    "标注异议",
    "合并企业档案",
    "判定为不同企业",
    "撤销合并",
    "重做导入",
)


def kept() -> Catalog:
    """The catalogue as it is in the repository."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def main() -> int:
    """Bring the catalogue up to what is said. Returns how many lack their English."""
    before = kept()
    after = Catalog(
        locale="en", project="bianque", charset="utf-8", creation_date=before.creation_date
    )
    for text in said():
        known = before.get(text)
        after.add(text, known.string if known else "")
    with CATALOGUE.open("wb") as file:
        write_po(file, after, no_location=True, omit_header=False, width=100)
    missing = [message.id for message in after if message.id and not message.string]
    sys.stdout.writelines(f"{text}\n" for text in missing)
    return len(missing)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
