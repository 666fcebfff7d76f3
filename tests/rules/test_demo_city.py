"""The demonstration city: exact, repeatable, nobody's, and overdue in the right measure."""

import csv
import gzip
import io
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from services.demo import DemoFile, renewals, write_city
from services.demo.layouts import LAYOUTS, Layout
from services.registry.mapping import read_mapping
from services.registry.mapping.drafting import Draft, Drafting
from services.registry.reading import open_table

ON = date(2013, 12, 13)
CENSUS = {
    "enterprise": 3_474,
    "product": 949,
    "equipment": 32_813,
    "instrument": 62_401,
    "operator": 6_907,
    "licence": 612,
}
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_COLUMNS = "统一社会信用代码 信用代码 用人单位代码"
OWNER_COLUMNS = "使用单位名称 单位名称 供应单位 用人单位 企业名称 生产企业 生产单位"
KEY_COLUMNS = "档案编号 器具编号 表号 许可证编号"
PLACE = "(宝鸡市..区|宝鸡高新区|..县)"
SIXTY = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"
SERVICES = Path(__file__).parents[2] / "services"

Row = dict[str, str]
Rows = list[tuple[Layout, Row]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> list[DemoFile]:
    return write_city(tmp_path_factory.mktemp("city"), on=ON)


@pytest.fixture(scope="module")
def enterprises(city: list[DemoFile]) -> list[Row]:
    return [row for _, row in rows_of(city[:1])]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """A fifth of the city, all of it read."""
    return rows_of(write_city(tmp_path_factory.mktemp("town"), factor=0.2, on=ON))


def rows_of(files: list[DemoFile]) -> Rows:
    read = []
    for file in files:
        name = file.path.name.partition(".")[0].removeprefix("renewed_")
        layout, content = LAYOUTS[name], file.path.read_bytes()
        text = (gzip.decompress(content) if file.path.suffix == ".gz" else content).decode(
            layout.encoding
        )
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
        read += [(layout, row) for row in table]
    return read


def dated(rows: Rows) -> Rows:
    return [(layout, row) for layout, row in rows if layout.dated]


def counted(files: list[DemoFile]) -> Counter[str]:
    return sum((Counter({file.kind: file.rows}) for file in files), Counter())


def cell(row: Row, columns: str) -> str:
    return next(row[column] for column in columns.split() if column in row)


def words(name: str) -> list[str]:
    return (SERVICES / "demo" / "data" / name).read_text(encoding="utf-8").split()


def day(layout: Layout, row: Row, which: int) -> date | None:
    text = row[layout.dated[which]]
    return datetime.strptime(text, layout.date_format).date() if text else None  # noqa: DTZ007


def months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def overdue(layout: Layout, row: Row) -> bool:
    done_on, due_on = day(layout, row, 0), day(layout, row, 1)
    if done_on is not None and due_on is None:
        crane = row.get("设备类别代码", "").startswith(("41", "42", "4D"))
        of_kind = {"operator": 48, "licence": 60, "equipment": 24 if crane else 12}
        cycle = row.get("检定周期") or row.get("轮换周期") or of_kind[layout.kind]
        due_on = months_later(done_on, int(cycle))
    in_use = not {"停用", "报废", "注销"} & set(row.values())
    return in_use and due_on is not None and due_on < ON


def weighted(digits: str, alphabet: str, weights: list[int]) -> int:
    return sum(alphabet.index(digit) * w for digit, w in zip(digits, weights, strict=True))


def test_the_census_has_exactly_the_numbers_of_the_article(city: list[DemoFile]) -> None:
    assert counted(city) == CENSUS
    assert sum(CENSUS.values()) - CENSUS["licence"] == 106_544
    assert len(rows_of(city)) == sum(file.rows for file in city)


@pytest.mark.parametrize("factor", [0.01, 0.05])
def test_a_smaller_city_has_its_share_to_the_last_one(tmp_path: Path, factor: float) -> None:
    small = counted(write_city(tmp_path, factor=factor, on=ON))

    assert small == {kind: round(many * factor) for kind, many in CENSUS.items()}


def test_a_city_too_small_for_an_owner_of_everything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="factor is too small"):
        write_city(tmp_path, factor=0.0001)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    once, again, other = (
        [file.path.read_bytes() for file in write_city(tmp_path / name, seed=seed, factor=0.02)]
        for name, seed in (("once", 1), ("again", 1), ("other", 2))
    )

    assert once == again
    assert [one for one in once if one in other] == []


