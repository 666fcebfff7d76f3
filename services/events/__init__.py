"""THE CONTRACT: every event that crosses a service boundary, declared once.

One module for each announcing service. Announcers and hearers import the same
class; docs/events/ holds the same contract as JSON Schema, with one kept example
each, for programs in any language.
"""

from services.events import credit, inspection, notify, registry, source

__all__ = ["credit", "inspection", "notify", "registry", "source"]
