"""What the registry does: it takes files in."""

from services.registry.handlers.importing import Import, import_file
from services.registry.handlers.jobs import forget_files, work_off
from services.registry.handlers.stating import take_statements

__all__ = ["Import", "forget_files", "import_file", "take_statements", "work_off"]