def test_every_code_is_valid_of_a_range_nobody_has_and_there_once(
    enterprises: list[Row],
) -> None:
    codes = [row["统一社会信用代码"] for row in enterprises]
    credit = [pow(3, place, 31) for place in range(17)]
    checks = [
        CREDIT_ALPHABET[-weighted(code[:17], CREDIT_ALPHABET, credit) % 31] for code in codes
    ]
    bodies = [code[8:16] for code in codes]
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rests = [weighted(body, letters, [3, 7, 9, 10, 5, 8, 4, 2]) % 11 for body in bodies]

    assert [code[17] for code in codes] == checks
    assert [code[16] for code in codes] == ["0X987654321"[rest] for rest in rests]
    assert [row["组织机构代码"] for row in enterprises] == [code[8:17] for code in codes]
    assert all(re.fullmatch(r"Y\d{7}", body) for body in bodies)
    assert len(set(codes)) == CENSUS["enterprise"]


def test_every_enterprise_is_named_after_a_herb_and_a_year(enterprises: list[Row]) -> None:
    name = re.compile(f"{PLACE}({'|'.join(words('herbs.txt'))}){SIXTY}.+")
    home = re.compile(rf"{PLACE}({'|'.join(words('streets.txt'))})\d+号")

    assert [row for row in enterprises if not name.fullmatch(row["机构名称"])] == []
    assert [row for row in enterprises if not home.fullmatch(row["住所"])] == []
    assert len({row["机构名称"] for row in enterprises}) == CENSUS["enterprise"]
    assert {row["电子邮箱"].partition("@")[2] for row in enterprises} == {"example.org"}


def test_every_maker_is_named_after_a_lunar_mansion(town: Rows) -> None:
    makers = {row.get("制造单位") or row.get("制造厂") or "不详" for _, row in town}

    assert {maker[:2] for maker in makers - {"不详"}} == set(words("makers.txt"))


def test_certificate_numbers_look_right_and_can_be_nobodys(town: Rows) -> None:
    shown = [row["证件编号"] for _, row in town if row.get("证件编号")]
    weights = [pow(2, 17 - place, 11) for place in range(17)]
    rests = [weighted(number[:17], "0123456789", weights) % 11 for number in shown]

    assert all(
        re.fullmatch(r"99999918(0[1-9]|[12]\d|30)\d{7}[\dX]", number) for number in shown
    )
    assert [number[17] for number in shown] == ["10X98765432"[rest] for rest in rests]
    assert len(set(shown)) == len(shown) > 1_000


def test_everything_belongs_to_an_enterprise_of_the_register(town: Rows) -> None:
    names = {row["统一社会信用代码"]: row["机构名称"] for _, row in town if "机构名称" in row}
    owned = [row for _, row in town if "机构名称" not in row]

    assert [
        row for row in owned if names.get(cell(row, CREDIT_COLUMNS)) != cell(row, OWNER_COLUMNS)
    ] == []


def test_six_areas_and_three_hundred_titanium_makers(enterprises: list[Row]) -> None:
    areas = Counter(row["行政区划"] for row in enterprises)
    titanium = sum(row["行业"] == "钛及钛合金材料" for row in enterprises)

    assert set(areas) == {"610302", "610303", "610304", "610371", "610331", "610329"}
    assert min(areas.values()) > 80
    assert 300 < titanium < 370


