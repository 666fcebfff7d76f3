"""Files that wait are sealed. Those that were kept in the clear before are not kept on."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_UNREAD = "升级后文件改为加密保存,升级前提交而未导入的文件已删除,请重新提交;什么也没有写入"


def upgrade() -> None:
    """No key is at hand here to seal them with; what had not been done says so."""
    op.execute("DELETE FROM import_part")
    op.execute("UPDATE import_job SET parts_kept = false")
    ended = sa.text(
        "UPDATE import_job SET state = 'failed', code = 'file_forgotten', detail = :detail, "
        "finished_at = asked_at WHERE state IN ('waiting', 'running')"
    )
    op.execute(ended.bindparams(detail=_UNREAD))
