"""Which source system delivers which table, and how it writes it.

The systems are of different age: some write GB18030, some UTF-8 with a mark, one a semicolon,
two gzip; each has its own words for the same thing and its own way of writing a day.
"""

from dataclasses import dataclass

_OWNER = ("使用单位名称", "统一社会信用代码", "区划")
_DEVICE = (
    "档案编号", "注册代码", "设备类别代码", "设备名称", "内部编号", "型号", "出厂编号",
    "制造单位", "使用登记证编号", "安装告知书编号", "设备地点", "产权说明", "投用日期", "设备状态",
    "技术条件",
    *_OWNER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. `dated`: the headings of its last columns: last and next time, then the last
    time of a second duty, every `second_months`, and of maintenance.
    """

    name: str
    kind: str
    heading: tuple[str, ...]
    dated: tuple[str, ...] = ()
    second_months: int = 12
    encoding: str = "gb18030"
    delimiter: str = ","
    date_format: str = "%Y-%m-%d"
    packed: bool = False

    @property
    def file(self) -> str:
        """Its name in a delivery."""
        return f"{self.name}.csv.gz" if self.packed else f"{self.name}.csv"


_ALL = (
    Layout(
        name="codes_enterprises",
        kind="enterprise",
        heading=(
            "统一社会信用代码", "组织机构代码", "机构名称", "机构类型", "行业", "行政区划",
            "住所", "成立日期", "登记状态", "电子邮箱", "监管责任人", "曾用名",
        ),
    ),
    Layout(
        name="quality_products",
        kind="product",
        heading=(
            "产品编号", "产品名称", "规格型号", "执行标准", "生产企业", "统一社会信用代码",
            "所在区县",
        ),
        encoding="utf-8-sig",
    ),
    Layout(
        name="fibre_products",
        kind="product",
        heading=(
            "样品档案号", "纤维制品名称", "品种", "标准号", "生产单位", "统一社会信用代码",
            "所在区县",
        ),
    ),
    Layout(
        name="quality_licences",
        kind="licence",
        heading=(
            "许可证编号", "证照类别", "产品名称", "证照状态", "企业名称", "统一社会信用代码",
            "所在区县",
        ),
        dated=("发证日期", "有效期至"),
        encoding="utf-8-sig",
        date_format="%Y年%m月%d日",
    ),
    Layout(
        name="special_equipment",
        kind="equipment",
        heading=_DEVICE,
        dated=("上次检验日期", "下次检验日期"),
        packed=True,
    ),
    Layout(
        name="special_boilers",
        kind="equipment",
        heading=_DEVICE,
        dated=("上次外部检验日期", "下次外部检验日期", "内部检验日期"),
        second_months=24,
    ),
    Layout(
        name="special_vessels",
        kind="equipment",
        heading=_DEVICE,
        dated=("上次检验日期", "下次检验日期", "年度检查日期"),
    ),
    Layout(
        name="special_elevators",
        kind="equipment",
        heading=_DEVICE,
        dated=("上次检验日期", "下次检验日期", "自行检测日期", "维护保养日期"),
    ),
    Layout(
        name="special_safety_valves",
        kind="equipment",
        heading=_DEVICE,
        dated=("校验日期", "下次校验日期"),
        date_format="%Y.%m.%d",
    ),
    Layout(
        name="special_operators",
        kind="operator",
        heading=(
            "档案编号", "姓名", "证件编号", "作业项目代码", "作业项目", "证书状态",
            "首次领证日期", "用人单位", "用人单位代码", "区划",
        ),
        dated=("批准日期", "有效日期"),
        delimiter=";",
    ),
    Layout(
        name="metrology_instruments",
        kind="instrument",
        heading=(
            "器具编号", "规程号", "器具名称", "型号规格", "准确度", "出厂编号", "制造厂",
            "安装地点", "启用日期", "器具状态", "检定周期", "单位名称", "信用代码", "区县",
        ),
        dated=("检定日期", "有效期至"),
        encoding="utf-8-sig",
        date_format="%Y/%m/%d",
        packed=True,
    ),
    Layout(
        name="metrology_meters",
        kind="instrument",
        heading=(
            "表号", "规程号", "表名称", "型号规格", "口径", "介质", "制造厂", "安装地点",
            "表状态", "轮换周期", "供应单位", "信用代码", "区县",
        ),
        dated=("安装日期", "轮换日期"),
        encoding="utf-8-sig",
        date_format="%Y%m%d",
    ),
)  # fmt: skip

LAYOUTS = {layout.name: layout for layout in _ALL}
"""By name, in the order in which they are best imported: enterprises first."""
