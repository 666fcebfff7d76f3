"""What the registry does: it takes files in."""

from services.registry.handlers.importing import Import, import_file
from services.registry.handlers.jobs import forget_files, work_off

__all__ = ["Import", "forget_files", "import_file", "work_off"]
