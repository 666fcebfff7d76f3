"""What the registry does: it takes files in."""

from services.registry.handlers.importing import Import, import_file

__all__ = ["Import", "import_file"]
