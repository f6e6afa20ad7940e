"""Run the migrations on the connection that `iracing-sync db` hands over, or on IRACING_DATABASE_URL."""

from alembic import context

from iracing_sync.comments import write_comments
from iracing_sync.database import connect
from iracing_sync.tables.mirrored import METADATA

config = context.config


def migrate(connection, schema):
    connection.dialect.default_schema_name = schema
    context.configure(connection=connection, target_metadata=METADATA, compare_server_default=False)
    with context.begin_transaction():
        context.run_migrations()
        write_comments(connection, schema)


if (given := config.attributes.get("connection")) is not None:
    migrate(given, config.attributes["schema"])
else:
    from iracing_sync.settings import load_settings

    settings = load_settings()
    with connect(settings.database_url, settings.schema_name).begin() as own:
        migrate(own, settings.schema_name)
