"""Taking services out as files and in again: one file, or the catalogue Neike ships."""

from neike.catalog.exchange.files import draft, export_service, import_service
from neike.catalog.exchange.seed import load_seed, seed_files

__all__ = ["draft", "export_service", "import_service", "load_seed", "seed_files"]
