"""演示城市 — an invented city, as its five source systems would deliver it.

Gives    `write_city`: the census as files, each with the mapping for the registry;
         `renewals`: what the sources deliver some days later, for part of what was overdue
Invents  every enterprise, person and number; README.md says by what one sees it
"""

from services.demo.city import renewals, write_city
from services.demo.files import DemoFile

__all__ = ["DemoFile", "renewals", "write_city"]