def test_six_to_eight_of_a_hundred_are_overdue_and_stand_together(city: list[DemoFile]) -> None:
    things = dated(rows_of(city))
    red = [cell(row, CREDIT_COLUMNS) for layout, row in things if overdue(layout, row)]
    latest_tenth = Counter(red).most_common(CENSUS["enterprise"] // 10)

    assert 0.06 < len(red) / len(things) < 0.08
    assert sum(many for _, many in latest_tenth) > len(red) / 2


def test_dates_are_of_the_past_and_few_are_missing(town: Rows) -> None:
    dates = [(day(layout, row, 0), day(layout, row, 1)) for layout, row in dated(town)]
    done = [done_on for done_on, _ in dates if done_on]
    stated = [due_on for _, due_on in dates if due_on]

    assert max(done) <= ON
    assert 0.97 < len(done) / len(dates) < 1
    assert 0.8 < len(stated) / len(done) < 0.97


def test_a_crane_of_a_rented_hall_has_neither_maker_nor_filing(town: Rows) -> None:
    rented = [row for _, row in town if row.get("产权说明")]
    papers = {(row["制造单位"], row["使用登记证编号"], row["注册代码"]) for row in rented}

    assert papers == {("不详", "无", "")}
    assert 5 < len(rented) < 50


def test_the_duty_rules_know_every_class(town: Rows) -> None:
    rules = (SERVICES / "inspection" / "data" / "duty_rules.csv").read_text(encoding="utf-8")
    known = {
        c for row in csv.DictReader(rules.splitlines()) for c in row["class_codes"].split("|")
    }
    columns = ("设备类别代码", "规程号", "证照类别")
    used = {row[column] for _, row in town for column in columns if column in row}

    assert [c for c in used if not {c, c[:2] + "00", c[:1] + "000"} & known] == []
    assert len(used) > 30


def test_the_sources_write_as_differently_as_sources_do(city: list[DemoFile]) -> None:
    heads = [file.path.read_bytes()[:3] for file in city]

    assert heads.count(b"\xef\xbb\xbf") == 3
    assert heads.count(b"\x1f\x8b\x08") == 2
    assert len({layout.date_format for layout in LAYOUTS.values()}) == 5


def test_the_registry_reads_every_row_and_finds_nothing_odd(tmp_path: Path) -> None:
    census = write_city(tmp_path / "city", factor=0.05, on=ON)
    later = renewals(tmp_path / "later", factor=0.05, on=ON, days=30)
    drafts = [draft for file in census for draft in drafted(file, ON)]
    drafts += [draft for file in later for draft in drafted(file, ON + timedelta(days=30))]

    assert [draft for draft in drafts if draft.errors or draft.findings] == []
    assert len(drafts) == sum(file.rows for file in [*census, *later])


def drafted(file: DemoFile, today: date) -> Iterator[Draft]:
    mapping = read_mapping(file.mapping, today=today)
    with open_table(file.path, mapping.wanted) as table:
        drafting = Drafting(mapping, table.columns, table.places, today=today)
        yield from filter(None, map(drafting.draft, table.rows))


def test_renewals_are_passing_records_of_what_was_overdue(tmp_path: Path, town: Rows) -> None:
    was_overdue = {cell(row, KEY_COLUMNS) for one, row in dated(town) if overdue(one, row)}
    renewed = rows_of(renewals(tmp_path, factor=0.2, on=ON, days=15))
    days = [done_on for layout, row in renewed if (done_on := day(layout, row, 0))]

    assert {cell(row, KEY_COLUMNS) for _, row in renewed} < was_overdue
    assert 0.2 < len(renewed) / len(was_overdue) < 0.7
    assert ON < min(days) < max(days) <= ON + timedelta(days=15)
    assert [row for layout, row in renewed if overdue(layout, row)] == []


def test_a_later_delivery_repeats_the_earlier_one(tmp_path: Path) -> None:
    early, late = (
        {tuple(row.values()) for _, row in rows_of(renewals(tmp_path, factor=0.05, days=days))}
        for days in (10, 40)
    )

    assert early < late
